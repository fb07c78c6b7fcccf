"""Which of hundreds of accounts may declare is read off an index."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies: ClassVar = [("landlords", "0017_secrets_bound_to_rows")]
    operations: ClassVar = [
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS habilitation_declares", migrations.RunSQL.noop),
        AddIndexConcurrently(
            "habilitation",
            models.Index(
                fields=["account"],
                include=["ended_at"],
                name="habilitation_declares",
                condition=models.Q(right="declare"),
            ),
        ),
    ]
