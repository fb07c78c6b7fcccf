from __future__ import annotations

from django.db import migrations, models
from django.db.models import Q

_OF_JULY = Q(kind__in=["july_rent", "previous_july_rent"])
_DEAD = Q(state__in=["rejected", "corrected", "abandoned"])
_WITH_THE_OFFICE = Q(state__in=["submitted", "sent", "manual"])
_RENT = ["tenancy", "kind", "year"]
BEFORE = {
    "declaration_one_live_july_rent": (_RENT, _OF_JULY & ~_DEAD),
    "declaration_corrected_once": (["corrects"], Q(corrects__isnull=False) & ~Q(state__in=["rejected", "abandoned"])),
}
AFTER = {
    "declaration_one_july_rent_standing": (_RENT, _OF_JULY & ~_DEAD & Q(revises=False)),
    "declaration_one_revision_of_a_july": (_RENT, _OF_JULY & _WITH_THE_OFFICE & Q(revises=True)),
    "declaration_replaced_once": (
        ["corrects"],
        Q(corrects__isnull=False) & ~Q(state__in=["rejected", "abandoned"]) & ~Q(revises=True, state="corrected"),
    ),
}
_JULY = "kind IN ('july_rent', 'previous_july_rent')"
_RENT_COLUMNS = "(tenancy_id, kind, year)"
_LIVE = f"{_JULY} AND NOT (state IN ('rejected', 'corrected', 'abandoned'))"
_CORRECTS = "corrects_id IS NOT NULL AND NOT (state IN ('rejected', 'abandoned'))"
SQL = {
    "declaration_one_live_july_rent": (_RENT_COLUMNS, _LIVE),
    "declaration_corrected_once": ("(corrects_id)", _CORRECTS),
    "declaration_one_july_rent_standing": (_RENT_COLUMNS, f"{_LIVE} AND NOT revises"),
    "declaration_one_revision_of_a_july": (
        _RENT_COLUMNS,
        f"{_JULY} AND state IN ('submitted', 'sent', 'manual') AND revises",
    ),
    "declaration_replaced_once": ("(corrects_id)", f"{_CORRECTS} AND NOT (revises AND state = 'corrected')"),
}


def _made(name: str) -> list[str]:
    columns, condition = SQL[name]
    # What a try that was refused a lock left behind is invalid.
    return [
        _dropped(name),
        f"CREATE UNIQUE INDEX CONCURRENTLY {name} ON declarations_declaration {columns} WHERE {condition}",
    ]


def _dropped(name: str) -> str:
    return f"DROP INDEX CONCURRENTLY IF EXISTS {name}"


class Migration(migrations.Migration):
    """What only asks to correct a July that the office took in stands beside it: the uniqueness leaves it out.

    The new indexes are made before the former are dropped, so that nothing is written twice meanwhile. Going back, what is
    asked and not decided has no place any more: the former index is then not made, and the migration says which is twice.
    """

    atomic = False
    dependencies = [("declarations", "0031_revises")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                *(migrations.RunSQL(_made(name), _dropped(name)) for name in AFTER),
                *(migrations.RunSQL(_dropped(name), _made(name)) for name in BEFORE),
            ],
            state_operations=[
                *(migrations.RemoveConstraint("declaration", name) for name in BEFORE),
                *(
                    migrations.AddConstraint(
                        "declaration", models.UniqueConstraint(fields=fields, name=name, condition=condition)
                    )
                    for name, (fields, condition) in AFTER.items()
                ),
            ],
        )
    ]
