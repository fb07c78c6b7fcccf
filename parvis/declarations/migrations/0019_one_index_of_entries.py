from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    """The index by group holds each group in the order of names: all of them, or the open ones, are merged from it."""

    dependencies = [("declarations", "0018_blocks_of_lines")]
    operations = [
        migrations.RemoveIndex("campaignentry", "campaign_entry_open"),
        migrations.RemoveIndex("campaignentry", "campaign_entry_all"),
    ]
