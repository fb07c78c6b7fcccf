from django.db import migrations

# A claimant who changed numbers is found by the former one too, whoever the landlord (selectors.claimants).
INDEX = """
CREATE INDEX CONCURRENTLY tenancy_by_former_number ON tenancies_tenancy (former_claimant_number, caf_code)
WHERE former_claimant_number <> ''
"""


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("tenancies", "0012_who_left")]
    operations = [migrations.RunSQL(INDEX, "DROP INDEX CONCURRENTLY tenancy_by_former_number")]
