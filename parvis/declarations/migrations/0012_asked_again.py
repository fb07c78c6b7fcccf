from django.db import migrations, models


class Migration(migrations.Migration):
    """Declarations their landlord is asked about again; deaths are found by their tenancy."""

    dependencies = [("declarations", "0011_campaign_reminders")]
    operations = [
        migrations.AddField("declaration", "remind_on", models.DateField(null=True)),
        migrations.AddField("declaration", "reminded_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "declaration",
            models.Index(
                fields=["landlord", "remind_on"],
                name="declaration_asked_again",
                condition=models.Q(remind_on__isnull=False),
            ),
        ),
        migrations.AddIndex(
            "declaration",
            models.Index(fields=["tenancy"], name="declaration_of_death", condition=models.Q(kind="death")),
        ),
    ]
