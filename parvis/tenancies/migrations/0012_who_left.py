from __future__ import annotations

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Who left is counted without a look at the tenancies themselves."""

    atomic = False
    dependencies = [("tenancies", "0011_joined_names")]
    operations = [
        AddIndexConcurrently(
            model_name="tenancy",
            index=models.Index(
                condition=models.Q(("end_on__isnull", False), ("absent_since__isnull", False), _connector="OR"),
                fields=["landlord", "id"],
                include=["caf_code", "end_on", "absent_since"],
                name="tenancy_ended",
            ),
        ),
    ]
