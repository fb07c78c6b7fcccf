from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """What asks the office to correct what it took in says so."""

    dependencies = [("declarations", "0030_move_drafts")]
    operations = [
        migrations.AddField("declaration", "revises", models.BooleanField(default=False, db_default=False)),
    ]
