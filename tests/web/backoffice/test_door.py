"""The agents' entrance, as a browser meets it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pyotp
import pytest
from django.test import Client
from django.urls import reverse

from parvis.agents.models import Agent, AgentSession, AgentState
from parvis.agents.posts import Role
from parvis.agents.rules import check_agent_password
from parvis.agents.services import proofs
from parvis.identity.refusals import PasswordTooWeak
from parvis.identity.rules import Own
from parvis.kit.actors import system
from parvis.parameters.services import NotAParameter, change
from parvis.web.frame import cookies
from tests.factories.agents import PASSWORD, colleague, invited
from tests.factories.landlords import owner

pytestmark = pytest.mark.django_db
HOME = "/agents/"


def test_a_stranger_is_sent_to_the_entrance_and_comes_back_where_they_wanted() -> None:
    who, client = colleague(password=PASSWORD), Client()
    asked = client.get("/agents/agents/")
    assert asked.headers["Location"] == "/agents/connexion/?suite=%2Fagents%2Fagents%2F"
    first = client.post(asked.headers["Location"], {"login": who.agent.login, "password": PASSWORD})
    assert first.headers["Location"].startswith("/agents/connexion/code/?suite=")
    assert client.get(HOME).headers["Location"].startswith("/agents/connexion/code/")
    second = client.post(first.headers["Location"], {"code": who.code()})
    assert second.headers["Location"] == "/agents/agents/"
    assert client.get("/agents/agents/").status_code == 200


@pytest.mark.parametrize(
    "suite", ["//ailleurs.example/agents/", "/c/ABC/", "https://x.example/agents/", "/agents/../c/", ""]
)
def test_nobody_is_sent_elsewhere(suite: str) -> None:
    who, client = colleague(password=PASSWORD), Client()
    client.post("/agents/connexion/", {"login": who.agent.login, "password": PASSWORD})
    done = client.post("/agents/connexion/code/?suite=" + suite, {"code": who.code()})
    assert done.headers["Location"] == HOME


def test_what_was_typed_wrong_is_said_and_the_login_kept() -> None:
    client = Client()
    empty = client.post("/agents/connexion/", {}).content.decode()
    assert "Entrez votre identifiant." in empty
    wrong = client.post("/agents/connexion/", {"login": "personne", "password": "x"}).content.decode()
    assert "Cet identifiant et ce mot de passe ne vont pas ensemble." in wrong
    assert 'value="personne"' in wrong


def test_a_wrong_code_is_said_and_then_paused() -> None:
    who, client = colleague(password=PASSWORD), Client()
    client.post("/agents/connexion/", {"login": who.agent.login, "password": PASSWORD})
    answers = [client.post("/agents/connexion/code/", {"code": "12345"}) for _ in range(6)]
    assert "Ce code n’est pas le bon" in answers[0].content.decode()
    assert answers[-1].status_code == 429
    assert "en pause" in answers[-1].content.decode()


def test_an_agents_cookie_opens_no_landlords_page_and_the_other_way_round() -> None:
    landlord, who = owner(), colleague()
    account = f"/c/{landlord.account.reference}/"
    assert who.browser().get(account).status_code == 404
    assert landlord.browser().get(HOME).status_code == 302
    mixed = Client()
    mixed.cookies[cookies.AGENT] = landlord.browser().cookies[cookies.SESSION].value
    assert mixed.get(HOME).status_code == 302


def test_signing_out_ends_the_session_everywhere() -> None:
    browser = colleague().browser()
    cookie = browser.cookies[cookies.AGENT].value
    assert browser.post("/agents/deconnexion/").headers["Location"] == "/agents/connexion/"
    again = Client()
    again.cookies[cookies.AGENT] = cookie
    assert again.get(HOME).status_code == 302
    assert not AgentSession.objects.exists()


def test_staying_is_a_click_and_nothing_for_strangers() -> None:
    assert colleague().browser().post("/agents/rester/").status_code == 204
    assert Client().post("/agents/rester/").status_code == 403


def test_the_office_asks_agents_for_longer_passwords_never_for_shorter_ones() -> None:
    with pytest.raises(NotAParameter, match="va de 16 à 32"):
        change("agent_password_shortest", 15, by=system("tests"), at=datetime.now(UTC))
    own = Own(())
    with pytest.raises(PasswordTooWeak, match="16 caractères au moins"):
        check_agent_password("Court-1!Court-1", own, 8)
    change("agent_password_shortest", 30, by=system("tests"), at=datetime.now(UTC))
    _, link = invited()
    client, address = Client(), f"/agents/bienvenue/{link}/"
    assert "de 30 à 64 caractères" in client.get(address).content.decode().replace("\u00a0", " ")
    page = client.post(address, {"password": PASSWORD, "again": PASSWORD}).content.decode()
    assert "30 caractères au moins pour un agent." in page
    browser = colleague().browser()
    assert "Au prochain changement : 30 caractères au moins" in browser.get(reverse("agent-own")).content.decode()
    page = browser.get("/agents/reglages/agent_password_shortest/").content.decode()
    assert "Compte pour les mots de passe choisis ensuite." in page


def test_the_whole_enrolment() -> None:
    agent, link = invited()
    client, address = Client(), f"/agents/bienvenue/{link}/"
    assert agent.login in client.get(address).content.decode()
    mixed = client.post(address, {"password": PASSWORD, "again": "autre"}).content.decode()
    assert "Les deux mots de passe ne sont pas les mêmes." in mixed
    assert PASSWORD not in mixed
    short = client.post(address, {"password": "Court-1!", "again": "Court-1!"}).content.decode()
    assert "16 caractères au moins pour un agent." in short
    done = client.post(address, {"password": PASSWORD, "again": PASSWORD})
    page = client.get(done.headers["Location"]).content.decode()
    agent.refresh_from_db()
    secret = proofs.secret_of(agent)
    assert secret in page
    assert "data:image/svg+xml" in page
    wrong = client.post(done.headers["Location"], {"code": "000000"})
    assert "Ce code n’est pas le bon" in wrong.content.decode()
    code = pyotp.TOTP(secret).at(datetime.now(UTC))
    codes = client.post(done.headers["Location"], {"code": code}).content.decode()
    assert len(re.findall(r"[a-z0-9]{4}(?:-[a-z0-9]{4}){3}", codes)) == 10
    assert Agent.objects.get(pk=agent.pk).state == AgentState.ACTIVE
    over = client.get(address)
    assert over.status_code == 404
    assert "Ce lien n’est plus valable" in over.content.decode()


def test_the_second_step_needs_the_first() -> None:
    _, link = invited()
    assert Client().get(f"/agents/bienvenue/{link}/code/").headers["Location"] == f"/agents/bienvenue/{link}/"


class TestAnEntranceOfTheirOwn:
    """With a host for agents, each entrance knows its own pages only."""

    @pytest.fixture(autouse=True)
    def _host(self, settings: Any) -> None:
        settings.AGENT_HOST = "agents.example"
        settings.ALLOWED_HOSTS = ["testserver", "agents.example"]

    def test_each_host_serves_its_own(self) -> None:
        client = Client()
        assert client.get("/agents/connexion/").status_code == 404
        assert client.get("/agents/connexion/", HTTP_HOST="agents.example:8443").status_code == 200
        assert client.get(reverse("sign-in"), HTTP_HOST="agents.example").status_code == 404
        assert client.get(reverse("sign-in")).status_code == 200
        assert client.get("/", HTTP_HOST="agents.example").headers["Location"] == HOME
        assert client.get("/healthz", HTTP_HOST="agents.example").status_code == 200

    def test_invitations_name_it(self) -> None:
        agent, _ = invited()
        assert proofs.words_of(agent)["site"] == "https://agents.example"


def test_agents_come_from_their_networks_only(settings: Any) -> None:
    settings.AGENT_NETWORKS = ["10.0.0.0/8", "2001:db8::/32"]
    client = Client()
    assert client.get("/agents/connexion/", REMOTE_ADDR="203.0.113.7").status_code == 404
    assert client.get("/agents/connexion/", REMOTE_ADDR="10.1.2.3").status_code == 200
    assert client.get("/agents/connexion/", REMOTE_ADDR="2001:db8::7").status_code == 200
    assert client.get("/agents/connexion/", REMOTE_ADDR="nulle part").status_code == 404
    assert client.get(reverse("sign-in"), REMOTE_ADDR="203.0.113.7").status_code == 200


def test_a_role_that_does_not_reach_a_page_is_told_so() -> None:
    answer = colleague((Role.RECEPTION, "441")).browser().get("/agents/agents/")
    assert answer.status_code == 403
    assert "Votre rôle ne permet pas cette action" in answer.content.decode()
    assert "Gérer les agents" in answer.content.decode()
