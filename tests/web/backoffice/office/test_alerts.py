"""Alerts to the controller: they stand until somebody else says what came of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client

from parvis.agents.events import LOOKED
from parvis.agents.models import Alert, AlertKind
from parvis.agents.posts import DUTIES, Role
from parvis.agents.refusals import OwnAlert
from parvis.agents.services import alerts
from parvis.audit.journal import record
from parvis.audit.models import Entry
from parvis.kit.actors import Duty, system
from parvis.kit.refusals import ChangedMeanwhile, DutyMissing
from parvis.parameters import services as parameters
from parvis.upkeep.figures import figures
from tests.factories.agents import colleague
from tests.factories.landlords import owner
from tests.web.backoffice.file.opening import opened

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
PAGE = "/agents/alertes/"


def rung(kind: AlertKind = AlertKind.MANY_FILES, place: str = "441") -> Alert:
    alerts.ring(colleague((Role.RECEPTION, place)).agent.pk, kind, at=NOW)
    return Alert.objects.latest("pk")


def standing() -> float:
    return next(figure.value for figure in figures(at=NOW) if figure.name == "parvis_agent_alerts")


@pytest.mark.parametrize("role", list(Role))
def test_the_page_is_for_those_who_control(role: Role) -> None:
    assert Client().get(PAGE).status_code == 302
    answer = colleague((role, "" if role is Role.NATIONAL_ADMINISTRATOR else "441")).browser().get(PAGE)
    assert answer.status_code == (200 if Duty.READ_JOURNAL in DUTIES[role] else 403)


def test_an_alert_stands_until_another_says_what_came_of_it() -> None:
    alert = rung()
    assert standing() == 1
    browser = colleague((Role.RIGHTS_OFFICER, "441")).browser()
    assert alert.agent.login in browser.get(PAGE).content.decode()
    empty = browser.post(f"{PAGE}{alert.pk}/fermer/", {"outcome": " \x00"}, follow=True).content.decode()
    assert "Dites ce que vous avez constaté" in empty
    done = browser.post(f"{PAGE}{alert.pk}/fermer/", {"outcome": "Vu avec elle"}, follow=True).content.decode()
    assert "L’alerte est fermée" in done
    assert "Vu avec elle" in browser.get(f"{PAGE}?quand=vues").content.decode()
    assert Entry.objects.get(event="agents.alert_closed").details["outcome"] == "Vu avec elle"
    assert standing() == 0
    assert browser.post(f"{PAGE}{alert.pk}/fermer/", {"outcome": "Encore"}).status_code == 404


def test_the_same_thing_again_is_counted_on_it() -> None:
    alert = rung()
    alerts.ring(alert.agent_id, AlertKind.MANY_FILES, at=NOW)
    assert Alert.objects.get().count == 2


def test_nobody_closes_an_alert_about_oneself_or_twice() -> None:
    officer = colleague((Role.RIGHTS_OFFICER, "441"))
    alerts.ring(officer.agent.pk, AlertKind.NAMESAKE, at=NOW)
    alert = Alert.objects.get()
    assert "une autre personne la regarde" in officer.browser().get(PAGE).content.decode()
    with pytest.raises(OwnAlert):
        alerts.close(alert.pk, outcome="Rien", by=officer.actor, at=NOW)
    with pytest.raises(DutyMissing):
        alerts.close(alert.pk, outcome="Rien", by=colleague((Role.RECEPTION, "")).actor, at=NOW)
    boss = colleague()
    alerts.close(alert.pk, outcome="Rien", by=boss.actor, at=NOW)
    with pytest.raises(ChangedMeanwhile):
        alerts.close(alert.pk, outcome="Rien", by=boss.actor, at=NOW)


def test_nor_one_about_whom_they_let_in() -> None:
    inviter = colleague()
    puppet = colleague((Role.RECEPTION, "441"), opened_by=inviter.agent.login)
    alerts.ring(puppet.agent.pk, AlertKind.MANY_FILES, at=NOW)
    alert = Alert.objects.get()
    said = inviter.browser().post(f"{PAGE}{alert.pk}/fermer/", {"outcome": "Rien"}, follow=True).content.decode()
    assert "Il faut deux agents indépendants" in said
    assert Alert.objects.get().closed_at is None
    alerts.close(alert.pk, outcome="Vu", by=colleague().actor, at=NOW)


def test_claimants_looked_for_by_number_ring_too() -> None:
    parameters.change("agent_searches_an_hour", 10, by=system("tests"), at=NOW)
    browser = colleague((Role.CASEWORKER, "441")).browser()
    for number in range(11):
        assert not Alert.objects.exists()
        browser.post("/agents/quittances/", {"number": f"{9_000_000 + number}"})
    assert Alert.objects.get().kind == AlertKind.MANY_SEARCHES


def test_alerts_about_agents_of_other_offices_do_not_exist() -> None:
    alert = rung(place="751")
    browser = colleague((Role.RIGHTS_OFFICER, "441")).browser()
    assert alert.agent.login not in browser.get(PAGE).content.decode()
    assert browser.post(f"{PAGE}{alert.pk}/fermer/", {"outcome": "x"}).status_code == 404
    assert Alert.objects.get().closed_at is None


def test_searches_ring_whatever_is_done_between_them() -> None:
    parameters.change("agent_searches_an_hour", 10, by=system("tests"), at=NOW)
    who = colleague((Role.RECEPTION, "441"))
    browser = who.browser()
    for _ in range(11):
        assert not Alert.objects.exists()
        browser.post("/agents/recherche/", {"asked": "personne"})
        for _ in range(2):
            record(LOOKED, subject=who.agent.login, by=who.actor, at=NOW)
    assert Alert.objects.get().kind == AlertKind.MANY_SEARCHES


def test_posts_that_are_withdrawn_take_no_alert_away() -> None:
    alert = rung()
    alert.agent.posts.all().delete()
    assert alert.agent.login in colleague((Role.RIGHTS_OFFICER, "441")).browser().get(PAGE).content.decode()
    assert alert.agent.login not in colleague((Role.RIGHTS_OFFICER, "751")).browser().get(PAGE).content.decode()


def test_a_namesake_and_many_searches_ring() -> None:
    parameters.change("agent_searches_an_hour", 10, by=system("tests"), at=NOW)
    who, someone = colleague((Role.RECEPTION, "441")), owner()
    browser = who.browser()
    for _ in range(11):
        browser.post("/agents/recherche/", {"asked": "personne"})
    assert Alert.objects.get().kind == AlertKind.MANY_SEARCHES
    someone.account.last_name = who.agent.last_name
    someone.account.save()
    opened(who, someone)
    assert Alert.objects.get(kind=AlertKind.NAMESAKE).partner_id == someone.landlord.pk
