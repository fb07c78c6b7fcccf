from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """The few that did not leave, and the few that came back, are found among millions."""

    atomic = False
    dependencies = [("correspondence", "0006_mails_that_bounced")]
    operations = [
        AddIndexConcurrently(
            "message", models.Index(fields=["due_at", "id"], name="message_failed", condition=models.Q(state="failed"))
        ),
        AddIndexConcurrently(
            "message",
            models.Index(fields=["bounced_at", "id"], name="message_bounced", condition=models.Q(state="bounced")),
        ),
    ]
