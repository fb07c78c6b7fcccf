from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("tenancies", "0015_transfers_compared")]

    operations = [
        AddIndexConcurrently(
            "transfer", models.Index(fields=["landlord"], name="transfer_long", condition=models.Q(tenancies__gt=1_000))
        ),
        AddIndexConcurrently(
            "transfer",
            models.Index(
                fields=["paid_on", "reference"], name="transfer_comparison_due", condition=models.Q(is_comparison_due=True)
            ),
        ),
    ]
