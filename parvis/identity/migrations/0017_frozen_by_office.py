"""Who froze a credential stands on it: the journal, where it was read, is purged."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("identity", "0016_last_try")]

    operations = [
        migrations.AddField("credential", "frozen_by_office", models.BooleanField(db_default=False, default=False)),
    ]
