"""A landlord's file: a reason first, then everything on one page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from structlog.testing import capture_logs

from parvis.agents.models import Opening
from parvis.agents.posts import Role
from parvis.agents.selectors.openings import looks_at
from parvis.audit.models import Entry
from parvis.correspondence.models import MessageState
from parvis.identity.models import Account, AccountState, Credential, Throttle
from parvis.identity.services import limits
from parvis.kit.actors import system
from parvis.kit.encryption import close
from parvis.landlords.models import ThirdPartyNumber
from parvis.parameters import services as parameters
from parvis.parameters.selectors import forget
from tests.factories import declarations
from tests.factories.agents import colleague
from tests.factories.changes import one_of_each_change
from tests.factories.landlords import Owner, landlord, owner
from tests.factories.tenancies import july_rent, tenancy
from tests.web.backoffice.file.opening import REASON, alone, file_of, letter, opened

pytestmark = pytest.mark.django_db
PAGES = ("", "comptes/", "locataires/", "declarations/", "demandes/", "messages/", "journal/")


@pytest.fixture
def someone() -> Owner:
    return owner(landlord(company_name="Habitat du Rivage"))


class TestOpening:
    """A reason, once a file and day."""

    def test_it_is_asked_once_a_day_and_the_landlord_reads_it(self, someone: Owner) -> None:
        who = colleague((Role.RECEPTION, "441"))
        browser, file = who.browser(), file_of(someone)
        for page in PAGES:
            assert browser.get(file + page).headers["Location"] == file + "motif/"
        form = browser.get(file + "motif/").content.decode()
        for word in ("Appel", "Mail", "Courrier", "Campagne", "Contrôle", "Habitat du Rivage"):
            assert word in form
        wrong = browser.post(file + "motif/", {"note": "rien"}).content.decode()
        assert "Choisissez le motif de la consultation." in wrong
        assert 'value="rien"' in wrong
        assert browser.post(file + "motif/", REASON).status_code == 302
        assert browser.post(file + "motif/", REASON).status_code == 302
        assert browser.get(file).status_code == 200
        assert Opening.objects.count() == 1
        assert Entry.objects.filter(event="agents.file_opened", partner_id=someone.landlord.pk).count() == 1
        told = someone.browser().get(f"/c/{someone.account.reference}/profil/consultations/").content.decode()
        assert "Un agent a ouvert votre dossier, motif\u00a0: appel" in told
        assert who.agent.login not in told
        assert "n’a pas reçu" not in told

    def test_a_check_says_what_it_checks(self, someone: Owner) -> None:
        browser = colleague((Role.RECEPTION, "441")).browser()
        answer = browser.post(file_of(someone) + "motif/", {"reason": "check"}).content.decode()
        assert "Dites en quelques mots ce que vous contrôlez." in answer
        assert not Opening.objects.exists()

    def test_another_day_it_is_asked_again(self, someone: Owner) -> None:
        browser = opened(colleague((Role.RECEPTION, "441")), someone)
        Opening.objects.update(on=datetime.now(UTC).date() - timedelta(days=2))
        assert browser.get(file_of(someone)).headers["Location"].endswith("/motif/")

    def test_the_controller_is_told_of_many_files_and_of_a_namesake(self, someone: Owner) -> None:
        parameters.change("agent_files_an_hour", 5, by=system("test"), at=datetime.now(UTC))
        try:
            who = colleague((Role.RECEPTION, "441"))
            for _ in range(5):
                opened(who, owner())
            assert not Entry.objects.filter(event="agents.many_files").exists()
            with capture_logs() as many:
                opened(who, someone)
            assert Entry.objects.get(event="agents.many_files").details == {"files": 6, "limit": 5}
        finally:
            forget()
        someone.account.last_name = who.agent.last_name.upper()
        someone.account.save()
        assert not Entry.objects.filter(event="agents.namesake").exists()
        Opening.objects.filter(partner_id=someone.landlord.pk).delete()
        with capture_logs() as namesake:
            opened(who, someone)
        assert Entry.objects.get(event="agents.namesake").actor_label == who.agent.login
        logged = [line for line in many + namesake if line["event"].startswith("agent_opens_")]
        assert {(line["event"], line["agent"]) for line in logged} == {
            ("agent_opens_many_files", who.agent.pk), ("agent_opens_a_namesake", who.agent.pk),
        }  # fmt: skip
        assert who.agent.login not in str(logged), "an identifier of an agent is made of their name"


class TestWhoMay:
    """Every role at its own offices, and nobody else."""

    @pytest.mark.parametrize("role", list(Role))
    def test_the_square(self, someone: Owner, role: Role) -> None:
        home = "" if role is Role.NATIONAL_ADMINISTRATOR else "441"
        browser = opened(colleague((role, home)), someone)
        for page in PAGES:
            assert browser.get(file_of(someone) + page).status_code == 200, page
        if home:
            abroad = colleague((role, "751")).browser()
            assert abroad.post(file_of(someone) + "motif/", REASON).status_code == 404
            for page in (*PAGES, "motif/", f"comptes/{someone.account.reference}/"):
                assert abroad.get(file_of(someone) + page).status_code == 404, page
        assert Client().get(file_of(someone)).status_code == 302

    def test_nothing_of_another_landlord_stands_in_a_file(self, someone: Owner) -> None:
        other = owner(landlord(company_name="Autre Maison"))
        browser = opened(colleague((Role.RECEPTION, "441")), someone)
        written = letter(other, "identity/letters/password")
        for page in (f"comptes/{other.account.reference}/", f"messages/{written.reference}/", "comptes/%00/"):
            assert browser.get(file_of(someone) + page).status_code == 404
        assert browser.get(f"/agents/dossiers/{uuid4()}/").status_code == 404
        for edge in ("x", "\0", "2026|1", "'", str(uuid4()), "C-2026-000000001-A", other.account.reference):
            for page in PAGES:
                assert browser.get(file_of(someone) + page, {"apres": edge}).status_code == 200

    def test_what_other_offices_know_stays_theirs(self, someone: Owner) -> None:
        elsewhere = landlord(office_code="261").third_party_numbers.get()
        ThirdPartyNumber.objects.filter(pk=elsewhere.pk).update(landlord=someone.landlord)
        page = opened(colleague((Role.RECEPTION, "441")), someone).get(file_of(someone)).content.decode()
        assert elsewhere.user_number not in page
        assert elsewhere.user_number in opened(colleague(), someone).get(file_of(someone)).content.decode()


def test_states_of_an_access(someone: Owner) -> None:
    alone(someone)
    browser = opened(colleague((Role.RECEPTION, "441")), someone)

    def pill() -> str:
        page = browser.get(file_of(someone)).content.decode()
        return page.split(f'id="compte-{someone.account.reference}"', 1)[1].split("</div>", 1)[0]

    assert "Actif" in pill()
    now = datetime.now(UTC)
    Throttle.objects.create(
        key=limits.of_neighbourhood(someone.account.login_id, "192.0.2.7").key,
        whose=limits.of_whom(someone.account.login_id), window_ends_at=now + timedelta(hours=1), count=9,
        paused_until=now + timedelta(minutes=9),
    )  # fmt: skip
    assert "En pause" in pill()
    Credential.objects.update(frozen_at=now)
    assert "Bloqué" in pill()
    Account.objects.update(state=AccountState.DISABLED, disabled_at=now, disabled_by="LOG000009A")
    assert "Fermé" in pill()


def test_everything_stands_on_it_and_no_secret(someone: Owner) -> None:
    ThirdPartyNumber.objects.filter(landlord=someone.landlord).update(
        iban=close("FR7630006000011234567890189", "landlords_thirdpartynumber.iban"), iban_last4="0189"
    )
    rented = tenancy(someone.landlord)
    july_rent(rented, declarations.YEAR - 1, 52_400)
    declarations.campaign()
    declarations.typed(someone, rented, "525")
    (receipt,) = declarations.sent(someone)
    one_of_each_change(someone)
    written = letter(
        someone, "identity/letters/password", state=MessageState.SENT, sent_at=datetime.now(UTC), subject="Votre mot de passe",
        body="Mot de passe : ••••",
    )  # fmt: skip
    browser = opened(colleague((Role.RECEPTION, "441")), someone)
    page = browser.get(file_of(someone)).content.decode()
    for told in (
        someone.account.login_id, "Habitat du Rivage", "•••• 0189", receipt.number, "525,00", "Votre mot de passe",
        "Changement de coordonnées bancaires", "Claire Martin", "Un agent a ouvert votre dossier", "n’a pas reçu sa lettre",
    ):  # fmt: skip
        assert told in page, told
    mailbox = Credential.objects.get(pk=someone.account.credential_id).email or ""
    whole = page + "".join(browser.get(file_of(someone) + part).content.decode() for part in PAGES)
    whole += browser.get(f"{file_of(someone)}messages/{written.reference}/").content.decode()
    for secret in (mailbox, "7630006000011234567890189", "gestion@alliance.example"):
        assert secret not in whole
    assert "p•••••@parvis.example" in page


def test_tenants_are_searched_without_their_name_in_the_address(someone: Owner) -> None:
    tenancy(someone.landlord)
    browser = opened(colleague((Role.RECEPTION, "441")), someone)
    rented = tenancy(someone.landlord)
    page = browser.post(file_of(someone) + "locataires/", {"asked": rented.claimant_number}).content.decode()
    assert rented.claimant_number in page.split("<table", 1)[1]
    nothing = browser.post(file_of(someone) + "locataires/", {"asked": "zzzz"}).content.decode()
    assert "Aucun locataire trouvé." in nothing
    assert "Tapez un nom" in browser.post(file_of(someone) + "locataires/", {}).content.decode()


def test_long_lists_are_paged_by_key(someone: Owner) -> None:
    for index in range(30):
        letter(someone, "identity/letters/identifier", days=index, subject=f"Lettre {index:02d}.")
    browser = opened(colleague((Role.RECEPTION, "441")), someone)
    first = browser.get(file_of(someone) + "messages/").content.decode()
    assert "Lettre 00." in first
    assert "Lettre 25." not in first
    following = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    second = browser.get(following).content.decode()
    assert "Lettre 25." in second
    assert "Lettre 24." not in second


def test_a_file_costs_the_same_with_a_hundred_times_more(someone: Owner) -> None:
    browser = opened(colleague((Role.RECEPTION, "441")), someone)
    browser.get(file_of(someone))
    with CaptureQueriesContext(connection) as few:
        browser.get(file_of(someone))
    for _ in range(12):
        owner(someone.landlord)
        tenancy(someone.landlord)
        letter(someone, "identity/letters/password")
    with CaptureQueriesContext(connection) as many:
        browser.get(file_of(someone))
    assert len(many) <= len(few) + 1
    assert len(many) <= 30


def test_who_looked_is_told_to_the_next_agent(someone: Owner) -> None:
    opened(colleague((Role.RECEPTION, "441")), someone)
    (look,) = looks_at(someone.landlord.pk)
    assert look.note == "n’a pas reçu sa lettre"
    second = colleague((Role.CASEWORKER, "441"))
    assert "Camille" in opened(second, someone).get(file_of(someone)).content.decode()
