"""« Voir comme le bailleur »: a quarter of an hour, nothing written, told to the landlord."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from parvis.agents.models import Agent, AgentSession, AgentState, Post, Viewing
from parvis.agents.posts import Role
from parvis.audit.models import Entry
from parvis.correspondence.models import Message
from parvis.identity.models import Account, AccountState, Nature, Partner
from parvis.kit.actors import system
from parvis.landlords.models import Habilitation, ThirdPartyNumber
from parvis.parameters import services
from tests.factories.agents import Colleague, colleague
from tests.factories.landlords import Owner, landlord, owner
from tests.house.conftest import Landlord, landlord_with_everything, with_young_captchas
from tests.house.routes import Route, every_route
from tests.web.backoffice.file.opening import file_of, opened

pytestmark = pytest.mark.django_db
ACCOUNT = [route for route in every_route() if "account" in route.needs]
LAST4 = "ÀZÉQ"
"""Last signs of a bank account that no address or token of a page holds by chance."""
CLOSED = ("profil", "connexion", "premiere", "utilisateurs", "consulter-dossier", "coordonnees-bancaires")


@pytest.fixture
def someone() -> Owner:
    return owner(landlord(company_name="Habitat du Rivage"))


def home(of: Owner) -> str:
    return f"/c/{of.account.reference}/bailleur/"


def view(who: Colleague, of: Owner) -> Client:
    """A browser in which the agent reads the space of an account."""
    browser = opened(who, of)
    begin = f"{file_of(of)}comptes/{of.account.reference}/voir/"
    assert "en lecture seule" in browser.get(begin).content.decode()
    assert browser.post(begin).headers["Location"] == home(of)
    return browser


@pytest.fixture
def reception() -> Colleague:
    return colleague((Role.RECEPTION, "441"))


def test_the_pages_are_the_landlords_with_a_banner_and_a_way_out(someone: Owner, reception: Colleague) -> None:
    browser = view(reception, someone)
    page = browser.get(home(someone)).content.decode()
    assert "Vous voyez l’espace de <b>Habitat du Rivage</b> en lecture seule" in page
    assert "Mes locataires" in page
    assert "Coordonnées bancaires" not in page
    left = browser.post("/agents/dossiers/quitter/")
    assert left.headers["Location"] == file_of(someone)
    assert browser.get(home(someone)).headers["Location"] == file_of(someone)
    assert browser.post("/agents/dossiers/quitter/").headers["Location"] == "/agents/recherche/"
    assert browser.get("/agents/dossiers/quitter/").status_code == 302


def test_the_landlord_is_told_with_the_reason_and_once_a_day_by_mail(someone: Owner, reception: Colleague) -> None:
    browser = view(reception, someone)
    browser.post("/agents/dossiers/quitter/")
    browser.post(f"{file_of(someone)}comptes/{someone.account.reference}/voir/")
    told = someone.browser().get(f"/c/{someone.account.reference}/profil/consultations/").content.decode()
    assert told.count("Un agent a ouvert votre espace en lecture, motif\u00a0: appel") == 2
    assert reception.agent.login not in told
    assert Message.objects.filter(template="agents/emails/viewed", account_id=someone.account.pk).count() == 1


def test_twice_is_one_viewing_and_another_account_ends_it(someone: Owner, reception: Colleague) -> None:
    browser, other = view(reception, someone), owner()
    browser.post(f"{file_of(someone)}comptes/{someone.account.reference}/voir/")
    assert Viewing.objects.filter(account_id=someone.account.pk).count() == 1
    reason = {"reason": "email"}
    browser.post(file_of(other) + "motif/", reason)
    browser.post(f"{file_of(other)}comptes/{other.account.reference}/voir/")
    assert browser.get(home(someone)).headers["Location"] == file_of(someone)
    assert browser.get(home(other)).status_code == 200


def test_each_page_is_noted_with_both_identities(someone: Owner, reception: Colleague) -> None:
    view(reception, someone).get(home(someone))
    noted = Entry.objects.get(event="agents.page_viewed", partner_id=someone.landlord.pk)
    assert noted.actor_label == reception.agent.login
    assert noted.subject == someone.account.reference
    assert noted.details == {"page": "landlord-home", "account": someone.account.login_id}


@pytest.fixture(scope="module")
def viewed(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Landlord, Client]]:
    """A landlord with one of everything, and an agent who views them: made once, each test is undone inside it."""
    with django_db_blocker.unblock():
        around = transaction.atomic()
        around._from_testcase = True  # type: ignore[attr-defined]
        around.__enter__()
        try:
            made, who = landlord_with_everything(), colleague((Role.RECEPTION, "441"))
            ThirdPartyNumber.objects.filter(landlord=made.owner.landlord).update(iban_last4=LAST4)
            yield with_young_captchas(made), view(who, made.owner)
        finally:
            transaction.set_rollback(True)
            around.__exit__(None, None, None)


class TestWhatIsClosed:
    """Every address of an account, asked for by an agent who views it."""

    @pytest.mark.parametrize("route", ACCOUNT, ids=str)
    def test_nothing_is_written_by_any_address(self, viewed: tuple[Landlord, Client], route: Route, db: None) -> None:
        made, browser = viewed
        address = route.address(made.real)
        answer = browser.post(address, {"amount": "525", "confirm": "on"})
        assert answer.status_code in (403, 405)

    @pytest.mark.parametrize("route", ACCOUNT, ids=str)
    def test_reading_shows_no_bank_details_and_writes_only_that_it_was_read(
        self, viewed: tuple[Landlord, Client], route: Route, db: None
    ) -> None:
        made, browser = viewed
        written: list[str] = []

        def note(execute: Any, sql: str, *rest: Any) -> Any:
            words = str(sql).lstrip(" (\n").upper()
            if words.startswith(("INSERT", "UPDATE", "DELETE", "COPY")) and "AUDIT_ENTRY" not in words:
                written.append(str(sql))
            return execute(sql, *rest)

        with connection.execute_wrapper(note):
            answer = browser.get(route.address(made.real))
        assert answer.status_code in (200, 302, 403, 404), route
        assert not [sql for sql in written if "AGENTS_AGENTSESSION" not in sql.upper()], written
        if answer.status_code == 200 and not answer.streaming:
            page = answer.content.decode(errors="replace")
            assert LAST4 not in page
            assert not any(f"/{word}" in route.path for word in CLOSED), route

    def test_the_pages_of_the_space_are_open(self, viewed: tuple[Landlord, Client], db: None) -> None:
        made, browser = viewed
        for name in ("landlord-home", "tenants", "tenant", "july-rents", "declarations", "payments", "receipts",
                     "receipt", "documents", "changes", "my-information", "welcome"):  # fmt: skip
            (route,) = [one for one in ACCOUNT if one.name == name]
            answer = browser.get(route.address(made.real))
            assert answer.status_code == 200, name
            assert "en lecture seule" in answer.content.decode(), name


def test_another_account_is_not_found(someone: Owner, reception: Colleague) -> None:
    browser, other = view(reception, someone), owner()
    assert browser.get(home(other)).status_code == 404
    assert browser.get("/c/%00/bailleur/").status_code == 404
    assert colleague((Role.RECEPTION, "441")).browser().get(home(someone)).status_code == 404


@pytest.mark.parametrize("how", ["expired", "closed", "version", "post", "session", "account", "unproved"])
def test_it_ends_with_what_allowed_it(someone: Owner, reception: Colleague, how: str) -> None:
    browser = view(reception, someone)
    assert browser.get(home(someone)).status_code == 200
    past = datetime.now(UTC) - timedelta(seconds=1)
    if how == "expired":
        Viewing.objects.update(ends_at=past)
    elif how == "closed":
        Agent.objects.filter(pk=reception.agent.pk).update(state=AgentState.DISABLED)
    elif how == "version":
        Agent.objects.filter(pk=reception.agent.pk).update(version=2)
    elif how == "post":
        Post.objects.filter(agent=reception.agent).update(office_code="751")
    elif how == "session":
        AgentSession.objects.all().delete()
    elif how == "account":
        Partner.objects.filter(pk=someone.landlord.pk).update(nature=Nature.INDIVIDUAL)
        Account.objects.filter(pk=someone.account.pk).update(state=AccountState.DISABLED)
    else:
        AgentSession.objects.update(proved_at=None)
    assert browser.get(home(someone)).status_code in (302, 404)


def test_it_lasts_a_quarter_of_an_hour(someone: Owner, reception: Colleague) -> None:
    view(reception, someone)
    made = Viewing.objects.get(account_id=someone.account.pk)
    assert made.ends_at - made.begun_at == timedelta(minutes=15)


def test_the_office_sets_how_long_it_lasts(someone: Owner, reception: Colleague) -> None:
    services.change("agent_viewing", 5, by=system("tests"), at=datetime.now(UTC))
    view(reception, someone)
    made = Viewing.objects.get(account_id=someone.account.pk)
    assert made.ends_at - made.begun_at == timedelta(minutes=5)


def test_who_cannot_begin(someone: Owner, reception: Colleague) -> None:
    begin = f"{file_of(someone)}comptes/{someone.account.reference}/voir/"
    assert reception.browser().post(begin).headers["Location"].endswith("/motif/")
    assert colleague((Role.RECEPTION, "751")).browser().post(begin).status_code == 404
    assert Client().post(begin).status_code == 302
    browser, other = opened(reception, someone), owner()
    assert browser.post(f"{file_of(someone)}comptes/{other.account.reference}/voir/").status_code == 404
    Account.objects.filter(pk=someone.account.pk).update(opened_at=None)
    refused = browser.post(begin, follow=True).content.decode()
    assert "Cet accès n’est pas ouvert" in refused
    assert not Viewing.objects.filter(account_id=someone.account.pk).exists()


def test_rights_the_account_does_not_hold_are_not_shown(reception: Colleague, someone: Owner) -> None:
    Habilitation.objects.filter(account=someone.account, right="payments").delete()
    browser = view(reception, someone)
    assert browser.get(home(someone) + "paiements/").status_code == 403


class TestTheAgentsHost:
    """Where agents have a host of their own, landlords' pages are there for reading only."""

    @pytest.fixture(autouse=True)
    def _host(self, settings: Any) -> None:
        settings.AGENT_HOST = "agents.example"
        settings.ALLOWED_HOSTS = ["testserver", "agents.example"]

    def test_it_serves_them_to_who_views_them_alone(self, someone: Owner, reception: Colleague) -> None:
        inside = {"HTTP_HOST": "agents.example"}
        browser = reception.browser()
        browser.post(file_of(someone) + "motif/", {"reason": "call"}, **inside)  # type: ignore[arg-type]
        browser.post(f"{file_of(someone)}comptes/{someone.account.reference}/voir/", **inside)  # type: ignore[arg-type]
        assert browser.get(home(someone), **inside).status_code == 200  # type: ignore[arg-type]
        assert someone.browser().get(home(someone), **inside).status_code == 404  # type: ignore[arg-type]
        assert Client().get(home(someone), **inside).status_code == 404  # type: ignore[arg-type]
        assert someone.browser().get(home(someone)).status_code == 200

    def test_and_from_their_networks_alone(self, someone: Owner, reception: Colleague, settings: Any) -> None:
        settings.AGENT_HOST = ""
        browser = view(reception, someone)
        settings.AGENT_NETWORKS = ["10.0.0.0/8"]
        assert browser.get(home(someone), REMOTE_ADDR="203.0.113.7").status_code == 404
        assert browser.get(home(someone), REMOTE_ADDR="10.1.2.3").status_code == 200
