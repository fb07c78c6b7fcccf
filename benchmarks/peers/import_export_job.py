"""django-import-export, tuned, on one file of rents: read, dry run with its report, then the import; run by its own interpreter.

Tuned as its manual says: instances loaded once, bulk statements, no diffs, no reports of skipped rows, amounts read by a widget.
``column`` writes one column of one table of the same database. ``drafts`` does more of what we do: it writes drafts where we
write them, with the same indexes and triggers, and the state of the entries. Warnings, conflicts and counts are asked of neither.
"""

from __future__ import annotations

import os
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

BATCH = 5_000
KEY, RENT = "Clé (ne pas modifier)", "Loyer juillet 2026"
TABLE = """
DROP TABLE IF EXISTS peer_rent;
CREATE TABLE peer_rent (key text PRIMARY KEY, tenant text NOT NULL, last_cents int, rent numeric(10, 2), typed text);
INSERT INTO peer_rent (key, tenant, last_cents)
SELECT e.year || '-' || t.reference, t.last_name, e.last_july_cents
FROM declarations_campaignentry e JOIN tenancies_tenancy t ON t.id = e.tenancy_id
"""


def _settings() -> None:
    import django
    from django.conf import settings

    url = urlsplit(os.environ["DATABASE_URL"])
    database = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": url.path.lstrip("/"),
        "USER": url.username or "",
        "PASSWORD": url.password or "",
        "HOST": url.hostname or parse_qs(url.query).get("host", [""])[0],
        "PORT": url.port or "",
    }
    settings.configure(
        DATABASES={"default": database},
        INSTALLED_APPS=["import_export"],
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    )
    django.setup()


def _amount() -> Any:
    from import_export import widgets  # type: ignore[import-untyped]

    class Amount(widgets.Widget):  # type: ignore[misc]
        def clean(self, value: Any, row: Any = None, **options: Any) -> Decimal | None:
            del row, options
            text = str(value or "").strip().replace(",", ".")
            return Decimal(text) if text else None

    return Amount()


def _column() -> Any:
    from django.db import models
    from import_export import fields, instance_loaders, resources

    class Rent(models.Model):
        key = models.TextField(primary_key=True)
        tenant = models.TextField()
        last_cents = models.IntegerField(null=True)
        rent = models.DecimalField(max_digits=10, decimal_places=2, null=True)
        typed = models.TextField(null=True)

        class Meta:
            app_label = "peer"
            db_table = "peer_rent"
            managed = False

    class Rents(resources.ModelResource):  # type: ignore[misc]
        key = fields.Field(attribute="key", column_name=KEY)
        rent = fields.Field(attribute="rent", column_name=RENT, widget=_amount())

        class Meta:
            model = Rent
            import_id_fields = ("key",)
            fields = ("key", "rent")
            instance_loader_class = instance_loaders.CachedInstanceLoader
            use_bulk = True
            batch_size = BATCH
            skip_diff = True
            skip_unchanged = False
            report_skipped = False
            use_transactions = True

    return Rents()


_DEFAULTS: dict[str, Any] = {
    "kind": "july_rent", "year": 2026, "state": "draft", "channel": "file", "warnings": [], "confirmed": [],
    "confirmed_reason": "", "rule": "", "reason_code": "",
}  # fmt: skip


def _drafts() -> Any:
    from django.db import connection, models
    from django.utils import timezone
    from import_export import fields, instance_loaders, resources

    class Draft(models.Model):
        id = models.BigAutoField(primary_key=True)
        tenancy_id = models.BigIntegerField()
        landlord_id = models.UUIDField()
        account_id = models.BigIntegerField()
        kind = models.TextField()
        year = models.IntegerField()
        state = models.TextField()
        channel = models.TextField()
        details = models.JSONField()
        typed = models.TextField()
        warnings = models.JSONField()
        confirmed = models.JSONField()
        confirmed_reason = models.TextField()
        rule = models.TextField()
        reason_code = models.TextField()
        saved_at = models.DateTimeField()

        class Meta:
            app_label = "peer"
            db_table = "declarations_declaration"
            managed = False

    class Drafts(resources.ModelResource):  # type: ignore[misc]
        tenancy_id = fields.Field(attribute="tenancy_id", column_name="tenancy")
        rent = fields.Field(column_name=RENT, widget=_amount())

        class Meta:
            model = Draft
            import_id_fields = ("tenancy_id",)
            fields = ("tenancy_id", "rent")
            instance_loader_class = instance_loaders.CachedInstanceLoader
            use_bulk = True
            batch_size = BATCH
            skip_diff = True
            skip_unchanged = False
            report_skipped = False
            use_transactions = True

        def get_queryset(self) -> Any:
            return models.QuerySet(Draft).filter(kind="july_rent", year=2026, state="draft")

        def before_import(self, dataset: Any, **options: Any) -> None:
            del options
            with connection.cursor() as cursor:
                cursor.execute(_KNOWN)
                self.known = {row[0]: row[1:] for row in cursor.fetchall()}
            dataset.append_col(lambda row: self.known[row[0]][0], header="tenancy")

        def before_save_instance(self, instance: Any, row: Any, **options: Any) -> None:
            del options
            _, landlord, account, furnished, holders = self.known[row[KEY]]
            amount = _amount().clean(row[RENT])
            instance.landlord_id, instance.account_id, instance.typed = landlord, account, str(row[RENT])
            instance.details = {
                "year": 2026, "rent_cents": int(amount * 100), "charges_cents": None, "furnished": furnished, "lease_holders": holders,
            }  # fmt: skip
            instance.saved_at = timezone.now()
            for name, value in _DEFAULTS.items():
                setattr(instance, name, value)

        def after_import(self, dataset: Any, result: Any, **options: Any) -> None:
            del result, options
            with connection.cursor() as cursor:
                cursor.execute(_STATES, [[int(tenancy) for tenancy in dataset["tenancy"]]])

    return Drafts()


_KNOWN = """
SELECT e.year || '-' || t.reference, t.id, t.landlord_id, a.id, t.furnished, t.lease_holders
FROM declarations_campaignentry e JOIN tenancies_tenancy t ON t.id = e.tenancy_id
JOIN identity_account a ON a.partner_id = t.landlord_id WHERE e.year = 2026
"""
_STATES = "UPDATE declarations_campaignentry SET state = 'drafted' WHERE year = 2026 AND tenancy_id = ANY(%s)"


def main() -> None:
    """Prepare, or do the job and print its seconds."""
    _settings()
    from django.db import connection

    if sys.argv[1] == "prepare":
        with connection.cursor() as cursor:
            cursor.execute(TABLE)
        return
    import tablib  # type: ignore[import-not-found]

    path = Path(sys.argv[2])
    began = time.perf_counter()
    if path.suffix == ".csv":
        sent = tablib.Dataset().load(path.read_text(encoding="utf-8-sig"), format="csv", delimiter=";")
    else:
        sent = tablib.Dataset().load(path.read_bytes(), format="xlsx")
    resource = _drafts() if sys.argv[1] == "drafts" else _column()
    tried = resource.import_data(sent, dry_run=True, raise_errors=False)
    assert not tried.has_errors(), tried.row_errors()[:1]
    done = resource.import_data(sent, dry_run=False, raise_errors=True)
    assert done.total_rows == len(sent)
    print(time.perf_counter() - began)


if __name__ == "__main__":
    main()
