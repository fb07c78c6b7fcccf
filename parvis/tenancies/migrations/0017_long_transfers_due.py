from django.db import migrations

# The landlords of long transfers are few: the worker compares theirs, newest first.
DUE = """
UPDATE tenancies_transfer SET is_comparison_due = true
WHERE landlord_id IN (SELECT landlord_id FROM tenancies_transfer WHERE tenancies > 1000)
"""


class Migration(migrations.Migration):
    dependencies = [("tenancies", "0016_transfers_compared_index")]
    operations = [migrations.RunSQL(DUE, "UPDATE tenancies_transfer SET is_comparison_due = false WHERE is_comparison_due")]
