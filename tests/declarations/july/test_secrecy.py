"""What is said of a July rent gives no aid away to who may not see payments."""

from __future__ import annotations

from datetime import date

import pytest

from parvis.declarations.bulk import intake, report
from parvis.kit.actors import Right
from tests.declarations.july.bulk.test_path import table
from tests.factories import declarations as made
from tests.factories.declarations import NOW, YEAR, typed
from tests.factories.landlords import owner
from tests.factories.tenancies import july_rent, payment, tenancy

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("right", "is_told"), [(Right.PAYMENTS, True), (Right.CONSULT, False)])
def test_an_aid_is_guessed_from_no_sentence_without_the_right_of_payments(right: Right, is_told: bool) -> None:
    me = owner(rights=frozenset({Right.CONSULT, Right.DECLARE, right}))
    home = tenancy(me.landlord)
    july_rent(home, YEAR - 1, 52_500)
    payment(home, date(2026, 6, 1), 25_000)
    made.campaign()
    (file_line,) = report.lines_of(
        me.actor, intake.receive(me.actor, YEAR, name="l.csv", content=table([home], "275"), at=NOW)
    ).rows
    told = [warning.code for warning in typed(me, home, "275").row.assessment.pending]
    assert ("aid_deducted" in told) == is_told
    assert ("moins l’aide" in " ".join(file_line.sentences)) == is_told
    assert told, "it is asked about all the same"
    assert file_line.state == "to_confirm"
