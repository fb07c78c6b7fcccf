"""The acts of an agent on an account, from the file: the button, the page, the reason, done once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from parvis.agents.posts import DUTIES, Role
from parvis.audit.models import Entry
from parvis.correspondence.models import Message
from parvis.identity.models import Account, AccountState, Credential
from parvis.identity.services.sign_in import SignIn
from parvis.kit.actors import Duty
from tests.factories.agents import Colleague, colleague
from tests.factories.identity import attempt
from tests.factories.landlords import Owner, office, owner
from tests.web.backoffice.file.opening import alone, file_of, opened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("some_without_administrator")]
NOW = datetime.now(UTC)
WHY = {"reason": "Appel, identité vérifiée"}
PAGES = {
    "renvoyer": Duty.SEND_CREDENTIALS, "provisoire": Duty.SEND_CREDENTIALS, "debloquer": Duty.UNLOCK,
    "bloquer": Duty.SUSPEND_ACCOUNTS, "messagerie-perdue": Duty.SEND_CREDENTIALS,
    "suspendre": Duty.SUSPEND_ACCOUNTS, "retablir": Duty.SUSPEND_ACCOUNTS, "adresse-mail": Duty.CORRECT_EMAILS,
}  # fmt: skip


def _act(someone: Owner, act: str) -> str:
    return f"{file_of(someone)}comptes/{someone.account.reference}/{act}/"


def _unopened() -> Owner:
    """An account nobody has opened yet, whose letters never left."""
    someone = owner()
    credential = Credential.objects.create()
    Account.objects.filter(pk=someone.account.pk).update(
        state=AccountState.NEW, opened_at=None, credential=credential, claimed_email="neuf@agence.example"
    )
    someone.account.refresh_from_db()
    return someone


def _officer() -> Colleague:
    return colleague((Role.RIGHTS_OFFICER, "441"))


@pytest.mark.parametrize("place", ["441", "261"])
@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("act", list(PAGES))
def test_each_page_opens_by_its_duty_at_the_landlords_office(act: str, role: Role, place: str) -> None:
    office("261", "Caf de la Drôme")
    someone = owner()
    national = role is Role.NATIONAL_ADMINISTRATOR
    who = colleague((role, "" if national else place))
    here = national or place == "441"
    browser = opened(who, someone) if here else who.browser()
    expected = 403 if PAGES[act] not in DUTIES[role] else 200 if here else 404
    assert browser.get(_act(someone, act)).status_code == expected


def test_without_a_reason_given_today_the_file_comes_first() -> None:
    someone = owner()
    answer = _officer().browser().get(_act(someone, "suspendre"))
    assert answer.headers["Location"] == file_of(someone) + "motif/"


@pytest.mark.parametrize("act", list(PAGES))
def test_no_reason_no_act(act: str) -> None:
    someone = owner()
    page = opened(_officer(), someone).post(_act(someone, act), {"email": "x@y.example"}).content.decode()
    assert "Dites pourquoi" in page
    assert not Message.objects.exclude(template__startswith="agents/").exists()


def test_the_buttons_are_those_that_make_sense() -> None:
    someone = owner()
    page = opened(_officer(), someone).get(file_of(someone)).content.decode()
    assert _act(someone, "renvoyer") in page
    assert _act(someone, "suspendre") in page
    assert _act(someone, "retablir") not in page
    assert _act(someone, "debloquer") not in page
    assert file_of(someone) + "remplacement/" in page


def test_letters_that_travel_are_waited_for_unless_one_says_why_not() -> None:
    someone = _unopened()
    Account.objects.filter(pk=someone.account.pk).update(claimed_email="")
    browser = opened(colleague((Role.RECEPTION, "441")), someone)
    assert "Deux lettres partent" in browser.post(_act(someone, "renvoyer"), WHY, follow=True).content.decode()
    again = browser.post(_act(someone, "renvoyer"), WHY).content.decode()
    assert "sinon le bailleur aura deux mots de passe" in again
    assert "Renvoyer quand même" in again
    assert "Attendre" in again
    done = browser.post(_act(someone, "renvoyer"), {**WHY, "in_spite": "on"}, follow=True).content.decode()
    assert "Deux lettres partent" in done
    states = list(Message.objects.filter(account_id=someone.account.pk).order_by("id").values_list("state", flat=True))
    assert states == ["cancelled", "cancelled", "due", "due"]


def test_a_password_for_a_day_is_never_shown() -> None:
    someone = _unopened()
    page = opened(_officer(), someone).post(_act(someone, "provisoire"), WHY, follow=True).content.decode()
    assert "valable 24 heures" in page.replace("\u00a0", " ")
    assert Message.objects.get(account_id=someone.account.pk).secret == "provisional_by_agent"


def test_whoever_was_paused_gets_in() -> None:
    someone = owner()
    for _ in range(6):
        attempt(someone.account.login_id, "Autre-Chose-2026!", at=datetime.now(UTC))
    browser = opened(_officer(), someone)
    page = browser.post(_act(someone, "debloquer"), WHY, follow=True).content.decode()
    assert "La personne peut se connecter tout de suite." in page
    kind = attempt(someone.account.login_id, "Autre-Chose-2026!", at=datetime.now(UTC)).kind
    assert kind is SignIn.WRONG


def test_the_agent_reads_how_many_tries_paused_an_access_from_which_browser_and_when() -> None:
    someone = owner()
    for _ in range(5):
        attempt(someone.account.login_id, "Autre-Chose-2026!", at=datetime.now(UTC))
    browser = opened(_officer(), someone)
    for page in (file_of(someone), _act(someone, "debloquer")):
        shown = browser.get(page).content.decode()
        assert "5\u00a0essais, le dernier depuis Firefox, le " in shown
        assert "navigateur jamais vu pour ce compte" in shown


def test_an_access_is_suspended_and_reinstated() -> None:
    first = owner()
    second = owner(first.landlord)
    browser = opened(_officer(), second)
    assert "L’accès est suspendu" in browser.post(_act(second, "suspendre"), WHY, follow=True).content.decode()
    assert _act(second, "retablir") in browser.get(file_of(second)).content.decode()
    assert "L’accès est rétabli" in browser.post(_act(second, "retablir"), WHY, follow=True).content.decode()


def test_an_address_nobody_proved_is_corrected() -> None:
    someone = _unopened()
    browser = opened(_officer(), someone)
    wrong = browser.post(_act(someone, "adresse-mail"), {**WHY, "email": "pas une adresse"}).content.decode()
    assert "Il manque quelque chose dans cette adresse" in wrong
    assert 'value="pas une adresse"' in wrong
    browser.post(_act(someone, "adresse-mail"), {**WHY, "email": "juste@agence.example"})
    someone.account.refresh_from_db()
    assert someone.account.claimed_email == "juste@agence.example"


def test_the_letter_for_a_lost_mailbox_goes_to_the_address_on_file() -> None:
    someone = owner()
    browser = opened(colleague((Role.RECEPTION, "441")), someone)
    assert _act(someone, "messagerie-perdue") not in browser.get(file_of(someone)).content.decode()
    assert "Pour un organisme" in browser.post(_act(someone, "messagerie-perdue"), WHY).content.decode()
    alone(someone)
    page = browser.get(file_of(someone)).content.decode()
    assert _act(someone, "messagerie-perdue") in page
    assert "12 rue des Tilleuls" in browser.get(_act(someone, "messagerie-perdue")).content.decode()
    done = browser.post(_act(someone, "messagerie-perdue"), WHY, follow=True).content.decode()
    assert "La lettre part à l’adresse postale connue." in done
    letter = Message.objects.get(template="landlords/letters/mailbox_lost")
    assert (letter.account_id, letter.secret) == (someone.account.pk, "mailbox_letter")
    assert Entry.objects.get(event="landlords.mailbox_letter_sent").details["reason"] == WHY["reason"]
    again = browser.post(_act(someone, "messagerie-perdue"), WHY).content.decode()
    assert "Une lettre est déjà partie" in again
    assert Message.objects.filter(template="landlords/letters/mailbox_lost").count() == 1
