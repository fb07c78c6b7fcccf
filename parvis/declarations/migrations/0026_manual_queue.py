"""What waits for an officer is found without reading the rest."""

from __future__ import annotations

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the index without stopping the writes."""

    atomic = False
    dependencies = [
        ("declarations", "0025_whose_rent_is_asked"),
        ("identity", "0012_account_sort_name"),
        ("landlords", "0008_accounts_by_name"),
        ("tenancies", "0012_who_left"),
    ]
    operations = [
        AddIndexConcurrently(
            "declaration",
            models.Index(
                fields=["submitted_at", "opaque"], name="declaration_manual", condition=models.Q(state="manual")
            ),
        )
    ]
