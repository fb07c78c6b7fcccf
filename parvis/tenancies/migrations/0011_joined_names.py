"""Names of several words (D’Almeida, de La Tour) are found written in one: « dalmeida », « delatour »."""

from __future__ import annotations

from django.db import migrations

_MAKE = """
CREATE INDEX tenancy_by_joined_name ON tenancies_tenancy (landlord_id, replace(sort_name, ' ', ''))
WHERE translate(last_name, ' ''’-', '') <> last_name
"""


class Migration(migrations.Migration):
    """A partial index: few names have several words, so that it is small and no search reads the others."""

    dependencies = [("tenancies", "0010_payments_told")]
    operations = [migrations.RunSQL(_MAKE, "DROP INDEX tenancy_by_joined_name")]
