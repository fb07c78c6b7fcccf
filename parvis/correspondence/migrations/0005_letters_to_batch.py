from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """The letters that wait for a batch, and those of a batch, are found without a look at every message."""

    atomic = False
    dependencies = [("correspondence", "0004_batches_and_returns")]
    operations = [
        AddIndexConcurrently(
            model_name="message",
            index=models.Index(
                fields=["id"],
                name="message_to_batch",
                condition=models.Q(channel="letter", state="sent", batch__isnull=True),
            ),
        ),
        AddIndexConcurrently(
            model_name="message",
            index=models.Index(
                fields=["batch", "id"], name="message_in_batch", condition=models.Q(batch__isnull=False)
            ),
        ),
    ]
