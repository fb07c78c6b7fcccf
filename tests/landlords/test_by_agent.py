"""What agents do for an account: each act by its duty, at the landlord's office, with a reason, once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from parvis.agents.posts import DUTIES, Role
from parvis.audit.models import Entry
from parvis.correspondence.models import Message, MessageState
from parvis.correspondence.returns.models import ReturnReason
from parvis.correspondence.returns.services import note_return
from parvis.correspondence.worker import run_until_empty
from parvis.identity.models import Account, AccountState, Credential, Nature, Partner, Session
from parvis.identity.services.sign_in import SignIn
from parvis.kit.actors import Actor, Duty
from parvis.kit.refusals import ActNotPossible, DutyMissing, NotFound, Refusal
from parvis.landlords.refusals import LastAdministrator, LettersTravel, NoReasonGiven
from parvis.landlords.services import by_agent
from tests.factories.agents import colleague
from tests.factories.correspondence import batched
from tests.factories.identity import OWN_PASSWORD, attempt, member, newborn
from tests.factories.landlords import Owner, landlord, office, owner

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("some_without_administrator")]
NOW = datetime.now(UTC)
WHY = "Appel du bailleur, identité vérifiée"
HERE = "441"


def unopened(email: str = "") -> Account:
    """An account of an organisation that nobody opened."""
    made = newborn(landlord().partner, until=NOW + timedelta(days=60), claimed=email)
    Account.objects.filter(pk=made.pk).update(user_number=made.partner.landlord.third_party_numbers.get().user_number)
    return made


def _letters(account: Account, at: datetime) -> None:
    """The two letters as they were queued at birth."""
    with_reason = {"reason": WHY, "in_spite": True, "by": colleague((Role.RECEPTION, "")).actor, "at": at}
    by_agent.send_credentials(account.partner_id, account.reference, **with_reason)  # type: ignore[arg-type]


def _made(account: Account) -> None:
    """Their PDFs lie in the folder, in no batch."""
    for letter in Message.objects.filter(account_id=account.pk):
        number = f"L-2026-{letter.pk:06d}"
        Message.objects.filter(pk=letter.pk).update(state=MessageState.SENT, is_held=False, sent_at=NOW, number=number)


ACTS: dict[str, tuple[Duty, Callable[[Account, Actor], object]]] = {
    "send": (
        Duty.SEND_CREDENTIALS,
        lambda who, by: by_agent.send_credentials(
            who.partner_id, who.reference, reason=WHY, in_spite=False, by=by, at=NOW
        ),
    ),
    "provisional": (
        Duty.SEND_CREDENTIALS,
        lambda who, by: by_agent.give_provisional(who.partner_id, who.reference, reason=WHY, by=by, at=NOW),
    ),
    "unlock": (
        Duty.UNLOCK,
        lambda who, by: by_agent.unlock(who.partner_id, who.reference, reason=WHY, by=by, at=NOW),
    ),
    "suspend": (
        Duty.SUSPEND_ACCOUNTS,
        lambda who, by: by_agent.suspend(who.partner_id, who.reference, reason=WHY, by=by, at=NOW),
    ),
    "reinstate": (
        Duty.SUSPEND_ACCOUNTS,
        lambda who, by: by_agent.reinstate(who.partner_id, who.reference, reason=WHY, by=by, at=NOW),
    ),
    "correct": (
        Duty.CORRECT_EMAILS,
        lambda who, by: by_agent.correct_email(
            who.partner_id, who.reference, "juste@agence.example", reason=WHY, by=by, at=NOW
        ),
    ),
}


@pytest.mark.parametrize("place", [HERE, "261", ""])
@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("act", list(ACTS))
def test_each_act_asks_for_its_duty_at_an_office_of_the_landlord(act: str, role: Role, place: str) -> None:
    office("261", "Caf de la Drôme")
    duty, do = ACTS[act]
    by = colleague((role, "" if role is Role.NATIONAL_ADMINISTRATOR else place)).actor
    may = duty in DUTIES[role] and place in (HERE, "")
    who = unopened()
    try:
        do(who, by)
    except DutyMissing:
        assert not may
    except Refusal:
        assert may
    else:
        assert may


@pytest.mark.parametrize("act", list(ACTS))
def test_a_partner_does_none_of_it(act: str) -> None:
    someone = owner()
    with pytest.raises(DutyMissing):
        ACTS[act][1](someone.account, someone.actor)


@pytest.mark.parametrize("reason", ["", "   ", "x" * 201])
def test_every_act_says_why(reason: str) -> None:
    who, by = unopened(), colleague((Role.RECEPTION, HERE)).actor
    with pytest.raises(NoReasonGiven):
        by_agent.send_credentials(who.partner_id, who.reference, reason=reason, in_spite=False, by=by, at=NOW)
    assert not Message.objects.exists()


def test_an_account_of_another_landlord_does_not_exist() -> None:
    who, other = unopened(), landlord()
    with pytest.raises(NotFound):
        by_agent.unlock(other.pk, who.reference, reason=WHY, by=colleague((Role.RECEPTION, "")).actor, at=NOW)


class TestCredentials:
    """Sent again."""

    by = property(lambda self: colleague((Role.RECEPTION, HERE)).actor)

    def test_letters_leave_for_an_organisation_that_never_opened(self) -> None:
        who = unopened()
        how = by_agent.send_credentials(who.partner_id, who.reference, reason=WHY, in_spite=False, by=self.by, at=NOW)
        assert how == "letters"
        assert Message.objects.filter(account_id=who.pk, channel="letter").count() == 2
        entry = Entry.objects.get(event="identity.credentials_sent")
        assert (entry.actor_kind, entry.details["reason"]) == ("agent", WHY)

    def test_while_letters_travel_it_refuses_and_says_until_when(self) -> None:
        who = unopened()
        _letters(who, NOW)
        with pytest.raises(LettersTravel, match="sinon le bailleur aura deux mots de passe"):
            by_agent.send_credentials(who.partner_id, who.reference, reason=WHY, in_spite=False, by=self.by, at=NOW)
        assert Message.objects.filter(account_id=who.pk).count() == 2

    def test_letters_that_wait_for_their_batch_are_not_doubled_however_long_they_wait(self) -> None:
        who = unopened()
        _letters(who, NOW)
        _made(who)
        later = NOW + timedelta(days=30)
        send = {"reason": WHY, "in_spite": False, "by": self.by, "at": later}
        with pytest.raises(LettersTravel, match="attend son lot d’impression"):
            by_agent.send_credentials(who.partner_id, who.reference, **send)
        batched(*Message.objects.filter(account_id=who.pk), posted_on=(later - timedelta(days=2)).date())
        with pytest.raises(LettersTravel, match="Une lettre est partie le"):
            by_agent.send_credentials(who.partner_id, who.reference, **send)
        Message.objects.update(batch=None)
        Credential.objects.update(provisional_until=NOW + timedelta(days=29))
        assert by_agent.send_credentials(who.partner_id, who.reference, **send) == "letters", "its password has ended"

    def test_letters_that_came_back_travel_no_more(self) -> None:
        who = unopened()
        _letters(who, NOW)
        _made(who)
        first = Message.objects.filter(account_id=who.pk).order_by("pk")[0]
        note_return(first, ReturnReason.NOT_THERE, by=self.by, at=NOW)
        how = by_agent.send_credentials(who.partner_id, who.reference, reason=WHY, in_spite=False, by=self.by, at=NOW)
        assert how == "letters"

    def test_in_spite_of_them_what_has_not_left_is_taken_back(self) -> None:
        who = unopened()
        _letters(who, NOW)
        by_agent.send_credentials(who.partner_id, who.reference, reason=WHY, in_spite=True, by=self.by, at=NOW)
        states = list(Message.objects.filter(account_id=who.pk).order_by("id").values_list("state", flat=True))
        assert states == [MessageState.CANCELLED] * 2 + [MessageState.DUE] * 2

    def test_whoever_has_a_mailbox_gets_their_identifier_and_keeps_their_password(self) -> None:
        someone = owner()
        kept = someone.account.credential.password
        how = by_agent.send_credentials(
            someone.landlord.pk, someone.account.reference, reason=WHY, in_spite=False, by=self.by, at=NOW
        )
        assert how == "identifier"
        assert Message.objects.get().template == "identity/emails/identifier_again"
        assert Credential.objects.get(pk=someone.account.credential_id).password == kept

    def test_a_closed_access_gets_nothing(self) -> None:
        who = unopened()
        Account.objects.filter(pk=who.pk).update(state=AccountState.DISABLED, disabled_at=NOW)
        with pytest.raises(ActNotPossible):
            by_agent.send_credentials(who.partner_id, who.reference, reason=WHY, in_spite=True, by=self.by, at=NOW)

    def test_a_days_password_leaves_by_email_and_nobody_sees_it(self) -> None:
        who = unopened("neuf@agence.example")
        by_agent.give_provisional(who.partner_id, who.reference, reason=WHY, by=self.by, at=NOW)
        message = Message.objects.get(account_id=who.pk)
        assert (message.to_email, message.secret) == ("neuf@agence.example", "provisional_by_agent")
        assert run_until_empty(at=NOW) == 1
        message.refresh_from_db()
        assert "••••••" in message.body


class TestUnlocking:
    """Pauses end for the owner, whoever brought them."""

    def test_whoever_was_paused_gets_in_at_once_and_is_told(self) -> None:
        who = member(landlord().partner)
        for _ in range(6):
            attempt(who.login_id, "Autre-Chose-2026!", at=NOW)
        assert attempt(who.login_id, OWN_PASSWORD, at=NOW).kind is SignIn.PAUSED
        by = colleague((Role.RECEPTION, HERE)).actor
        by_agent.unlock(who.partner_id, who.reference, reason=WHY, by=by, at=NOW)
        assert attempt(who.login_id, OWN_PASSWORD, at=NOW).kind is SignIn.SIGNED_IN
        assert Message.objects.filter(template="identity/emails/unlocked", account_id=who.pk).count() == 1
        assert Entry.objects.get(event="identity.unlocked").details["reason"] == WHY

    def test_the_pauses_of_others_stay(self) -> None:
        who, other = member(landlord().partner), member(landlord().partner)
        for _ in range(6):
            attempt(who.login_id, "Autre-Chose-2026!", at=NOW)
            attempt(other.login_id, "Autre-Chose-2026!", at=NOW, address="198.51.100.9")
        by = colleague((Role.RECEPTION, HERE)).actor
        by_agent.unlock(who.partner_id, who.reference, reason=WHY, by=by, at=NOW)
        assert attempt(other.login_id, OWN_PASSWORD, at=NOW, address="198.51.100.9").kind is SignIn.PAUSED

    def test_an_account_that_waits_for_nothing_is_said_so(self) -> None:
        someone = owner()
        with pytest.raises(ActNotPossible):
            by_agent.unlock(
                someone.landlord.pk,
                someone.account.reference,
                reason=WHY,
                by=colleague((Role.RECEPTION, "")).actor,
                at=NOW,
            )

    def test_a_frozen_access_is_opened_again(self) -> None:
        someone = owner()
        Credential.objects.filter(pk=someone.account.credential_id).update(frozen_at=NOW)
        by = colleague((Role.RECEPTION, HERE)).actor
        by_agent.unlock(someone.landlord.pk, someone.account.reference, reason=WHY, by=by, at=NOW)
        assert Credential.objects.get(pk=someone.account.credential_id).frozen_at is None


class TestSuspending:
    """Out at once, everywhere; never the last administrator."""

    by = property(lambda self: colleague((Role.RIGHTS_OFFICER, "")).actor)

    def _two(self) -> tuple[Owner, Owner]:
        first = owner()
        return first, owner(first.landlord)

    def test_their_next_page_is_refused_and_both_directions_are_told(self) -> None:
        _, second = self._two()
        browser = second.browser()
        by_agent.suspend(second.landlord.pk, second.account.reference, reason=WHY, by=self.by, at=NOW)
        assert browser.get(f"/c/{second.account.reference}/").status_code == 302
        assert not Session.objects.filter(credential=second.account.credential, ends_at__gt=NOW).exists()
        by_agent.reinstate(second.landlord.pk, second.account.reference, reason=WHY, by=self.by, at=NOW)
        second.account.refresh_from_db()
        assert second.account.state == AccountState.ACTIVE
        templates = set(Message.objects.values_list("template", flat=True))
        assert templates == {"landlords/emails/suspended", "landlords/emails/reinstated"}

    def test_the_last_administrator_is_replaced_first(self) -> None:
        someone = owner()
        with pytest.raises(LastAdministrator):
            by_agent.suspend(someone.landlord.pk, someone.account.reference, reason=WHY, by=self.by, at=NOW)

    def test_an_individual_has_nobody_to_replace_them(self) -> None:
        someone = owner()
        Partner.objects.filter(pk=someone.landlord.pk).update(nature=Nature.INDIVIDUAL)
        by_agent.suspend(someone.landlord.pk, someone.account.reference, reason=WHY, by=self.by, at=NOW)
        someone.account.refresh_from_db()
        assert someone.account.state == AccountState.DISABLED

    def test_what_the_organisation_closed_is_its_own_to_open(self) -> None:
        first, second = self._two()
        Account.objects.filter(pk=second.account.pk).update(
            state=AccountState.DISABLED, disabled_at=NOW, disabled_by=first.account.login_id
        )
        with pytest.raises(ActNotPossible, match="lui seul le rouvre"):
            by_agent.reinstate(second.landlord.pk, second.account.reference, reason=WHY, by=self.by, at=NOW)

    def test_it_stands_in_the_journal_of_the_file(self) -> None:
        _, second = self._two()
        by_agent.suspend(second.landlord.pk, second.account.reference, reason=WHY, by=self.by, at=NOW)
        assert Entry.objects.get(event="landlords.suspended").partner_id == second.landlord.pk

    def test_two_clicks_suspend_once(self) -> None:
        _, second = self._two()
        for _ in range(2):
            by_agent.suspend(second.landlord.pk, second.account.reference, reason=WHY, by=self.by, at=NOW)
        assert Entry.objects.filter(event="landlords.suspended").count() == 1

    def test_what_is_open_is_not_opened(self) -> None:
        someone = owner()
        with pytest.raises(ActNotPossible):
            by_agent.reinstate(someone.landlord.pk, someone.account.reference, reason=WHY, by=self.by, at=NOW)
