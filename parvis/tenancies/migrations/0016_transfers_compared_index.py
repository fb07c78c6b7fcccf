from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("tenancies", "0015_transfers_compared")]

    operations = [
        # What a try that was refused a lock left behind is invalid.
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS transfer_long", migrations.RunSQL.noop),
        AddIndexConcurrently(
            "transfer", models.Index(fields=["landlord"], name="transfer_long", condition=models.Q(tenancies__gt=1_000))
        ),
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS transfer_comparison_due", migrations.RunSQL.noop),
        AddIndexConcurrently(
            "transfer",
            models.Index(
                fields=["paid_on", "reference"], name="transfer_comparison_due", condition=models.Q(is_comparison_due=True)
            ),
        ),
    ]
