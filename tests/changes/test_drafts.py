"""What is typed in the form of a change and not sent: kept, one's own, never an account number, gone once asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from parvis.changes.models import ChangeDraft, DraftForm
from parvis.changes.refusals import NothingChanged
from parvis.changes.rules import Address
from parvis.changes.selectors.drafts import draft_of
from parvis.changes.services import drafts, information
from parvis.kit.actors import Right
from parvis.kit.encryption import CannotOpen
from parvis.kit.refusals import NotAllowed, Refusal
from tests.factories.changes import IBAN
from tests.factories.landlords import owner

pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
TYPED = {"address_1": ["3 place du Bouffay"], "postcode": ["44"]}


def test_what_is_typed_is_found_again_by_who_typed_it_alone() -> None:
    me = owner()
    colleague = owner(me.landlord)
    first = drafts.keep(DraftForm.ADDRESS, {"address_1": ["3"]}, by=me.actor, at=AT)
    again = drafts.keep(DraftForm.ADDRESS, TYPED, by=me.actor, at=AT + timedelta(minutes=1))
    left = draft_of(me.actor, DraftForm.ADDRESS)
    assert (left.answers, left.version, left.saved_at) == (TYPED, str(again.version), AT + timedelta(minutes=1))
    assert first.version != again.version
    assert draft_of(colleague.actor, DraftForm.ADDRESS).answers == {}
    assert draft_of(me.actor, DraftForm.PHONE).answers == {}
    assert draft_of(me.actor, DraftForm.ADDRESS, subject="x").answers == {}


def test_asked_it_is_empty_under_another_version_and_a_refusal_leaves_it() -> None:
    me = owner()
    kept = drafts.keep(DraftForm.ADDRESS, TYPED, by=me.actor, at=AT)
    known = me.third_party_number
    same = Address(known.address_1, known.address_2, known.address_3, known.postcode, known.city, known.country)
    with pytest.raises(NothingChanged):
        information.change_address(same, AT.date(), everywhere=False, key=uuid4(), by=me.actor, at=AT)
    assert draft_of(me.actor, DraftForm.ADDRESS).answers == TYPED
    new = Address("3 place du Bouffay", "", "", "44000", "Nantes", "FR")
    information.change_address(new, AT.date(), everywhere=False, key=uuid4(), by=me.actor, at=AT)
    left = draft_of(me.actor, DraftForm.ADDRESS)
    assert left.answers == {}
    assert left.version not in ("", str(kept.version))


def test_nobody_keeps_without_the_right_nor_too_much_nor_an_account_number() -> None:
    me, reader = owner(), owner(rights=frozenset({Right.CONSULT, Right.DECLARE}))
    with pytest.raises(NotAllowed):
        drafts.keep(DraftForm.BANK, {"holder": ["A"]}, by=reader.actor, at=AT)
    with pytest.raises(Refusal, match="trop long"):
        drafts.keep(DraftForm.ADDRESS, {"address_1": ["é" * 10_000]}, by=me.actor, at=AT)
    with pytest.raises(RuntimeError):
        drafts.keep(DraftForm.BANK, {"iban": ["FR76"]}, by=me.actor, at=AT)
    assert not ChangeDraft.objects.exists()


def test_what_nobody_went_on_with_goes_after_a_month() -> None:
    me = owner()
    drafts.keep(DraftForm.ADDRESS, TYPED, by=me.actor, at=AT)
    drafts.keep(DraftForm.PHONE, {"phone": ["02"]}, by=me.actor, at=AT + timedelta(days=1))
    assert drafts.forget_old(at=AT + timedelta(days=30, seconds=1)) == 1
    assert [draft.form for draft in ChangeDraft.objects.all()] == [DraftForm.PHONE]


def test_what_was_under_way_when_it_was_sent_does_not_come_back() -> None:
    me = owner()
    kept = drafts.keep(DraftForm.PHONE, {"phone": ["0601020304"]}, seen="", by=me.actor, at=AT)
    drafts.sent(DraftForm.PHONE, by=me.actor, at=AT)
    for seen in ("", str(kept.version)):
        with pytest.raises(Refusal, match="vient d’être envoyée"):
            drafts.keep(DraftForm.PHONE, {"phone": ["0601020304"]}, seen=seen, by=me.actor, at=AT)
    assert draft_of(me.actor, DraftForm.PHONE).answers == {}
    fresh = draft_of(me.actor, DraftForm.PHONE).version
    drafts.keep(DraftForm.PHONE, {"phone": ["0611111111"]}, seen=fresh, by=me.actor, at=AT)
    assert draft_of(me.actor, DraftForm.PHONE).answers == {"phone": ["0611111111"]}


def test_an_account_number_pasted_in_the_wrong_field_is_not_kept() -> None:
    me = owner()
    drafts.keep(DraftForm.BANK, {"holder": ["FR76 3000 6000 0112 3456 7890 189"]}, by=me.actor, at=AT)
    assert draft_of(me.actor, DraftForm.BANK).answers == {"holder": []}


def test_words_of_a_message_lie_sealed_bound_to_their_row_and_gone_once_sent() -> None:
    me, reader = owner(), owner(rights=frozenset({Right.CONSULT}))
    typed = {"text": [f"Mon compte {IBAN} n’est plus bon."], "about": ["Lina Arnaud"]}
    drafts.keep(DraftForm.MESSAGE, typed, by=me.actor, at=AT)
    row = ChangeDraft.objects.get()
    assert row.answers == {}
    assert row.sealed is not None
    assert IBAN.encode() not in bytes(row.sealed)
    assert draft_of(me.actor, DraftForm.MESSAGE).answers == typed
    drafts.keep(DraftForm.REPLY, {"text": ["Suite"]}, subject="1", by=reader.actor, at=AT)
    ChangeDraft.objects.filter(form=DraftForm.REPLY).update(sealed=row.sealed)
    with pytest.raises(CannotOpen):
        draft_of(reader.actor, DraftForm.REPLY, subject="1")
    drafts.sent(DraftForm.MESSAGE, words=typed["text"][0], by=me.actor, at=AT)
    assert draft_of(me.actor, DraftForm.MESSAGE).answers == {}
    assert ChangeDraft.objects.get(form=DraftForm.MESSAGE).sealed is None
    with pytest.raises(Refusal, match="vient d’être envoyée"):
        drafts.keep(DraftForm.MESSAGE, typed, seen=str(row.version), by=me.actor, at=AT)
    other = drafts.keep(DraftForm.MESSAGE, {"text": ["Autre question"]}, seen=str(row.version), by=me.actor, at=AT)
    assert draft_of(me.actor, DraftForm.MESSAGE).version == str(other.version)
    drafts.drop(DraftForm.MESSAGE, by=me.actor)
    assert draft_of(me.actor, DraftForm.MESSAGE).version == ""
