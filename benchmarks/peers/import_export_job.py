"""django-import-export, tuned, on one file of rents: read, dry run with its report, then the import; run by its own interpreter.

Tuned as its manual says: instances loaded once, bulk statements, no diffs, no reports of skipped rows, amounts read by a widget.
``column`` writes one column of one table of the same database. ``drafts`` does more of what we do: it writes drafts, as new
rows of the table of declarations, and the state of the entries. Warnings, conflicts and counts are asked of neither.
"""

from __future__ import annotations

import os
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

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


def _column() -> Any:
    from django.db import models
    from import_export import fields, resources  # type: ignore[import-untyped]

    from benchmarks.peers.import_export_drafts import Amount, Tuned

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
        key = fields.Field(attribute="key", column_name="Clé (ne pas modifier)")
        rent = fields.Field(attribute="rent", column_name="Loyer juillet 2026", widget=Amount())

        class Meta(Tuned):
            model = Rent
            import_id_fields = ("key",)
            fields = ("key", "rent")

    return Rents()


def main() -> None:
    """Prepare, or do the job and print its seconds; ``nothing`` is to start and to end."""
    _settings()
    from django.db import connection

    if sys.argv[1] == "prepare":
        with connection.cursor() as cursor:
            cursor.execute(TABLE)
        return
    import tablib  # type: ignore[import-not-found]

    if sys.argv[1] == "nothing":
        _column()
        print(0.0)
        return
    path = Path(sys.argv[2])
    began = time.perf_counter()
    if path.suffix == ".csv":
        sent = tablib.Dataset().load(path.read_text(encoding="utf-8-sig"), format="csv", delimiter=";")
    else:
        sent = tablib.Dataset().load(path.read_bytes(), format="xlsx")
    resource = import_module("benchmarks.peers.import_export_drafts").Drafts() if sys.argv[1] == "drafts" else _column()
    tried = resource.import_data(sent, dry_run=True, raise_errors=False)
    assert not tried.has_errors(), tried.row_errors()[:1]
    done = resource.import_data(sent, dry_run=False, raise_errors=True)
    assert done.total_rows == len(sent)
    print(time.perf_counter() - began)


if __name__ == "__main__":
    main()
