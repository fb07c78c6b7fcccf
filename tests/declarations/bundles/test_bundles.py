"""Several declarations about one tenancy: chosen, answered, sent once under one receipt, corrected."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from parvis.audit.models import Entry
from parvis.correspondence.models import Message
from parvis.declarations import workflow
from parvis.declarations.kinds.arrears import ARREARS
from parvis.declarations.kinds.kind import TenancyFacts
from parvis.declarations.models import Bundle, CampaignCount, Declaration, Receipt
from parvis.declarations.refusals import (
    AlreadyWithTheOffice,
    BundleChanged,
    JustSent,
    KeyUsedOtherwise,
    NothingToSend,
)
from parvis.declarations.selectors.bundles import bundle_of
from parvis.declarations.selectors.history import HistoryFilters, declaration_of, history, others_of
from parvis.declarations.selectors.receipts import receipt_of
from parvis.declarations.selectors.receipts.verified import verify
from parvis.declarations.services import bundles
from parvis.kit.actors import Right
from parvis.kit.refusals import NotAllowed, NotFound
from parvis.tenancies.models import Tenancy
from tests.declarations.kinds.test_kinds import DIED, ENDED, LEFT
from tests.factories import declarations as made
from tests.factories.declarations import NOW, YEAR
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import july_rent, payment, tenancy

pytestmark = pytest.mark.django_db
OWED = {
    "debt": "1 300", "since": "05/05/2026", "paid_this_month": "no", "in_place": "yes", "plan": "no", "direct_payment": "no",
}  # fmt: skip


def let() -> tuple[Owner, Tenancy]:
    me = owner()
    rented = tenancy(me.landlord, start_on=date(2021, 10, 24), direct_payment=False, charges_cents=0)
    july_rent(rented, YEAR - 1, 52_000)
    made.campaign()
    return me, rented


def chosen(me: Owner, rented: Tenancy, *kinds: str) -> None:
    bundles.choose(me.actor, rented.reference, kinds, year=YEAR, at=NOW)


def answered(me: Owner, rented: Tenancy, kind: str, answers: dict[str, str]) -> bool:
    step = bundles.answer(me.actor, rented.reference, kind, answers, year=YEAR, at=NOW)
    return step.is_ready


def sent(me: Owner, rented: Tenancy) -> Receipt:
    shown = bundle_of(me.actor, rented.reference, year=YEAR, at=NOW)
    return bundles.send(
        me.actor, rented.reference, submission_key=uuid4(), expected=shown.fingerprint, year=YEAR, at=NOW
    )


def departure_sent() -> tuple[Owner, Tenancy, Receipt]:
    me, rented = let()
    chosen(me, rented, "move_out")
    assert answered(me, rented, "move_out", LEFT)
    return me, rented, sent(me, rented)


def test_several_declarations_leave_together_under_one_receipt() -> None:
    me, rented = let()
    chosen(me, rented, "move_out", "arrears", "july_rent")
    assert [step.kind.code for step in bundle_of(me.actor, rented.reference, year=YEAR, at=NOW).steps] == [
        "july_rent", "arrears", "move_out",
    ]  # fmt: skip
    made.typed(me, rented, "525")
    assert answered(me, rented, "arrears", OWED)
    assert answered(me, rented, "move_out", LEFT)
    receipt = sent(me, rented)
    assert (receipt.count, receipt.is_of_rents) == (3, False)
    assert sorted(receipt.declarations.values_list("kind", flat=True)) == ["arrears", "july_rent", "move_out"]
    assert set(receipt.declarations.values_list("state", flat=True)) == {workflow.SUBMITTED}
    assert receipt.declarations.get(kind="arrears").rule == "2026"
    assert made.state_of(rented) == "submitted"
    assert made.counts_are_true()
    assert not Bundle.objects.exists()
    assert Entry.objects.filter(event="declarations.submitted", subject=receipt.number).count() == 1
    assert Message.objects.filter(template="declarations/emails/receipt").count() == 1


def test_a_landlord_who_was_never_in_a_campaign_declares_all_the_same() -> None:
    made.campaign()
    me = owner()
    rented = tenancy(me.landlord)
    assert not CampaignCount.objects.filter(landlord=me.landlord).exists()
    for kind, answers in (("death", DIED), ("arrears", OWED)):
        chosen(me, rented, kind)
        answered(me, rented, kind, {**answers, "charges": "0", "aid": "0"})
        assert sent(me, rented).count == 1


def test_an_aid_that_stopped_long_ago_lowers_no_threshold_and_is_asked() -> None:
    me, rented = let()
    Tenancy.objects.filter(pk=rented.pk).update(direct_payment=True)
    chosen(me, rented, "arrears")

    def facts() -> TenancyFacts:
        return bundle_of(me.actor, rented.reference, year=YEAR, at=NOW).step("arrears").facts

    payment(rented, date(2026, 4, 1), 11_100)
    assert facts().aid_cents is None
    assert "aid" in {question.name for question in ARREARS.questions(facts())}
    payment(rented, date(2026, 5, 1), 11_200)
    assert facts().aid_cents == 11_200


def test_who_may_not_see_payments_is_shown_neither_the_aid_nor_the_threshold() -> None:
    me, rented = let()
    Tenancy.objects.filter(pk=rented.pk).update(direct_payment=True)
    payment(rented, date(2026, 6, 1), 11_111)
    colleague = owner(me.landlord, rights=frozenset({Right.CONSULT, Right.DECLARE}))
    chosen(me, rented, "arrears")
    answered(me, rented, "arrears", {**OWED, "debt": "300"})
    for who, seen in ((me, True), (colleague, False)):
        step = bundle_of(who.actor, rented.reference, year=YEAR, at=NOW).step("arrears")
        assert step.reading is not None
        words = str(step.questions) + str(step.reading.cautions) + str(step.lines) + step.reading.effect
        assert ("111,11" in words, "827,78" in words) == (seen, seen)
        assert step.reading.details is not None
        assert step.reading.details["threshold_cents"] == 82_778


def test_the_receipt_states_what_was_answered_and_is_authentic() -> None:
    me, _, receipt = departure_sent()
    sheet = receipt_of(me.actor, receipt.number)
    (said,) = others_of(sheet.id)
    assert ("Date de remise des clés", "10/07/2026") in said.lines
    assert "31/07/2026" in said.effect
    found = verify(receipt.number, sheet.code)
    assert found is not None
    assert (found.count, found.is_of_rents) == (1, False)


def test_answers_survive_right_or_wrong_and_only_ready_ones_leave() -> None:
    me, rented = let()
    chosen(me, rented, "move_out")
    assert not answered(me, rented, "move_out", {**LEFT, "keys_on": "bientôt"})
    sheet = bundle_of(me.actor, rented.reference, year=YEAR, at=NOW)
    assert sheet.step("move_out").answers["keys_on"] == "bientôt"
    with pytest.raises(BundleChanged):
        sent(me, rented)
    assert not Receipt.objects.exists()


def test_what_is_unusual_is_confirmed_and_asked_again_when_the_answers_change() -> None:
    me, rented = let()
    chosen(me, rented, "arrears")
    assert not answered(me, rented, "arrears", {**OWED, "debt": "300"})
    step = bundles.confirm(me.actor, rented.reference, "arrears", {"below_threshold": "on"}, year=YEAR, at=NOW)
    assert step.is_ready
    assert not answered(me, rented, "arrears", {**OWED, "debt": "310"})


def test_the_same_key_gives_the_same_receipt() -> None:
    me, rented = let()
    chosen(me, rented, "move_out")
    answered(me, rented, "move_out", LEFT)
    shown, key = bundle_of(me.actor, rented.reference, year=YEAR, at=NOW).fingerprint, uuid4()
    first = bundles.send(me.actor, rented.reference, submission_key=key, expected=shown, year=YEAR, at=NOW)
    again = bundles.send(me.actor, rented.reference, submission_key=key, expected=shown, year=YEAR, at=NOW)
    assert first == again
    other = tenancy(me.landlord)
    with pytest.raises(KeyUsedOtherwise):
        bundles.send(me.actor, other.reference, submission_key=key, expected=shown, year=YEAR, at=NOW)


def test_a_colleague_is_led_to_the_receipt() -> None:
    me, rented = let()
    colleague = owner(me.landlord, rights=frozenset({Right.CONSULT, Right.DECLARE}))
    chosen(me, rented, "move_out")
    answered(me, rented, "move_out", LEFT)
    shown = bundle_of(colleague.actor, rented.reference, year=YEAR, at=NOW).fingerprint
    receipt = sent(me, rented)
    with pytest.raises(JustSent) as refused:
        bundles.send(colleague.actor, rented.reference, submission_key=uuid4(), expected=shown, year=YEAR, at=NOW)
    assert refused.value.number == receipt.number
    with pytest.raises(NothingToSend):
        bundles.send(colleague.actor, rented.reference, submission_key=uuid4(), expected="", year=YEAR, at=NOW)


def test_answers_changed_since_they_were_shown_do_not_leave() -> None:
    me, rented = let()
    chosen(me, rented, "move_out")
    answered(me, rented, "move_out", LEFT)
    shown = bundle_of(me.actor, rented.reference, year=YEAR, at=NOW).fingerprint
    answered(me, rented, "move_out", {**LEFT, "keys_on": "11/07/2026"})
    with pytest.raises(BundleChanged):
        bundles.send(me.actor, rented.reference, submission_key=uuid4(), expected=shown, year=YEAR, at=NOW)


def test_what_is_with_the_office_is_corrected_not_made_twice() -> None:
    me, rented, receipt = departure_sent()
    with pytest.raises(AlreadyWithTheOffice):
        chosen(me, rented, "move_out")
    original = receipt.declarations.get()
    assert bundles.ask_correction(me.actor, original.opaque, at=NOW) == (rented.reference, "move_out")
    assert bundles.ask_correction(me.actor, original.opaque, at=NOW) == (rented.reference, "move_out")
    assert answered(me, rented, "move_out", {**LEFT, "keys_on": "12/07/2026"})
    newer = sent(me, rented)
    original.refresh_from_db()
    assert original.state == workflow.CORRECTED
    assert newer.declarations.get().corrects == original
    assert declaration_of(me.actor, original.opaque).corrected_by_receipt == newer.number
    states = [line.state for line in history(me.actor, HistoryFilters("move_out"))]
    assert sorted(states) == [workflow.CORRECTED, workflow.SUBMITTED]


def test_what_the_office_decided_is_not_corrected_but_may_be_declared_anew() -> None:
    me, rented, receipt = departure_sent()
    original = receipt.declarations.get()
    bundles.ask_correction(me.actor, original.opaque, at=NOW)
    Declaration.objects.filter(pk=original.pk).update(state=workflow.INTEGRATED, sent_at=NOW, decided_at=NOW)
    answered(me, rented, "move_out", {**LEFT, "keys_on": "12/07/2026"})
    with pytest.raises(Exception, match="n’est plus possible"):
        sent(me, rented)
    bundles.abandon(me.actor, rented.reference)
    chosen(me, rented, "move_out")
    assert answered(me, rented, "move_out", LEFT)
    assert sent(me, rented).count == 1


def test_taking_one_out_gives_its_answers_up() -> None:
    me, rented = let()
    chosen(me, rented, "arrears", "move_out")
    answered(me, rented, "move_out", LEFT)
    assert bundles.remove(me.actor, rented.reference, "move_out", at=NOW) == ("arrears",)
    assert not Declaration.objects.exists()
    assert bundles.remove(me.actor, rented.reference, "arrears", at=NOW) == ()
    assert not Bundle.objects.exists()


def test_a_whole_building_is_one_declaration_a_dwelling_under_one_receipt() -> None:
    me, rented = let()
    here = {"address_1": rented.address_1, "postcode": rented.postcode, "city": rented.city}
    neighbours = [tenancy(me.landlord, **here) for _ in range(2)]
    tenancy(me.landlord, address_1="8 rue d’en face")
    tenancy(me.landlord, end_on=date(2026, 1, 31), **here)
    tenancy(owner().landlord, **here)
    chosen(me, rented, "end_of_management")
    assert answered(me, rented, "end_of_management", {**ENDED, "building": "yes"})
    receipt = sent(me, rented)
    told = set(receipt.declarations.values_list("tenancy_id", flat=True))
    assert told == {rented.pk, *(of.pk for of in neighbours)}
    assert receipt.count == 3
    assert len(others_of(receipt.pk)) == 3


def test_only_those_who_may_declare_do_and_only_about_their_own() -> None:
    me, rented = let()
    reader = owner(me.landlord, rights=frozenset({Right.CONSULT}))
    with pytest.raises(NotAllowed):
        chosen(reader, rented, "move_out")
    with pytest.raises(NotFound):
        chosen(owner(), rented, "move_out")
    assert not Bundle.objects.exists()


def test_a_deadline_of_an_answer_comes_from_the_office_s_own_times() -> None:
    me, _, receipt = departure_sent()
    said = declaration_of(me.actor, receipt.declarations.get().opaque)
    assert said.expected_on is None or said.expected_on > NOW.date() + timedelta(days=1)


@pytest.mark.parametrize("is_sent", [False, True])
def test_a_change_of_holders_knows_the_july_rent_typed_with_it_or_sent_before(is_sent: bool) -> None:
    me, rented = let()
    made.typed(me, rented, "525")
    if is_sent:
        made.sent(me)
    chosen(me, rented, "lease_holders", *([] if is_sent else ["july_rent"]))
    change = {"change": "arrival", "on": "01/07/2026", "holders": "2", "lease": "single", "total": "525"}
    assert not answered(me, rented, "lease_holders", change)
    step = bundle_of(me.actor, rented.reference, year=YEAR, at=NOW).step("lease_holders")
    assert [caution.code for caution in step.pending] == ["whole_or_share"]
