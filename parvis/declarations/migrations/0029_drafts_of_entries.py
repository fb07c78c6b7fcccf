from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

DO_NOTHING = django.db.models.deletion.DO_NOTHING
# Empty where there is no draft: added to a large table, none of them costs more than a word in its catalogue.
FIELDS = {
    "draft_typed": models.CharField(max_length=60, null=True),
    "draft_cents": models.IntegerField(null=True),
    "draft_furnished": models.BooleanField(null=True),
    "draft_lease_holders": models.PositiveSmallIntegerField(null=True),
    "draft_warnings": models.JSONField(null=True),
    "draft_confirmed": models.JSONField(null=True),
    "draft_reason": models.CharField(max_length=200, null=True),
    "draft_channel": models.CharField(max_length=8, null=True),
    "draft_account": models.ForeignKey(
        "identity.account", DO_NOTHING, null=True, related_name="+", db_constraint=False, db_index=False
    ),
    "draft_saved_at": models.DateTimeField(null=True),
}


class Migration(migrations.Migration):
    """A line of a campaign holds what was typed and not sent (decision 0021)."""

    dependencies = [("declarations", "0028_waves_by_rank"), ("identity", "0014_found_by_agents")]
    operations = [migrations.AddField("campaignentry", name, field) for name, field in FIELDS.items()]
