"""When a credential was last used is read off an index, whatever the number of its accounts."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies: ClassVar = [("identity", "0020_who_published")]
    operations: ClassVar = [
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS account_signed_in", migrations.RunSQL.noop),
        AddIndexConcurrently(
            "account",
            models.Index(
                fields=["credential", "last_signed_in_at"],
                name="account_signed_in",
                condition=models.Q(last_signed_in_at__isnull=False),
            ),
        ),
    ]
