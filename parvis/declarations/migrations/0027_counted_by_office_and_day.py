from django.contrib.postgres.indexes import BrinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """The receipts of the last days, and the landlords of an office, are found without a look at all of them."""

    atomic = False
    dependencies = [("declarations", "0026_manual_queue")]
    operations = [
        AddIndexConcurrently(
            model_name="campaignofficecount",
            index=models.Index(fields=["year", "caf_code", "landlord"], name="campaign_count_by_office"),
        ),
        AddIndexConcurrently(model_name="receipt", index=BrinIndex(fields=["at"], name="receipt_by_moment")),
    ]
