"""« Consulter dossier »: who may look, what is written, what is told, how often."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from parvis.audit.models import Entry
from parvis.kit.actors import Right
from parvis.kit.refusals import NotAllowed, NotFound, Refusal
from parvis.landlords.models import Habilitation, Landlord
from parvis.parameters import selectors as parameters
from parvis.parameters.models import ParameterValue
from parvis.tenancies.looks import AidState, LookReason, aid_state, read_claimant_number
from parvis.tenancies.models import FileLook
from parvis.tenancies.refusals import OfficeNotYours, ReasonMissing, TooManyLooks, WrongClaimantNumber
from parvis.tenancies.selectors.files import look_of, looks_page, looks_to_export, offices_to_ask
from parvis.tenancies.services.files import look_up
from tests.factories.files import file_look, looker
from tests.factories.landlords import Owner, landlord, office, owner
from tests.factories.tenancies import payment, tenancy

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)


def look(by: Owner, number: str, *, at: datetime = NOW, **fields: Any) -> FileLook:
    asked = {"office": "441", "reason": LookReason.LEASE, "note": "", **fields}
    return look_up(**asked, number=number, by=by.actor, at=at)


@pytest.mark.parametrize(
    ("written", "digits", "repaired"),
    [
        ("2000001", "2000001", False), (" 200 00 01 ", "2000001", False), ("2.000.001", "2000001", False),
        ("2OOOoo1", "2000001", True), ("2\u00a0000-001", "2000001", False),
    ],
)  # fmt: skip
def test_a_number_is_read_kindly(written: str, digits: str, *, repaired: bool) -> None:
    assert read_claimant_number(written) == (digits, repaired)


@pytest.mark.parametrize("written", ["", "   ", "123456", "12345678", "ABCDEFG", "٢٠٠٠٠٠١", "2000001'--", "1" * 10_000])
def test_what_is_no_number_is_refused_beside_the_field(written: str) -> None:
    with pytest.raises(WrongClaimantNumber) as refusal:
        read_claimant_number(written)
    assert refusal.value.field == "number"


@pytest.mark.parametrize(
    ("ended", "direct", "month", "state"),
    [
        (True, True, date(2026, 10, 1), AidState.ENDED), (False, False, None, AidState.UNKNOWN),
        (False, True, None, AidState.NOT_YET), (False, True, date(2026, 9, 1), AidState.PAID),
        (False, True, date(2026, 8, 1), AidState.SUSPENDED), (False, True, date(2025, 11, 1), AidState.SUSPENDED),
    ],
)  # fmt: skip
def test_the_state_of_the_aid_is_read_from_the_last_month_paid(
    *, ended: bool, direct: bool, month: date | None, state: AidState
) -> None:
    assert aid_state(ended=ended, direct_payment=direct, last_paid_month=month, today=date(2026, 11, 18)) is state


def test_a_look_is_written_with_the_journal_found_or_not() -> None:
    me = looker()
    theirs = tenancy(landlord())
    found = look(me, theirs.claimant_number)
    missing = look(me, "9999999", reason=LookReason.OTHER, note="  une   erreur ")
    assert (found.was_found, missing.was_found, missing.note) == (True, False, "une erreur")
    entries = Entry.objects.filter(event="tenancies.file_looked").order_by("pk")
    assert [(entry.subject, entry.details["found"]) for entry in entries] == [
        (f"441/{theirs.claimant_number}", True),
        ("441/9999999", False),
    ]


def test_the_file_of_any_landlord_of_the_office_is_shown_without_any_amount() -> None:
    me = looker()
    rented = tenancy(landlord(), start_on=date(2024, 2, 1))
    left = tenancy(
        landlord(), claimant_number=rented.claimant_number, start_on=date(2019, 1, 1), end_on=date(2023, 1, 31)
    )
    payment(rented, date(2026, 10, 1), 12_345)
    sheet = look_of(me.actor, look(me, rented.claimant_number).reference, at=NOW + timedelta(minutes=14))
    assert [(one.start_on, one.state) for one in sheet.tenancies] == [
        (rented.start_on, AidState.PAID),
        (left.start_on, AidState.ENDED),
    ]
    assert "12345" not in repr(sheet)
    assert "52500" not in repr(sheet)


def test_a_file_of_another_office_is_not_found() -> None:
    me = looker()
    office("751", "Caf de Paris")
    elsewhere = tenancy(landlord(office_code="751"))
    assert not look(me, elsewhere.claimant_number).was_found
    with pytest.raises(OfficeNotYours):
        look(me, elsewhere.claimant_number, office="751")
    assert FileLook.objects.count() == 1


def test_after_a_quarter_of_an_hour_the_file_is_closed() -> None:
    me = looker()
    reference = look(me, tenancy(landlord()).claimant_number).reference
    sheet = look_of(me.actor, reference, at=NOW + timedelta(minutes=15))
    assert not sheet.is_open
    assert sheet.tenancies == ()


def test_a_look_is_its_own_accounts_alone() -> None:
    me = looker()
    colleague, stranger = looker(me.landlord), looker()
    reference = look(me, tenancy(me.landlord).claimant_number).reference
    for other in (colleague, stranger):
        with pytest.raises(NotFound):
            look_of(other.actor, reference, at=NOW)
    with pytest.raises(NotFound):
        look_of(me.actor, uuid4(), at=NOW)


def test_without_the_right_or_without_the_offices_leave_nothing_is_looked_up() -> None:
    without = looker(rights=frozenset(Right) - {Right.CONSULT_FILES})
    not_allowed = owner()
    for who in (without, not_allowed):
        with pytest.raises(NotAllowed):
            look(who, "2000001")
    assert not FileLook.objects.exists()


def test_a_user_limited_to_other_offices_is_offered_none() -> None:
    me = looker()
    office("751", "Caf de Paris")
    assert offices_to_ask(me.actor) == [("441", "Caf de la Loire-Atlantique")]
    limited = replace(me.actor, offices=frozenset({"751"}))
    assert offices_to_ask(limited) == []
    with pytest.raises(OfficeNotYours):
        look_up(office="441", number="2000001", reason=LookReason.LEASE, note="", by=limited, at=NOW)


def test_another_reason_is_said_in_words() -> None:
    me = looker()
    with pytest.raises(ReasonMissing):
        look(me, "2000001", reason=LookReason.OTHER, note="   ")
    assert not FileLook.objects.exists()


def test_a_double_click_is_one_look_and_a_later_question_is_another() -> None:
    me = looker()
    first, second = look(me, "2000001"), look(me, "2000001", at=NOW + timedelta(seconds=2))
    assert first.pk == second.pk
    assert look(me, "2000001", at=NOW + timedelta(minutes=1)).pk != first.pk
    assert look(me, "2000002").pk != first.pk
    assert FileLook.objects.count() == Entry.objects.filter(event="tenancies.file_looked").count() == 3


@pytest.mark.django_db(transaction=True)
def test_ten_clicks_at_once_are_one_look() -> None:
    me = looker()

    def click(_: int) -> int:
        try:
            return int(look(me, "2000001").pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as clicks:
        assert len(set(clicks.map(click, range(10)))) == 1
    assert FileLook.objects.count() == 1


def test_an_account_has_so_many_looks_an_hour_and_its_colleagues_have_their_own() -> None:
    ParameterValue.objects.create(name="file_looks_an_hour", value=2, changed_at=NOW, changed_by="test")
    parameters.forget()
    me = looker()
    colleague = looker(me.landlord)
    look(me, "2000001")
    look(me, "2000002")
    with pytest.raises(TooManyLooks, match="2 consultations"):
        look(me, "2000003")
    look(colleague, "2000003")
    look(me, "2000003", at=NOW + timedelta(minutes=61))
    parameters.forget()


def test_history_shows_ones_own_looks_and_an_administrator_all_of_the_organisation() -> None:
    boss = looker()
    worker = looker(boss.landlord, rights=frozenset({Right.CONSULT_FILES}))
    stranger = looker()
    for who, number in ((boss, "2000001"), (worker, "2100002"), (stranger, "2000003")):
        look(who, number)

    def numbers(who: Owner, **asked: Any) -> set[str]:
        return {line.claimant_number for line in looks_page(who.actor, at=NOW, **asked).lines}

    assert numbers(boss) == {"2000001", "2100002"}
    assert numbers(worker) == {"2100002"}
    assert numbers(boss, number="21") == {"2100002"}
    assert numbers(boss, number="%") == set()
    assert len(looks_to_export(boss.actor, at=NOW)) == 2
    with pytest.raises(NotAllowed):
        looks_page(owner(rights=frozenset({Right.CONSULT})).actor, at=NOW)


def test_history_is_turned_by_key_both_ways() -> None:
    me = looker()
    rented = tenancy(me.landlord)
    made = [file_look(me, rented, at=NOW - timedelta(minutes=rank // 2)) for rank in range(60)]
    first = looks_page(me.actor, at=NOW)
    second = looks_page(me.actor, after=first.following, at=NOW)
    third = looks_page(me.actor, after=second.following, at=NOW)
    seen = [line.reference for page in (first, second, third) for line in page.lines]
    assert sorted(seen) == sorted(made)
    assert (len(third.lines), third.following, first.previous) == (10, None, None)
    assert looks_page(me.actor, before=third.previous, at=NOW).lines == second.lines
    assert looks_page(me.actor, before=second.previous, at=NOW) == first
    assert looks_page(me.actor, after=uuid4(), at=NOW) == first


def test_the_command_opens_the_service_and_closes_it_with_every_right() -> None:
    me = owner()
    Landlord.objects.filter(pk=me.landlord.pk).update(siret="12345678900012")
    call_command("allow_files", "12345678900012")
    assert Landlord.objects.get(pk=me.landlord.pk).may_consult_files
    with pytest.raises(CommandError, match="déjà"):
        call_command("allow_files", "12345678900012")
    call_command("allow_files", "123 456 789 00012", stop=True)
    assert not Landlord.objects.get(pk=me.landlord.pk).may_consult_files
    assert not Habilitation.objects.filter(right="consult_files", ended_at=None).exists()
    assert Habilitation.objects.filter(right="consult", ended_at=None).exists()
    events = Entry.objects.filter(event__startswith="tenancies.files_").order_by("pk").values_list("event", flat=True)
    assert list(events) == ["tenancies.files_allowed", "tenancies.files_stopped"]


@pytest.mark.parametrize("siret", ["", "0", "\x00", "99999999999999"])
def test_the_command_names_a_siret_that_nobody_has(siret: str) -> None:
    owner()
    with pytest.raises(CommandError, match="Aucun bailleur"):
        call_command("allow_files", siret)


def test_refusals_are_sentences() -> None:
    for refusal in (OfficeNotYours(), ReasonMissing(), TooManyLooks(30, NOW)):
        assert isinstance(refusal, Refusal)
        assert refusal.sentence.endswith(".")
