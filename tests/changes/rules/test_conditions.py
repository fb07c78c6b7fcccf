"""The conditions of direct payment, said from what is known of the tenancy."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from parvis.changes.rules.conditions import TenancyFacts, conditions_of, in_words

ON = date(2026, 9, 1)
FINE = TenancyFacts(is_decent=True, area_m2=43, is_agreed=False, july=2026, july_is_declared=True, rent_is_known=True)


def said(**known: object) -> str:
    return in_words(conditions_of(replace(FINE, **known), on=ON)).replace("\u00a0", " ")  # type: ignore[arg-type]


def test_all_that_is_known_and_met_is_one_sentence() -> None:
    assert said() == "Rempli : logement décent, 43 m², loyer hors charges de juillet 2026 déclaré."


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ({"is_decent": None}, "À vérifier : la décence, que votre caisse ne connaît pas."),
        ({"is_decent": False}, "Il manque : un logement décent."),
        ({"area_m2": None}, "À vérifier : la superficie, que votre caisse ne connaît pas."),
        ({"area_m2": 8}, "Il manque : 9 m² au moins (connue : 8 m²)."),
        ({"july_is_declared": False}, "Il manque : le loyer hors charges de juillet 2026."),
        ({"july": None}, "loyer hors charges connu."),
        (
            {"july": None, "rent_is_known": False},
            "À vérifier : le loyer hors charges, que votre caisse ne connaît pas.",
        ),
        ({"is_agreed": True}, "À savoir : logement conventionné, l’Apl se verse en principe au bailleur."),
        ({"arrears_are_told": True}, "À savoir : un impayé est signalé, votre caisse en tient compte."),
    ],
)
def test_what_is_not_met_or_not_known_is_said_for_what_it_is(known: dict[str, object], words: str) -> None:
    assert words in said(**known)


def test_the_least_surface_is_that_of_the_law_of_the_day() -> None:
    before = conditions_of(replace(FINE, area_m2=8), on=date(2019, 8, 31))
    assert "8\u00a0m²" in in_words(before)
    assert "Il manque" not in in_words(before)
