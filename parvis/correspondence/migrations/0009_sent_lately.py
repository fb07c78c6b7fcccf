"""What left in a day is counted by a small index of blocks."""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    """Add it without stopping the writes."""

    atomic = False
    dependencies = [("correspondence", "0008_rows_that_bounced")]
    operations = [
        # What a try that was refused a lock left behind is invalid.
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS message_sent_lately", migrations.RunSQL.noop),
        AddIndexConcurrently("message", BrinIndex(fields=["sent_at"], name="message_sent_lately")),
    ]
