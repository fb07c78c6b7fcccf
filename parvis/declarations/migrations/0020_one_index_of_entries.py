from __future__ import annotations

from django.db import migrations

# After a long file a landlord's pages would step over all that the index still holds of the old states: a hundredth of the table,
# not a fifth, is enough for it to be cleaned.
CLEANED_SOONER = "ALTER TABLE declarations_campaignentry SET (autovacuum_vacuum_scale_factor = 0.01)"
AS_USUAL = "ALTER TABLE declarations_campaignentry RESET (autovacuum_vacuum_scale_factor)"


class Migration(migrations.Migration):
    """The index by group holds each group in the order of names: all of them, or the open ones, are merged from it."""

    dependencies = [("declarations", "0019_days_of_effect")]
    operations = [
        migrations.RemoveIndex("campaignentry", "campaign_entry_open"),
        migrations.RemoveIndex("campaignentry", "campaign_entry_all"),
        migrations.RunSQL(CLEANED_SOONER, AS_USUAL),
    ]
