"""A July rent registered from a landlord's paper: judged as on the grid, sent once, told to the landlord."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from pypdf import PdfReader

from parvis.agents.posts import DUTIES, Role
from parvis.audit.models import Entry
from parvis.correspondence.models import Channel, Message
from parvis.correspondence.rendering.blocks import read
from parvis.correspondence.rendering.texts import words_of
from parvis.declarations.models import Declaration, Receipt
from parvis.declarations.paper import receipt_pdf
from parvis.declarations.refusals import (
    AlreadySubmitted,
    KeyUsedOtherwise,
    NotInCampaign,
    PaperNotReadable,
    RentChanged,
)
from parvis.declarations.selectors.campaign.on_paper import paper_sheet, tenancies_numbered
from parvis.declarations.selectors.receipts import receipt_of, rents_of
from parvis.declarations.services.campaigns import rebuild_counts
from parvis.declarations.services.campaigns.on_paper import Paper, register_paper
from parvis.exchange.models import OutgoingLine
from parvis.exchange.services import outbound
from parvis.identity.models import Account, Credential
from parvis.kit.actors import Actor, Duty, system
from parvis.kit.refusals import ActNotPossible, DutyMissing, NotFound
from parvis.tenancies.models import Tenancy
from tests.factories.agents import SQUARE, colleague
from tests.factories.declarations import NOW, YEAR, campaign, counts_are_true, sent, state_of, typed
from tests.factories.landlords import Owner, office, owner
from tests.factories.tenancies import july_rent, tenancy
from tests.identity.test_races import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("some_without_administrator")]
CAME = date(2026, 7, 20)
PAPER = Paper("525,00", CAME)


@pytest.fixture
def someone() -> Owner:
    return owner()


@pytest.fixture
def rented(someone: Owner) -> Tenancy:
    made = tenancy(someone.landlord)
    july_rent(made, YEAR - 1, 52_000)
    campaign()
    return made


def _clerk(place: str = "441") -> Actor:
    return colleague((Role.RECEPTION, place)).actor


def _register(rented: Tenancy, paper: Paper = PAPER, *, key: UUID | None = None, by: Actor | None = None) -> Receipt:
    return register_paper(rented.reference, paper, submission_key=key or uuid4(), by=by or _clerk(), at=NOW)


def _nothing_left() -> bool:
    return not Receipt.objects.exists() and not Declaration.objects.exists() and counts_are_true()


def test_what_the_paper_says_is_sent_by_the_paper_channel(someone: Owner, rented: Tenancy) -> None:
    clerk = _clerk()
    receipt = _register(rented, by=clerk)
    declared = Declaration.objects.get()
    assert (declared.state, declared.channel, declared.details["rent_cents"]) == ("submitted", "paper", 52_500)
    assert declared.receipt_id == receipt.pk
    assert state_of(rented) == "submitted"
    assert counts_are_true()
    assert receipt.person == "courrier papier, reçu le 20/07/2026"
    assert receipt.stated is not None
    assert receipt.stated["login_id"] == ""
    noted = Entry.objects.get(event="declarations.registered")
    assert (noted.actor_label, noted.partner_id, noted.account_id) == (clerk.label, someone.landlord.pk, None)
    assert noted.details["received_on"] == "2026-07-20"


def test_the_receipt_goes_by_mail_where_a_mailbox_is_proved(someone: Owner, rented: Tenancy) -> None:
    receipt = _register(rented)
    told = Message.objects.get(template="declarations/emails/receipt")
    assert told.attachment_subject == receipt.pk
    assert not Message.objects.filter(channel=Channel.LETTER).exists()


def test_and_by_letter_where_none_is(someone: Owner, rented: Tenancy) -> None:
    Account.objects.filter(pk=someone.account.pk).update(credential=Credential.objects.create())
    receipt = _register(rented)
    told = Message.objects.get(channel=Channel.LETTER)
    said = str(read(words_of(told.template, told.context)).blocks)
    assert receipt.number in said
    assert "525,00" in said
    assert told.account_id == someone.account.pk
    assert not Message.objects.filter(template="declarations/emails/receipt").exists()


def test_and_where_nobody_has_the_mailbox_any_more(someone: Owner, rented: Tenancy) -> None:
    Credential.objects.filter(pk=someone.account.credential_id).update(email_refused_at=NOW)
    _register(rented)
    assert list(Message.objects.values_list("channel", flat=True)) == [Channel.LETTER]


def test_who_wishes_paper_gets_both(someone: Owner, rented: Tenancy) -> None:
    Account.objects.filter(pk=someone.account.pk).update(letters="paper")
    _register(rented)
    assert set(Message.objects.values_list("channel", flat=True)) == {Channel.LETTER, Channel.EMAIL}


def test_the_july_before_goes_with_it_where_it_is_unknown(someone: Owner) -> None:
    made = tenancy(someone.landlord)
    campaign()
    _register(made, replace(PAPER, previous_typed="520"))
    kinds = dict(Declaration.objects.values_list("kind", "details__rent_cents"))
    assert kinds == {"july_rent": 52_500, "previous_july_rent": 52_000}
    assert set(Declaration.objects.values_list("channel", flat=True)) == {"paper"}


def test_a_day_of_arrival_before_the_deadline_is_not_late_however_long_the_pile(rented: Tenancy) -> None:
    late = datetime(2026, 10, 8, 9, 0, tzinfo=UTC)
    receipt = register_paper(rented.reference, PAPER, submission_key=uuid4(), by=_clerk(), at=late)
    assert receipt.stated is not None
    assert "Reçu après" not in receipt.stated["effect"]
    assert "1er" in receipt.stated["effect"]


@pytest.mark.parametrize("came", [date(2026, 7, 22), date(2026, 6, 30)])
def test_a_day_to_come_or_before_july_is_refused(rented: Tenancy, came: date) -> None:
    with pytest.raises(PaperNotReadable) as refused:
        _register(rented, replace(PAPER, received_on=came))
    assert refused.value.field == "received_on"
    assert _nothing_left()


@pytest.mark.parametrize("words", ["", "cinq cents", "-12", "1.050", "525,123", "x" * 60])
def test_what_cannot_be_read_is_refused_and_leaves_nothing(rented: Tenancy, words: str) -> None:
    with pytest.raises(PaperNotReadable):
        _register(rented, replace(PAPER, typed=words))
    assert _nothing_left()
    assert state_of(rented) == "to_declare"


def test_an_unusual_amount_is_looked_at_twice(rented: Tenancy) -> None:
    with pytest.raises(PaperNotReadable):
        _register(rented, replace(PAPER, typed="700"))
    assert _nothing_left()
    ticked = replace(PAPER, typed="700", confirmed=("increase_above_index",), words="Travaux")
    for asked in ("", "80000 52000", "70000 51999"):
        with pytest.raises(PaperNotReadable):
            _register(rented, replace(ticked, asked=asked))
    _register(rented, replace(ticked, asked="70000 52000"))
    declared = Declaration.objects.get()
    assert declared.confirmed == ["increase_above_index"]
    assert declared.confirmed_reason == "Travaux"


def test_a_rent_already_sent_is_not_registered_again(someone: Owner, rented: Tenancy) -> None:
    typed(someone, rented, "525")
    sent(someone)
    with pytest.raises(AlreadySubmitted):
        _register(rented)
    assert Receipt.objects.count() == 1


def test_a_draft_is_replaced_once_it_was_shown(someone: Owner, rented: Tenancy) -> None:
    typed(someone, rented, "530")
    with pytest.raises(RentChanged):
        _register(rented)
    row = paper_sheet(_clerk(), rented.reference, at=NOW).row
    assert row is not None
    _register(rented, replace(PAPER, seen=row.version))
    assert Declaration.objects.get().details["rent_cents"] == 52_500


def test_a_refused_rent_may_come_back_on_paper(someone: Owner, rented: Tenancy) -> None:
    first = _register(rented)
    Declaration.objects.filter(receipt=first).update(state="rejected")
    rented.campaign_entries.update(state="rejected")
    rebuild_counts(YEAR, by=system("tests"), at=NOW)
    _register(rented)
    assert Receipt.objects.count() == 2


def test_out_of_the_campaign_there_is_nothing_to_register(someone: Owner, rented: Tenancy) -> None:
    newcomer = tenancy(someone.landlord, start_on=date(2026, 8, 15))
    with pytest.raises(NotInCampaign):
        _register(newcomer)


def test_before_the_campaign_opens_neither(someone: Owner) -> None:
    made = tenancy(someone.landlord)
    with pytest.raises(NotInCampaign):
        _register(made)


def test_the_same_form_twice_is_one_receipt(rented: Tenancy) -> None:
    key, clerk = uuid4(), _clerk()
    assert _register(rented, key=key, by=clerk).pk == _register(rented, key=key, by=clerk).pk
    assert Receipt.objects.count() == 1
    assert Message.objects.count() == 1


def test_a_form_serves_one_tenancy(someone: Owner, rented: Tenancy) -> None:
    other, key = tenancy(someone.landlord), uuid4()
    campaign()
    _register(rented, key=key)
    with pytest.raises(KeyUsedOtherwise):
        _register(other, replace(PAPER, previous_typed="520"), key=key)


@pytest.mark.parametrize(("role", "place"), SQUARE)
def test_by_its_duty_at_the_tenancys_office(rented: Tenancy, role: Role, place: str) -> None:
    office("751", "Caf de Paris")
    who = colleague((role, place)).actor
    if Duty.REGISTER_PAPER not in DUTIES[role]:
        with pytest.raises(DutyMissing):
            _register(rented, by=who)
    elif place == "751":
        with pytest.raises(NotFound):
            _register(rented, by=who)
        assert tenancies_numbered(who, rented.claimant_number) == []
    else:
        assert [line.state for line in tenancies_numbered(who, rented.claimant_number)] == ["to_declare"]
        _register(rented, by=who)


def test_never_by_a_landlord_nor_by_machinery(someone: Owner, rented: Tenancy) -> None:
    with pytest.raises(DutyMissing):
        _register(rented, by=someone.actor)
    with pytest.raises((ActNotPossible, NotFound)):
        _register(rented, by=system("clock"))


@pytest.mark.django_db(transaction=True)
def test_of_two_agents_at_once_one_registers() -> None:
    someone = owner()
    made = tenancy(someone.landlord)
    july_rent(made, YEAR - 1, 52_000)
    campaign()
    first, second = _clerk(), _clerk()

    def one(by: Actor) -> str:
        try:
            return _register(made, by=by).number
        except AlreadySubmitted:
            return ""

    answers = at_once(2, lambda rank: one((first, second)[rank]))
    assert sum(1 for answer in answers if answer) == 1
    assert Receipt.objects.count() == 1


def test_it_leaves_for_the_office_as_all_do(someone: Owner, rented: Tenancy) -> None:
    _register(rented)
    outbound.seal(by=system("send"), at=NOW)
    line = json.loads(OutgoingLine.objects.get().line)
    assert (line["channel"], line["submitted_by"]) == ("paper", someone.account.login_id)
    assert line["details"]["rent_cents"] == 52_500


def test_the_receipt_on_paper_names_no_account(someone: Owner, rented: Tenancy) -> None:
    sheet = receipt_of(someone.actor, _register(rented).number)
    made = receipt_pdf(sheet, rents_of(sheet), check_url="https://parvis.example/", site="https://parvis.example")
    words = " ".join("".join(page.extract_text() for page in PdfReader(BytesIO(made)).pages).split())
    assert "Transmis par courrier papier, reçu le 20/07/2026 pour" in words
    assert someone.account.login_id not in words
