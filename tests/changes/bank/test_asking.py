"""Bank details: the code of this very IBAN, the hold, the second agreement, the stop, the agent, the tampering."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from parvis.audit.models import Entry
from parvis.changes import rules
from parvis.changes.models import ChangeRequest, ChangeStep
from parvis.changes.refusals import HolderDiffers, SameIban, WrongIban
from parvis.changes.rules.ibans import read_iban
from parvis.changes.selectors.requests import bank_changes_waiting_for
from parvis.changes.services import deciding, leaving
from parvis.changes.services.bank import asking
from parvis.correspondence.models import Message
from parvis.exchange.services import outbound
from parvis.identity.models import FormerMailbox
from parvis.identity.services.codes import Verdict
from parvis.kit.actors import Right, operator, system
from parvis.kit.encryption import blind_index
from parvis.kit.refusals import ActNotPossible, Refusal
from parvis.landlords.models import ThirdPartyNumber
from tests.changes.test_leaving import BY, lines
from tests.factories.changes import ANOTHER, BELGIAN, IBAN, NOW, bank_asked, bank_typed
from tests.factories.identity import code_received, deliver
from tests.factories.landlords import owner
from tests.factories.papers import PAPER

pytestmark = pytest.mark.django_db
SYSTEM = system("release_changes")
AGENT = operator("Agnès Le Goff")
HOLD = timedelta(hours=72)


def released(at: datetime) -> ChangeRequest:
    """The only change, after the passing of time."""
    leaving.release_due(by=SYSTEM, at=at)
    return ChangeRequest.objects.get()


def test_nothing_happens_and_nobody_is_told_before_the_code() -> None:
    who = owner()
    change, _ = bank_typed(who)
    assert change.state == "asked"
    assert [message.template for message in Message.objects.all()] == ["identity/emails/code_bank_change"]


def test_the_code_starts_a_hold_of_72_hours_and_not_one_second_less() -> None:
    change = bank_asked(owner())
    assert (change.state, change.held_until) == ("held", NOW + HOLD)
    assert released(NOW + HOLD - timedelta(seconds=1)).state == "held"
    assert released(NOW + HOLD).state == "ready"


def test_it_leaves_after_the_hold_with_its_iban_and_only_there(tmp_path: Path) -> None:
    bank_asked(owner())
    assert outbound.send(tmp_path, by=BY, at=NOW + HOLD) == []
    leaving.release_due(by=SYSTEM, at=NOW + HOLD)
    outbound.send(tmp_path, by=BY, at=NOW + HOLD)
    (line,) = lines(tmp_path)
    assert line["kind"] == "bank_details"
    assert line["details"] == {
        "account_holder": "Alliance Familiale",
        "country": "FR",
        "iban": IBAN,
        "checked_by_agent": False,
    }


def test_the_iban_is_written_nowhere_in_clear(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    bank_asked(owner())
    sent = deliver(NOW + timedelta(minutes=1))
    leaving.release_due(by=SYSTEM, at=NOW + HOLD)
    outbound.send(tmp_path, by=BY, at=NOW + HOLD)
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{IBAN[4:-4]}%"])
            assert cursor.fetchone() == (0,), table
    told = caplog.text + "".join(f"{message.subject} {message.body}" for message in sent)
    assert IBAN[4:-4] not in told.replace(" ", "").replace("\u00a0", "")
    assert "0189" in told


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "commence par deux lettres"),
        (IBAN[:-2], "Il manque 2\u00a0caractères"),
        (IBAN + "0", "1\u00a0caractère de trop"),
        (IBAN[:-1] + "8", "contient une erreur"),
        ("BR1500000000000010932840814P2", "hors zone SEPA"),
        ("BE0853900754703", "forme de son pays"),
        ("1234", "commence par deux lettres"),
        ("FR76" + "é" * 23, "commence par deux lettres"),
    ],
    ids=["nothing", "short", "long", "wrong", "brazil", "belgian", "digits", "letters"],
)
def test_what_is_no_account_is_refused_in_words(typed: str, words: str) -> None:
    with pytest.raises(WrongIban) as refusal:
        read_iban(typed)
    assert words in refusal.value.sentence


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (IBAN[:9] + "1" + IBAN[10:], "le chiffre «\u00a01\u00a0» du 3e groupe (6100), ou"),
        (
            IBAN[:14] + "21" + IBAN[16:],
            "le chiffre «\u00a02\u00a0» du 4e groupe (0121) et le suivant, peut-être inversés",
        ),
        ("FR77" + IBAN[4:], "vérifiez d’abord le chiffre «\u00a07\u00a0» du 1er groupe (FR77)."),
        (IBAN[:6] + "99999" + IBAN[11:], "vérifiez d’abord"),
        ("BE6853900754703" + "9", "contient une erreur"),
    ],
    ids=["one digit", "two turned", "check digits", "many", "abroad"],
)
def test_the_digit_to_look_at_is_told_where_one_explains_it(typed: str, words: str) -> None:
    with pytest.raises(WrongIban) as refusal:
        read_iban(typed)
    assert words in refusal.value.sentence


def test_blanks_and_small_letters_are_accepted() -> None:
    assert read_iban("fr76 3000 6000 0112 3456 7890 189") == IBAN


@pytest.mark.parametrize(
    ("holder", "same"),
    [
        ("ALLIANCE FAMILIALE", True),
        ("Association Alliance Familiale", True),
        ("Familiale (Alliance)", True),
        ("Alliance", False),
        ("Jean Dupont", False),
        ("", False),
    ],
)
def test_the_holder_is_compared_word_by_word(holder: str, *, same: bool) -> None:
    assert rules.is_same_holder(holder, "Alliance Familiale") is same


def test_another_holder_wants_a_file_and_an_agent() -> None:
    who = owner()
    with pytest.raises(HolderDiffers):
        bank_typed(who, holder="Jean Dupont")
    assert not ChangeRequest.objects.exists()
    change = bank_asked(who, holder="Jean Dupont", file=PAPER)
    assert change.flags == ["holder_differs"]
    assert released(NOW + HOLD).state == "held"
    deciding.approve_bank_change(change.number, reason="Acte vu", by=AGENT, at=NOW + HOLD)
    assert released(NOW + HOLD).state == "ready"


def test_a_foreign_account_and_one_used_elsewhere_want_an_agent() -> None:
    other = owner().third_party_number
    other.iban_index, other.iban, other.iban_last4 = blind_index(BELGIAN, "iban"), b"x", BELGIAN[-4:]
    other.save()
    assert bank_asked(owner(), iban=BELGIAN).flags == ["foreign_iban", "iban_elsewhere"]


def test_a_mailbox_changed_lately_lengthens_the_hold_is_told_and_wants_an_agent() -> None:
    who = owner()
    left = NOW - timedelta(days=2)
    FormerMailbox.objects.create(
        credential_id=who.account.credential_id,
        email="avant@parvis.example",
        left_at=left,
        told_until=left + timedelta(30),
    )
    change = bank_asked(who)
    assert (change.flags, change.held_until) == (["after_recovery"], left + timedelta(days=10))
    told = set(Message.objects.filter(template="changes/emails/bank_asked").values_list("to_email", flat=True))
    assert told == {who.account.credential.email, "avant@parvis.example"}


@pytest.mark.parametrize(("days", "flags"), [(2, ["after_recovery"]), (29, ["after_recovery"]), (31, [])])
def test_an_access_found_again_lately_wants_an_agent(days: int, flags: list[str]) -> None:
    who = owner()
    who.account.credential.proof_changed_at = NOW - timedelta(days=days)
    who.account.credential.save()
    assert bank_asked(who).flags == flags


def test_the_third_landlord_one_mailbox_changes_within_a_day_wants_an_agent() -> None:
    first = owner()
    flags = []
    for who in (first, *(owner(credential=first.account.credential) for _ in range(2))):
        flags.append(bank_asked(who).flags)
        deliver(NOW)
    assert flags == [[], [], ["many_at_once"]]


def test_all_administrators_and_the_address_are_told_with_four_signs() -> None:
    who = owner()
    other = owner(who.landlord, rights=frozenset({Right.ADMINISTER}))
    bank_asked(who)
    mails = Message.objects.filter(template="changes/emails/bank_asked")
    assert {message.to_email for message in mails} == {who.account.credential.email, other.account.credential.email}
    assert Message.objects.filter(template="changes/letters/bank_asked").count() == 1
    assert all("0189" in str(message.context) and IBAN not in str(message.context) for message in mails)


def test_the_account_the_office_pays_already_is_refused() -> None:
    who = owner()
    ThirdPartyNumber.objects.update(iban_index=blind_index(IBAN, "iban"), iban=b"x", iban_last4=IBAN[-4:])
    with pytest.raises(SameIban):
        bank_typed(who)


def test_a_code_of_one_iban_does_not_prove_another() -> None:
    who = owner()
    first, session = bank_typed(who)
    digits = code_received()
    second, _ = bank_typed(who, iban=ANOTHER, session=session, at=NOW + timedelta(minutes=2))
    at = NOW + timedelta(minutes=3)
    outcome, change = asking.prove_bank_change(second.opaque, session, digits, by=who.actor, at=at)
    assert outcome.verdict is not Verdict.RIGHT
    assert change.state == "asked"
    with pytest.raises(ActNotPossible):
        asking.prove_bank_change(first.opaque, session, digits, by=who.actor, at=at)


def test_a_wrong_code_is_counted_and_proves_nothing() -> None:
    who = owner()
    change, session = bank_typed(who)
    digits = code_received()
    wrong = "000000" if digits != "000000" else "111111"
    outcome, _ = asking.prove_bank_change(change.opaque, session, wrong, by=who.actor, at=NOW)
    assert (outcome.verdict, outcome.left) == (Verdict.WRONG, 4)
    assert ChangeRequest.objects.get().state == "asked"


def test_an_account_moved_to_another_row_does_not_leave(tmp_path: Path) -> None:
    first, thief = bank_asked(owner()), bank_asked(owner(), iban=ANOTHER)
    stolen = ChangeRequest.objects.get(pk=thief.pk).iban
    ChangeRequest.objects.filter(pk=first.pk).update(iban=stolen)
    leaving.release_due(by=SYSTEM, at=NOW + HOLD)
    outbound.send(tmp_path, by=BY, at=NOW + HOLD)
    assert [line["change_ref"] for line in lines(tmp_path)] == [thief.number]
    assert ChangeRequest.objects.get(pk=first.pk).state == "refused"
    assert Entry.objects.filter(event="changes.iban_altered", subject=first.number).count() == 1


def test_the_history_is_only_added_to() -> None:
    change = bank_asked(owner())
    for act in (
        lambda: ChangeStep.objects.update(at=NOW),
        lambda: ChangeStep.objects.all().delete(),
        lambda: ChangeRequest.objects.filter(pk=change.pk).update(iban_last4="9999"),
        lambda: ChangeRequest.objects.filter(pk=change.pk).update(details={}),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_only_an_agent_approves_and_says_why() -> None:
    change = bank_asked(owner(), iban=BELGIAN)
    for by, reason in ((SYSTEM, "Vu"), (AGENT, " "), (AGENT, "x" * 500)):
        with pytest.raises(Refusal):
            deciding.approve_bank_change(change.number, reason=reason, by=by, at=NOW)
    assert ChangeRequest.objects.get().approved_by == ""


def test_a_change_to_prove_waits_only_among_the_offices_of_the_person() -> None:
    who = owner()
    change, _ = bank_typed(who)
    begun, _ = bank_changes_waiting_for(who.actor, limit=1, at=NOW)
    assert [one.opaque for one in begun] == [change.opaque]
    elsewhere = replace(who.actor, offices=frozenset({"999"}))
    assert bank_changes_waiting_for(elsewhere, limit=1, at=NOW) == ([], [])


def test_the_same_form_clicked_twice_is_asked_once_and_sends_one_code() -> None:
    who = owner()
    first, session = bank_typed(who, file=PAPER)
    again, _ = bank_typed(who, session=session, at=NOW + timedelta(seconds=1), file=PAPER)
    assert again.pk == first.pk
    assert ChangeRequest.objects.count() == 1
    assert len([mail for mail in deliver(NOW) if "coordonnées bancaires" in str(mail.subject)]) == 1


def test_another_browser_or_another_file_is_another_asking() -> None:
    who = owner()
    first, session = bank_typed(who)
    with pytest.raises(Refusal, match="nouveau code"):
        bank_typed(who, session=session, at=NOW + timedelta(seconds=1), file=PAPER)
    elsewhere, _ = bank_typed(who, at=NOW + timedelta(seconds=2))
    assert elsewhere.pk != first.pk
