"""What django-import-export writes when it is asked for drafts: new rows, where our declarations are. Imported once Django stands.

Tenancies are found by one statement before the first line, instances made in bulk, the states of the entries set by one statement.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import connection, models
from django.utils import timezone
from import_export import fields, instance_loaders, resources, widgets  # type: ignore[import-untyped]

BATCH = 5_000
KEY, RENT = "Clé (ne pas modifier)", "Loyer juillet 2026"
DEFAULTS: dict[str, Any] = {
    "kind": "july_rent", "year": 2026, "state": "draft", "channel": "file", "warnings": [], "confirmed": [],
    "confirmed_reason": "", "rule": "", "reason_code": "",
}  # fmt: skip
KNOWN = """
SELECT e.year || '-' || t.reference, t.id, t.landlord_id, a.id, t.furnished, t.lease_holders
FROM declarations_campaignentry e JOIN tenancies_tenancy t ON t.id = e.tenancy_id
JOIN identity_account a ON a.partner_id = t.landlord_id WHERE e.year = 2026
"""
STATES = "UPDATE declarations_campaignentry SET state = 'drafted' WHERE year = 2026 AND tenancy_id = ANY(%s)"


class Amount(widgets.Widget):  # type: ignore[misc]
    """A French amount."""

    def clean(self, value: Any, row: Any = None, **options: Any) -> Decimal | None:
        """Its euros, or None where nothing is written."""
        del row, options
        text = str(value or "").strip().replace(",", ".")
        return Decimal(text) if text else None


class Draft(models.Model):
    """The columns of ``declarations_declaration`` that a draft fills."""

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


class Tuned:
    """What its manual says to set for large files: the same for both jobs."""

    instance_loader_class = instance_loaders.CachedInstanceLoader
    use_bulk = True
    batch_size = BATCH
    skip_diff = True
    skip_unchanged = False
    report_skipped = False
    use_transactions = True


class Drafts(resources.ModelResource):  # type: ignore[misc]
    """One draft a line, by its tenancy; those of an earlier import are replaced."""

    tenancy_id = fields.Field(attribute="tenancy_id", column_name="tenancy")
    rent = fields.Field(column_name=RENT, widget=Amount())

    class Meta(Tuned):
        model = Draft
        import_id_fields = ("tenancy_id",)
        fields = ("tenancy_id", "rent")

    def get_queryset(self) -> Any:
        """The drafts there are."""
        return models.QuerySet(Draft).filter(kind="july_rent", year=2026, state="draft")

    def before_import(self, dataset: Any, **options: Any) -> None:
        """Find the tenancies of the keys."""
        del options
        with connection.cursor() as cursor:
            cursor.execute(KNOWN)
            self.known = {row[0]: row[1:] for row in cursor.fetchall()}
        dataset.append_col(lambda row: self.known[row[0]][0], header="tenancy")

    def before_save_instance(self, instance: Any, row: Any, **options: Any) -> None:
        """Fill what the line does not say."""
        del options
        _, landlord, account, furnished, holders = self.known[row[KEY]]
        amount = Amount().clean(row[RENT]) or Decimal()
        instance.landlord_id, instance.account_id, instance.typed = landlord, account, str(row[RENT])
        instance.details = {
            "year": 2026, "rent_cents": int(amount * 100), "charges_cents": None, "furnished": furnished, "lease_holders": holders,
        }  # fmt: skip
        instance.saved_at = timezone.now()
        for name, value in DEFAULTS.items():
            setattr(instance, name, value)

    def after_import(self, dataset: Any, result: Any, **options: Any) -> None:
        """The entries are drafted."""
        del result, options
        with connection.cursor() as cursor:
            cursor.execute(STATES, [[int(tenancy) for tenancy in dataset["tenancy"]]])
