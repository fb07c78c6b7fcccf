"""Kinds of which one says it all: refused at the choice, or at the sending where the answers decide."""

from __future__ import annotations

import pytest

from parvis.declarations.models import Bundle, Receipt
from parvis.declarations.refusals import ClashingKinds, NothingChosen, PossiblyClashingKinds
from parvis.declarations.services import bundles
from tests.declarations.bundles.test_bundles import answered, chosen, let, sent
from tests.declarations.kinds.test_kinds import DIED, LEFT
from tests.factories.declarations import NOW, YEAR

pytestmark = pytest.mark.django_db


def test_pairs_that_say_the_same_are_refused_with_what_to_take_out() -> None:
    me, rented = let()
    with pytest.raises(ClashingKinds) as refused:
        chosen(me, rented, "end_of_management", "move_out")
    assert refused.value.superfluous == "end_of_management"
    with pytest.raises(PossiblyClashingKinds) as refused:
        chosen(me, rented, "death", "move_out")
    assert refused.value.superfluous == "move_out"
    with pytest.raises(NothingChosen):
        chosen(me, rented)
    assert not Bundle.objects.exists()


@pytest.mark.parametrize(("who", "leaves"), [("spouse", True), ("other", True), ("claimant", False)])
def test_a_widow_may_leave_but_a_tenant_who_died_does_not(who: str, leaves: bool) -> None:
    me, rented = let()
    both = ("death", "move_out")
    bundles.choose(me.actor, rented.reference, both, year=YEAR, at=NOW, keeps_both=True)
    assert answered(me, rented, "move_out", LEFT)
    assert answered(me, rented, "death", {**DIED, "who": who})
    if leaves:
        assert sent(me, rented).count == 2
        return
    with pytest.raises(ClashingKinds):
        sent(me, rented)
    with pytest.raises(ClashingKinds):
        bundles.choose(me.actor, rented.reference, both, year=YEAR, at=NOW, keeps_both=True)
    assert not Receipt.objects.exists()
