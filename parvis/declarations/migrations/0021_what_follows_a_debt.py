from __future__ import annotations

from django.db import migrations, models
from django.db.models import Q

UNDECIDED = Q(state__in=["submitted", "sent", "manual"])
FOLLOWS = Q(details__has_key="stage")


class Migration(migrations.Migration):
    dependencies = [("declarations", "0020_one_index_of_entries")]
    operations = [
        migrations.RemoveConstraint("declaration", "declaration_one_with_the_office_per_kind"),
        migrations.AddConstraint(
            "declaration",
            models.UniqueConstraint(
                fields=["tenancy", "landlord", "kind"],
                name="declaration_one_with_the_office_per_kind",
                condition=UNDECIDED
                & ~Q(kind__in=["july_rent", "previous_july_rent"])
                & ~FOLLOWS
                & ~Q(details__has_key="withdrawn"),
            ),
        ),
        migrations.AddConstraint(
            "declaration",
            models.UniqueConstraint(
                fields=["tenancy", "landlord", "kind"],
                name="declaration_one_that_follows_with_the_office",
                condition=UNDECIDED & FOLLOWS,
            ),
        ),
    ]
