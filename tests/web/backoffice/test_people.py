"""Agents managed on the screen, and one's own access."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from parvis.agents.models import Agent, AgentSession, AgentState, Post, RecoveryCode
from parvis.agents.posts import Role
from parvis.agents.services.sign_in import Entry, sign_in
from parvis.audit.models import Entry as JournalEntry
from parvis.correspondence.models import Message
from parvis.identity.services import limits
from tests.factories.agents import PASSWORD, Colleague, colleague, invited
from tests.factories.landlords import office

pytestmark = pytest.mark.django_db
TYPED = {
    "first_name": "Inès", "last_name": "Garnier", "email": "ines.garnier@caf.example", "login": "ines.garnier",
    "role": "reception", "office": "441",
}  # fmt: skip


def test_an_agent_is_invited_with_posts() -> None:
    office()
    browser = colleague().browser()
    page = browser.get("/agents/agents/inviter/").content.decode()
    assert "Caf de la Loire-Atlantique" in page
    done = browser.post("/agents/agents/inviter/", TYPED, follow=True).content.decode()
    assert "L’invitation part à ines.garnier@caf.example." in done
    agent = Agent.objects.get(login="ines.garnier")
    assert set(agent.posts.values_list("role", "office_code")) == {("reception", "441")}
    assert Message.objects.filter(template="agents/emails/invited", to_email=agent.email).count() == 1


def test_two_clicks_invite_once_and_keep_what_was_typed() -> None:
    office()
    browser = colleague().browser()
    browser.post("/agents/agents/inviter/", TYPED)
    again = browser.post("/agents/agents/inviter/", TYPED).content.decode()
    assert "Cet identifiant est déjà celui d’un agent." in again
    assert 'value="Inès"' in again
    assert 'value="reception" checked' in again
    assert '<option value="441" selected>' in again
    assert Agent.objects.filter(login="ines.garnier").count() == 1


@pytest.mark.parametrize("post", [{"role": ""}, {"role": "roi"}, {"office": "999"}])
def test_a_post_that_means_nothing_is_refused(post: dict[str, str]) -> None:
    office()
    colleague().browser().post("/agents/agents/inviter/", {**TYPED, **post})
    assert not Agent.objects.filter(login="ines.garnier").exists()


def test_a_national_administrator_is_one_everywhere() -> None:
    office()
    colleague().browser().post("/agents/agents/inviter/", {**TYPED, "role": "national_administrator"})
    assert Post.objects.get(agent__login="ines.garnier").office_code == ""


def test_the_sheet_changes_posts_and_closes() -> None:
    office()
    clerk, browser = colleague((Role.RECEPTION, "441")), colleague().browser()
    sheet = f"/agents/agents/{clerk.agent.reference}/"
    assert "Accueil — Caf de la Loire-Atlantique" in browser.get(sheet).content.decode()
    browser.post(sheet, {"role": "rights_officer", "office": ""})
    browser.post(sheet, {"retirer": "reception:441"})
    refused = browser.post(sheet, {"retirer": "rights_officer:"}, follow=True).content.decode()
    assert "Donnez au moins un rôle à cet agent." in refused
    assert set(Post.objects.filter(agent=clerk.agent).values_list("role", "office_code")) == {("rights_officer", "")}
    assert "Fermer l’accès de" in browser.get(sheet + "fermer/").content.decode()
    assert "est fermé" in browser.post(sheet + "fermer/", follow=True).content.decode()
    listed = browser.get("/agents/agents/?acces=fermes").content.decode()
    assert clerk.agent.login in listed
    assert clerk.agent.login not in browser.get("/agents/agents/").content.decode()
    assert "Un nouveau lien part à" in browser.post(sheet + "reinscrire/", follow=True).content.decode()
    clerk.agent.refresh_from_db()
    assert clerk.agent.state == AgentState.INVITED


def test_ones_own_sheet_offers_nothing_to_change() -> None:
    boss = colleague()
    page = boss.browser().get(f"/agents/agents/{boss.agent.reference}/").content.decode()
    assert "C’est votre propre accès" in page
    assert "fermer/" not in page
    refused = boss.browser().post(f"/agents/agents/{boss.agent.reference}/fermer/", follow=True).content.decode()
    assert "Vous ne pouvez pas changer votre propre accès." in refused


def test_an_agent_that_does_not_exist_is_not_found() -> None:
    browser = colleague().browser()
    for end in ("", "fermer/", "reinscrire/"):
        assert browser.get(f"/agents/agents/{uuid4()}/{end}").status_code == 404


def test_ones_own_access() -> None:
    who = colleague(password=PASSWORD)
    browser = who.browser()
    who.browser()
    page = browser.get("/agents/mon-acces/").content.decode()
    assert who.agent.email in page
    assert "Cette session" in page
    other = AgentSession.objects.latest("pk").pk
    assert "est fermée" in browser.post(f"/agents/mon-acces/sessions/{other}/fermer/", follow=True).content.decode()
    assert AgentSession.objects.filter(agent=who.agent).count() == 1


def test_the_sessions_of_others_do_not_exist() -> None:
    who, other = colleague(), colleague()
    other.browser()
    theirs = AgentSession.objects.get(agent=other.agent).pk
    assert who.browser().post(f"/agents/mon-acces/sessions/{theirs}/fermer/").status_code == 404
    assert AgentSession.objects.filter(pk=theirs).exists()


def test_recovery_codes_need_the_present_password() -> None:
    who = colleague(password=PASSWORD)
    browser, address = who.browser(), "/agents/mon-acces/codes-de-secours/"
    assert "Ce n’est pas votre mot de passe actuel." in browser.post(address, {"present": "x"}).content.decode()
    assert not RecoveryCode.objects.exists()
    assert "Gardez vos codes de secours" in browser.post(address, {"present": PASSWORD}).content.decode()
    assert RecoveryCode.objects.filter(agent=who.agent).count() == 10


def test_the_password_is_changed_after_the_present_one() -> None:
    who = colleague(password=PASSWORD)
    browser, address, new = who.browser(), "/agents/mon-acces/mot-de-passe/", "Une-Autre-Place-Pavee-7!"
    wrong = browser.post(address, {"present": "x", "password": new, "again": new}).content.decode()
    assert "Ce n’est pas votre mot de passe actuel." in wrong
    done = browser.post(address, {"present": PASSWORD, "password": new, "again": new}, follow=True).content.decode()
    assert "Votre mot de passe est changé" in done


def test_an_invited_agent_is_listed_as_such() -> None:
    agent, _ = invited()
    page = colleague().browser().get("/agents/agents/").content.decode()
    assert agent.login in page
    assert "Invité" in page
    assert "Jamais" in page


class TestUnlocking:
    """A hundred wrong passwords by anybody hold an agent at the entrance: a national administrator ends that."""

    @staticmethod
    def _locked() -> Colleague:
        who = colleague((Role.RECEPTION, "441"), password=PASSWORD)
        limits.admit([replace(limits.of_value(f"agent {who.agent.login}"), limit=1)], at=datetime.now(UTC))
        assert _tried(who) is Entry.PAUSED
        return who

    def test_the_sheet_says_so_and_the_button_ends_it(self) -> None:
        who = self._locked()
        browser = colleague().browser()
        address = f"/agents/agents/{who.agent.reference}/"
        assert "En pause jusqu’au" in browser.get(address).content.decode()
        page = browser.post(address + "debloquer/", follow=True).content.decode()
        assert "peut se connecter tout de suite" in page
        assert "En pause jusqu’au" not in page
        assert _tried(who) is Entry.PROOF_OWED
        assert JournalEntry.objects.filter(event="agents.unlocked", subject=who.agent.login).count() == 1

    def test_twice_is_noted_once(self) -> None:
        who = self._locked()
        browser = colleague().browser()
        for _ in range(2):
            browser.post(f"/agents/agents/{who.agent.reference}/debloquer/")
        assert JournalEntry.objects.filter(event="agents.unlocked").count() == 1

    def test_whom_nothing_holds_is_not_said_to_be_paused(self) -> None:
        who = colleague((Role.RECEPTION, "441"))
        assert "En pause" not in colleague().browser().get(f"/agents/agents/{who.agent.reference}/").content.decode()

    @pytest.mark.parametrize("role", [Role.RECEPTION, Role.CASEWORKER, Role.RIGHTS_OFFICER])
    @pytest.mark.parametrize("place", ["441", ""])
    def test_other_roles_unlock_nobody(self, role: Role, place: str) -> None:
        who = self._locked()
        answer = colleague((role, place)).browser().post(f"/agents/agents/{who.agent.reference}/debloquer/")
        assert answer.status_code == 403
        assert _tried(who) is Entry.PAUSED

    def test_nobody_unlocks_themselves(self) -> None:
        who = colleague()
        page = who.browser().post(f"/agents/agents/{who.agent.reference}/debloquer/", follow=True).content.decode()
        assert "Vous ne pouvez pas changer votre propre accès" in page


def _tried(who: Colleague) -> Entry:
    return sign_in(who.agent.login, PASSWORD, browser="", address="192.0.2.7", at=datetime.now(UTC)).kind
