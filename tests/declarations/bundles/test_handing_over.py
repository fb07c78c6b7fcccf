"""A tenancy that goes to another landlord: the former one's drafts are given up, and block nobody."""

from __future__ import annotations

from datetime import date

import pytest

from parvis.changes.models import Attachment
from parvis.declarations import workflow
from parvis.declarations.models import Bundle, Declaration
from parvis.declarations.services import bundles, papers
from parvis.tenancies.models import Tenancy
from tests.declarations.bundles.test_bundles import answered, chosen, let, sent
from tests.declarations.kinds.test_kinds import LEFT
from tests.factories import declarations as made
from tests.factories.declarations import NOW
from tests.factories.landlords import Owner, owner
from tests.factories.papers import paper

pytestmark = pytest.mark.django_db
PAPER = b"%PDF-1.7 relev\xc3\xa9\n%%EOF"


def handed_over(rented: Tenancy) -> Owner:
    """The new landlord of a tenancy."""
    new = owner()
    number = new.landlord.third_party_numbers.get()
    Tenancy.objects.filter(pk=rented.pk).update(landlord=new.landlord, third_party_number=number)
    return new


@pytest.mark.parametrize("cleared", [True, False])
def test_the_new_landlord_declares_what_the_former_one_had_begun_or_sent(cleared: bool) -> None:
    me, rented = let()
    chosen(me, rented, "move_out")
    assert answered(me, rented, "move_out", LEFT)
    sent(me, rented)
    chosen(me, rented, "arrears")
    answered(me, rented, "arrears", {})
    new = handed_over(rented)
    if cleared:
        assert bundles.give_up_of_former_landlords() == 1
    bundles.choose(new.actor, rented.reference, ["move_out", "arrears"], year=None, at=NOW)
    bundles.answer(new.actor, rented.reference, "arrears", {}, year=None, at=NOW)
    bundles.remove(new.actor, rented.reference, "arrears", at=NOW)
    bundles.answer(new.actor, rented.reference, "move_out", LEFT, year=None, at=NOW)
    receipt = sent(new, rented)
    assert receipt.declarations.get().landlord_id == new.landlord.pk
    assert Declaration.objects.filter(kind="move_out", state=workflow.SUBMITTED).count() == 2


def test_drafts_choices_files_and_reminders_of_the_former_landlord_are_gone_and_nobody_else_s() -> None:
    me, rented = let()
    chosen(me, rented, "move_out")
    assert answered(me, rented, "move_out", {**LEFT, "keys_on": "31/08/2026"})
    sent(me, rented)
    chosen(me, rented, "arrears")
    answered(me, rented, "arrears", {"debt": "600"})
    papers.join(me.actor, rented.reference, "arrears", paper("relevé.pdf"), at=NOW)
    other, theirs = let()
    chosen(other, theirs, "move_out")
    answered(other, theirs, "move_out", LEFT)
    handed_over(rented)
    assert bundles.give_up_of_former_landlords() == 1
    assert bundles.give_up_of_former_landlords() == 0
    assert Declaration.objects.get(landlord=me.landlord, kind="arrears").state == workflow.ABANDONED
    assert list(Bundle.objects.values_list("landlord", flat=True)) == [other.landlord.pk]
    assert not Attachment.objects.exists()
    assert made.waiting_for(me.actor, date(2027, 1, 1)) == []
    assert Declaration.objects.get(landlord=other.landlord).state == workflow.DRAFT
