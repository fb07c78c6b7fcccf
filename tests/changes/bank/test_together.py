"""One IBAN for several offices or accounts: one code for all, then each its own request, hold, agreement and stop."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from parvis.audit.models import Entry
from parvis.changes.models import Attachment, ChangeRequest
from parvis.changes.refusals import AlreadyLive, HolderDiffers, OneANumber, SameIban
from parvis.changes.selectors.together import targets_of
from parvis.changes.services import leaving
from parvis.changes.services.bank import asking
from parvis.correspondence.models import Message
from parvis.identity.models import Session
from parvis.identity.refusals import TooSoon
from parvis.identity.services.codes import Verdict
from parvis.kit.actors import Right, system
from parvis.kit.encryption import blind_index, open_
from parvis.kit.refusals import ActNotPossible, NotFound
from parvis.landlords.models import Membership, ThirdPartyNumber
from tests.factories.changes import ANOTHER, IBAN, NOW, bank_code, bank_typed
from tests.factories.identity import deliver, session_of
from tests.factories.landlords import Owner, landlord, office, owner
from tests.factories.papers import paper

pytestmark = pytest.mark.django_db
HOLD = timedelta(hours=72)


def also_known(who: Owner, code: str, **fields: str) -> ThirdPartyNumber:
    """The landlord at another office."""
    number = ThirdPartyNumber.objects.count() + 9_000
    return ThirdPartyNumber.objects.create(
        landlord=who.landlord, office=office(code, f"Caf {code}"), number=f"{number:07d}", user_number=f"{code}{number:011d}",
        address_1="1 rue Neuve", postcode="75001", city="PARIS", **fields,
    )  # fmt: skip


def agency() -> tuple[Owner, list[ThirdPartyNumber]]:
    """A landlord known by three offices."""
    who = owner()
    return who, known_by_three(who)


def agency_of_two() -> tuple[Owner, Owner, list[ThirdPartyNumber]]:
    """The same with two people who hold the right."""
    who = owner()
    other = owner(who.landlord)
    return who, other, known_by_three(who)


def known_by_three(who: Owner) -> list[ThirdPartyNumber]:
    return [who.third_party_number, also_known(who, "751"), also_known(who, "261")]


def typed_for(
    who: Owner, numbers: Sequence[ThirdPartyNumber], *, iban: str = IBAN, holder: str = "", file: bool = False
) -> tuple[list[ChangeRequest], Session]:
    """The same account typed for several numbers, as the page does."""
    session = session_of(who.account, at=NOW)
    first, *more = (number.user_number for number in numbers)
    joined = paper("rib.pdf") if file else None
    said = asking.Typed(first, holder or who.landlord.name, iban, joined, tuple(more))
    asking.ask_bank_change(said, session, by=who.actor, at=NOW)
    return list(ChangeRequest.objects.filter(state="asked").order_by("pk")), session


def asked_for(who: Owner, numbers: Sequence[ThirdPartyNumber], *, file: bool = False) -> list[ChangeRequest]:
    """The same, proved by the one code."""
    (first, *_), session = typed_for(who, numbers, file=file)
    outcome, _ = asking.prove_bank_change(first.opaque, session, bank_code(NOW), by=who.actor, at=NOW)
    assert outcome.verdict is Verdict.RIGHT
    return list(ChangeRequest.objects.filter(together=first.together).order_by("pk"))


def states() -> list[str]:
    return list(ChangeRequest.objects.order_by("pk").values_list("state", flat=True))


def links() -> list[str]:
    """The tokens of the mails that leave now."""
    texts = [str(message.body) for message in deliver(NOW + timedelta(minutes=1))]
    return [found[1] for text in texts if (found := re.search(r"/arreter-un-changement/([\w-]{30,})/", text))]


class TestAsking:
    """Typed once, one code, one request an office."""

    def test_one_code_makes_one_request_of_each_office_with_its_own_seal_and_hold(self) -> None:
        who, numbers = agency()
        typed, session = typed_for(who, numbers)
        assert len(typed) == 3
        assert len({one.together for one in typed}) == 1
        assert Message.objects.filter(template="identity/emails/code_bank_change").count() == 1
        code = bank_code(NOW)
        outcome, change = asking.prove_bank_change(typed[1].opaque, session, code, by=who.actor, at=NOW)
        assert (outcome.verdict, change.pk, change.state) == (Verdict.RIGHT, typed[1].pk, "held")
        held = list(ChangeRequest.objects.order_by("pk"))
        assert [(one.state, one.held_until) for one in held] == [("held", NOW + HOLD)] * 3
        assert {one.office_id for one in held} == {"441", "751", "261"}
        assert [open_(bytes(one.iban or b""), one.iban_column) for one in held] == [IBAN] * 3
        assert len({bytes(one.iban or b"") for one in held}) == 3
        assert Entry.objects.filter(event="changes.bank_asked").count() == 3
        assert leaving.release_due(by=system("test"), at=NOW + HOLD - timedelta(seconds=1)).ready == 0
        assert leaving.release_due(by=system("test"), at=NOW + HOLD).ready == 3

    def test_a_code_proves_all_that_was_typed_and_nothing_typed_before(self) -> None:
        who, numbers = agency()
        typed, session = typed_for(who, numbers)
        digits = bank_code(NOW)
        later = NOW + timedelta(minutes=2)
        bank_typed(who, iban=ANOTHER, session=session, at=later)
        assert states() == ["expired", "expired", "expired", "asked"]
        with pytest.raises(ActNotPossible):
            asking.prove_bank_change(typed[0].opaque, session, digits, by=who.actor, at=later)
        other = ChangeRequest.objects.get(state="asked")
        outcome, _ = asking.prove_bank_change(other.opaque, session, digits, by=who.actor, at=later)
        assert outcome.verdict is not Verdict.RIGHT
        assert "held" not in states()

    def test_unticking_one_at_once_is_not_the_same_click(self) -> None:
        who, numbers = agency()
        typed, session = typed_for(who, numbers)
        first, second, _ = (number.user_number for number in numbers)
        said = asking.Typed(first, who.landlord.name, IBAN, None, (second,))
        with pytest.raises(TooSoon), transaction.atomic():
            asking.ask_bank_change(said, session, by=who.actor, at=NOW + timedelta(seconds=5))
        later = NOW + timedelta(seconds=61)
        change = asking.ask_bank_change(said, session, by=who.actor, at=later)
        assert change.pk not in {one.pk for one in typed}
        assert states() == ["expired"] * 3 + ["asked"] * 2
        again = asking.ask_bank_change(said, session, by=who.actor, at=later + timedelta(seconds=5))
        assert (again.pk, len(states())) == (change.pk, 5), "the same form twice is still one click"

    def test_a_code_of_some_does_not_prove_others_slipped_in(self) -> None:
        who, numbers = agency()
        typed, session = typed_for(who, numbers[:2])
        digits = bank_code(NOW)
        strange = ChangeRequest.objects.get(pk=bank_typed(owner(), at=NOW)[0].pk)
        ChangeRequest.objects.filter(pk=strange.pk).update(state="stopped", iban=None)
        with pytest.raises(DatabaseError), transaction.atomic():
            ChangeRequest.objects.filter(pk=strange.pk).update(together=typed[0].together)
        ChangeRequest.objects.filter(pk=typed[1].pk).update(state="expired", iban=None)
        outcome, _ = asking.prove_bank_change(typed[0].opaque, session, digits, by=who.actor, at=NOW)
        assert outcome.verdict is not Verdict.RIGHT

    def test_the_other_accounts_of_the_person_with_the_right_and_no_others(self) -> None:
        who = owner()
        second = owner(landlord(company_name="Alliance Familiale Sud"), credential=who.account.credential)
        reading = owner(landlord(), rights=frozenset({Right.CONSULT}), credential=who.account.credential)
        stranger = owner()
        offered = {target.known.pk for target in targets_of(who.actor, at=NOW)}
        assert offered == {who.third_party_number.pk, second.third_party_number.pk}
        for other in (reading, stranger):
            with pytest.raises(NotFound):
                typed_for(who, [who.third_party_number, other.third_party_number])
        first, more = asked_for(who, [who.third_party_number, second.third_party_number], file=True)
        assert (first.landlord_id, more.landlord_id) == (who.landlord.pk, second.landlord.pk)
        assert (first.account_id, more.account_id) == (who.account.pk, second.account.pk)
        assert more.flags == [
            "holder_differs"
        ]  # « Alliance Familiale » lacks « Sud »: its file explains, an agent looks.

    def test_another_holder_is_judged_landlord_by_landlord(self) -> None:
        who = owner()
        second = owner(landlord(company_name="Sci du Port"), credential=who.account.credential)
        numbers = [who.third_party_number, second.third_party_number]
        with pytest.raises(HolderDiffers, match="Sci du Port"):
            typed_for(who, numbers)
        assert not ChangeRequest.objects.exists()
        first, more = asked_for(who, numbers, file=True)
        assert (first.flags, more.flags) == ([], ["holder_differs"])
        assert Attachment.objects.values_list("landlord_id", "subject").count() == 2
        assert leaving.release_due(by=system("test"), at=NOW + HOLD).ready == 1

    def test_three_landlords_by_one_form_are_all_looked_at(self) -> None:
        who = owner()
        others = [owner(credential=who.account.credential) for _ in range(2)]
        changes = asked_for(who, [one.third_party_number for one in (who, *others)])
        assert [change.flags for change in changes] == [["many_at_once"]] * 3

    def test_the_offices_of_a_limited_user_alone(self) -> None:
        who, numbers = agency()
        Membership.objects.update_or_create(account=who.account, defaults={"offices": ["441"]})
        limited = replace(who, account=who.account)
        actor = replace(who.actor, offices=frozenset({"441"}))
        assert {target.known.office_id for target in targets_of(actor, at=NOW)} == {"441"}
        said = asking.Typed(numbers[0].user_number, who.landlord.name, IBAN, None, (numbers[1].user_number,))
        with pytest.raises(NotFound):
            asking.ask_bank_change(said, session_of(limited.account, at=NOW), by=actor, at=NOW)

    def test_what_is_on_its_way_is_refused_and_what_is_paid_there_left_out(self) -> None:
        who, numbers = agency()
        also_known(who, "441")
        twice = list(who.landlord.third_party_numbers.filter(office_id="441"))
        with pytest.raises(OneANumber):
            typed_for(who, twice)
        ThirdPartyNumber.objects.filter(pk=numbers[1].pk).update(iban_index=blind_index(IBAN, "iban"), iban=b"x")
        changes = asked_for(who, numbers)
        assert [change.office_id for change in changes] == ["441", "261"]
        with pytest.raises(SameIban):
            typed_for(who, [numbers[1]])
        with pytest.raises(AlreadyLive):
            typed_for(who, numbers[:2], iban=ANOTHER)

    def test_too_many_at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        who, numbers = agency()
        monkeypatch.setattr(asking, "MOST", 2)
        with pytest.raises(ActNotPossible, match="2\u00a0caisses"):
            typed_for(who, numbers)

    def test_clicked_twice_it_is_asked_once(self) -> None:
        who, numbers = agency()
        typed, session = typed_for(who, numbers)
        said = asking.Typed(
            numbers[0].user_number, who.landlord.name, IBAN, None, tuple(one.user_number for one in numbers[1:])
        )
        again = asking.ask_bank_change(said, session, by=who.actor, at=NOW + timedelta(seconds=1))
        assert again.pk == typed[0].pk
        assert ChangeRequest.objects.count() == 3

    def test_who_lost_the_right_for_one_meanwhile_asks_the_others(self) -> None:
        who = owner()
        second = owner(credential=who.account.credential)
        (first, _), session = typed_for(who, [who.third_party_number, second.third_party_number])
        second.account.habilitations.filter(right=Right.BANK_DETAILS).update(ended_at=NOW)
        asking.prove_bank_change(first.opaque, session, bank_code(NOW), by=who.actor, at=NOW)
        assert states() == ["held", "expired"]
