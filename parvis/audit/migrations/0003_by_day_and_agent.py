"""The journal is searched by day and by agent: a small index of its own for each."""

from __future__ import annotations

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Add both without stopping the writes."""

    atomic = False
    dependencies = [("audit", "0002_append_only")]
    operations = [
        AddIndexConcurrently(
            "entry", django.contrib.postgres.indexes.BrinIndex(fields=["at"], name="audit_by_day", pages_per_range=32)
        ),
        AddIndexConcurrently(
            "entry",
            models.Index(
                fields=["actor_label", "-id"], name="audit_agent", condition=models.Q(actor_kind="agent")
            ),
        ),
    ]
