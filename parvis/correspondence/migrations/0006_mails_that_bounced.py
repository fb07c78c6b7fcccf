"""A mail that came back is no more a message that did not leave."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The column and the state; the rows are moved by 0008, once an index finds them."""

    dependencies = [("correspondence", "0005_letters_to_batch")]

    operations = [
        migrations.AddField("message", "bounced_at", models.DateTimeField(null=True)),
        migrations.AlterField(
            "message",
            "state",
            models.CharField(
                choices=[
                    ("due", "À envoyer"),
                    ("sent", "Envoyé"),
                    ("cancelled", "Annulé"),
                    ("failed", "En échec"),
                    ("bounced", "Revenu"),
                ],
                default="due",
                max_length=10,
            ),
        ),
    ]
