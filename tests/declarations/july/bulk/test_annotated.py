"""One account's file annotated: what was found stands under its titles, whatever the shape of the table."""

from __future__ import annotations

import pytest

from parvis.declarations.bulk import columns, intake, report
from parvis.declarations.bulk.intake import annotating
from tests.factories import declarations as made
from tests.factories.declarations import NOW, YEAR
from tests.factories.landlords import owner
from tests.factories.tenancies import july_rent, tenancy

pytestmark = pytest.mark.django_db


def annotated(*lines: str) -> list[list[str]]:
    """The lines, « A » and « B » in the place of the keys of two tenancies, as they come down again."""
    me = owner()
    homes = [tenancy(me.landlord, last_name=name) for name in ("Arnaud", "Bertin")]
    for home in homes:
        july_rent(home, YEAR - 1, 52_400)
    keys = [columns.key_of(YEAR, home.reference) for home in homes]
    made.campaign()
    content = "\r\n".join(lines).replace("A;", f"{keys[0]};").replace("B;", f"{keys[1]};")
    sent = intake.receive(me.actor, YEAR, name="loyers.csv", content=content.encode(), at=NOW)
    rows = list(annotating.annotated(me.actor, report.file_of(me.actor, sent.reference)))
    return [[cell.replace(keys[0], "A").replace(keys[1], "B") for cell in row] for row in rows]


def test_what_a_line_says_beyond_its_head_stays_beyond() -> None:
    assert annotated(f"Clé;Loyer juillet {YEAR}", "A;525", "B;526;une note;encore") == [
        ["Clé", f"Loyer juillet {YEAR}", "Résultat", "Que corriger"],
        ["A", "525", "Prêt", ""],
        ["B", "526", "Prêt", "", "une note", "encore"],
    ]


def test_the_titles_stand_in_the_last_line_of_a_head_in_two() -> None:
    rows = annotated("Mes loyers;;", ";Loyer juillet;", f"Clé;{YEAR - 1};{YEAR}", "A;;525")
    assert [row[3:] for row in rows] == [["", ""], ["", ""], ["Résultat", "Que corriger"], ["Prêt", ""]]
