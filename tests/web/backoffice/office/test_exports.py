"""A file of more lines than an agent takes alone: asked for by one, agreed to by another, taken by the first (security.md T64)."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from parvis.agents.models import ExportRequest, Post
from parvis.agents.posts import DUTIES, Role
from parvis.agents.services import exports
from parvis.audit.models import Entry
from parvis.declarations.services import campaigns
from parvis.declarations.services.campaigns import figures
from parvis.kit import clock
from parvis.kit.actors import Duty, system
from parvis.kit.clock import day_in_paris
from parvis.parameters.services import change
from parvis.tenancies.models import Tenancy
from parvis.web.backoffice.desk.alarms import alarms_for
from tests.factories.agents import SQUARE, Colleague, colleague
from tests.factories.landlords import landlord, office, owner
from tests.factories.tenancies import many_tenancies

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
LIST = "/agents/fichiers/"
SUSPENDED = "/agents/campagne/aides-suspendues/fichier/"
OWING = "/agents/campagne/a-relancer/fichier/"
JOURNAL = "/agents/journal/telecharger/"
WHY = "Appels de la semaine"
RECEPTION = (Role.RECEPTION, "441")


@pytest.fixture(autouse=True)
def year() -> int:
    """Three suspended aids of two landlords; two lines are the most an agent takes alone."""
    office("751", "Caf de Paris")
    today = day_in_paris(NOW)
    of = today.year - 1
    for count in (2, 1):
        me = owner(landlord(company_name=f"Le Bail & {count}"))
        many_tenancies(me.landlord, count)
        me.landlord.third_party_numbers.update(channel="portal")
    Tenancy.objects.update(start_on=date(of - 1, 9, 1))
    campaigns.open_campaign(
        of, opens_on=date(of, 7, 1), deadline_on=date(of, 9, 30), suspension_on=today - timedelta(days=1),
        by=system("tests"), at=NOW - timedelta(days=30),
    )  # fmt: skip
    campaigns.refresh_entries(by=system("tests"), at=NOW)
    figures.count(at=NOW)
    change("export_alone", 2, by=system("tests"), at=NOW)
    return of


def ask(who: Colleague, address: str) -> ExportRequest:
    """Follow the way from the list to the request, as a browser without scripts does."""
    browser = who.browser()
    answer = browser.get(address)
    assert answer.status_code == 302
    there = answer.headers["Location"]
    assert "Demander ce fichier" in browser.get(there).content.decode()
    assert "Dites pourquoi vous avez besoin de ce fichier" in browser.post(there, {"reason": " "}).content.decode()
    assert browser.post(there, {"reason": WHY}).headers["Location"] == LIST
    return ExportRequest.objects.latest("pk")


def agree(who: Colleague, asked: ExportRequest) -> str:
    """Press « Accorder »; what the next page says."""
    return who.browser().post(f"{LIST}{asked.reference}/accorder/", {"agree": "oui"}, follow=True).content.decode()


def take(who: Colleague, asked: ExportRequest) -> tuple[int, str]:
    """Press « Télécharger »."""
    answer = who.browser().post(f"{LIST}{asked.reference}/prendre/")
    return answer.status_code, answer.getvalue().decode()


def test_a_long_file_leaves_once_another_agent_agreed(year: int) -> None:
    asker, other = colleague(RECEPTION), colleague(RECEPTION)
    asked = ask(asker, f"{SUSPENDED}?annee={year}&caisse=441&format=csv")
    assert not Entry.objects.filter(event="tenancies.exported").exists()
    assert take(asker, asked)[0] == 404
    page = other.browser().get(LIST).content.decode()
    assert WHY in page
    assert asker.agent.login in page
    assert [alarm.act for alarm in alarms_for(other.actor, at=NOW)].count("Accorder ou non") == 1
    assert "peut maintenant prendre le fichier" in agree(other, asked)
    assert "Télécharger" in asker.browser().get(LIST).content.decode()
    status, content = take(asker, asked)
    assert (status, content.count("Le Bail &")) == (200, 3)
    told = Entry.objects.get(event="agents.export_taken").details
    assert told["sha256"] == hashlib.sha256(content.encode()).hexdigest()
    assert (told["asked_by"], told["agreed_by"], told["rows"]) == (asker.agent.login, other.agent.login, 3)
    agreed = Entry.objects.get(event="agents.export_agreed")
    assert (agreed.actor_label, agreed.details["asked_by"], agreed.details["rows"]) == (
        other.agent.login, asker.agent.login, 3,
    )  # fmt: skip
    assert Entry.objects.get(event="tenancies.exported").details["rows"] == 3
    assert not [alarm for alarm in alarms_for(other.actor, at=NOW) if alarm.act == "Accorder ou non"]


def test_a_short_file_leaves_as_before_unless_none_may(year: int) -> None:
    asker, address = colleague(RECEPTION), f"{OWING}?annee={year}&caisse=441&format=csv"
    assert asker.browser().get(address).status_code == 200
    change("export_alone", 0, by=system("tests"), at=NOW)
    assert asker.browser().get(address).status_code == 302


def test_the_journal_is_such_a_file_and_stays_signed() -> None:
    asker, other = colleague(), colleague()
    change("export_alone", 0, by=system("tests"), at=NOW)
    there = asker.browser().post(f"{JOURNAL}?subject=").headers["Location"]
    asker.browser().post(there, {"reason": WHY})
    asked = ExportRequest.objects.get()
    assert asked.offices == [""]
    agree(other, asked)
    status, content = take(asker, asked)
    assert status == 200
    assert ";signature " in content.splitlines()[-1]
    assert Entry.objects.get(event="agents.journal_exported").actor_label == asker.agent.login


@pytest.mark.parametrize(("role", "place"), SQUARE)
def test_who_agrees_holds_the_duty_at_all_its_offices(role: Role, place: str, year: int) -> None:
    here = colleague((Role.RIGHTS_OFFICER, "441"))
    everywhere = colleague((Role.RIGHTS_OFFICER, ""))
    wanted = {
        "list": ask(here, f"{SUSPENDED}?annee={year}&caisse=441&format=csv"),
        "lists": ask(everywhere, f"{SUSPENDED}?annee={year}&format=csv"),
    }
    for name, who, offices in (("journal", here, ("441",)), ("journals", everywhere, ("",))):
        sort = exports.Wanted("journal", f"Journal {name}", "since=01/07/2026", 9, Duty.READ_JOURNAL, offices)
        wanted[name] = exports.ask(sort, reason=WHY, by=who.actor, at=NOW)
    may = {
        "list": Duty.SEE_CAMPAIGN in DUTIES[role] and place in ("", "441"),
        "lists": Duty.SEE_CAMPAIGN in DUTIES[role] and place == "",
        "journal": Duty.READ_JOURNAL in DUTIES[role] and place in ("", "441"),
        "journals": Duty.READ_JOURNAL in DUTIES[role] and place == "",
    }
    who = colleague((role, place))
    for name, asked in wanted.items():
        shown = f"{LIST}{asked.reference}/accorder/" in who.browser().get(LIST).content.decode()
        answer = who.browser().post(f"{LIST}{asked.reference}/accorder/", {"agree": "oui"})
        asked.refresh_from_db()
        assert (shown, answer.status_code, asked.state) == (
            (True, 302, "agreed") if may[name] else (False, 404, "asked")
        ), name


@pytest.mark.parametrize(("role", "place"), SQUARE)
def test_who_asks_holds_the_duty_there(role: Role, place: str, year: int) -> None:
    browser = colleague((role, place)).browser()
    for kind, query, duty in (
        ("campaign_suspended", f"annee={year}&caisse=441&format=csv", Duty.SEE_CAMPAIGN),
        ("campaign_owing", f"annee={year}&caisse=441&format=csv", Duty.SEE_CAMPAIGN),
        ("journal", "label=x", Duty.READ_JOURNAL),
    ):
        answer = browser.post(f"{LIST}demander/?liste={kind}&{query}", {"reason": WHY})
        expected = 403 if duty not in DUTIES[role] else 302 if place in ("", "441") or kind == "journal" else 404
        assert (kind, answer.status_code) == (kind, expected)
    assert browser.post(f"{LIST}demander/?liste=autre", {"reason": WHY}).status_code == 404


class TestTwo:
    """Two agents are two."""

    @pytest.fixture
    def asker(self) -> Colleague:
        return colleague(RECEPTION)

    @pytest.fixture
    def asked(self, asker: Colleague, year: int) -> ExportRequest:
        return ask(asker, f"{SUSPENDED}?annee={year}&caisse=441&format=csv")

    def test_nobody_agrees_to_their_own(self, asker: Colleague, asked: ExportRequest) -> None:
        assert "un autre agent doit l’accorder" in agree(asker, asked)
        asked.refresh_from_db()
        assert asked.state == "asked"
        assert take(asker, asked)[0] == 404
        with pytest.raises(IntegrityError), transaction.atomic():
            ExportRequest.objects.filter(pk=asked.pk).update(state="agreed", agreed_by=asker.agent.login, agreed_at=NOW)

    def test_nor_whose_access_the_asker_opened(self, asker: Colleague, asked: ExportRequest) -> None:
        opened = colleague(RECEPTION, opened_by=asker.agent.login)
        assert "Il faut deux agents indépendants" in agree(opened, asked)
        asked.refresh_from_db()
        assert asked.state == "asked"

    def test_only_the_asker_takes_it(self, asker: Colleague, asked: ExportRequest) -> None:
        other = colleague(RECEPTION)
        agree(other, asked)
        for somebody in (other, colleague(RECEPTION), colleague()):
            assert take(somebody, asked)[0] == 404
        assert not Entry.objects.filter(event="agents.export_taken").exists()
        assert take(asker, asked)[0] == 200

    def test_an_asker_who_lost_the_post_takes_nothing(self, asker: Colleague, asked: ExportRequest) -> None:
        agree(colleague(RECEPTION), asked)
        asker.agent.posts.update(office_code="751")
        assert take(asker, asked)[0] == 404

    def test_an_asker_who_gained_an_office_asks_anew(self, asker: Colleague, year: int) -> None:
        asked = ask(asker, f"{SUSPENDED}?annee={year}&format=csv")
        agree(colleague(RECEPTION), asked)
        Post.objects.create(agent=asker.agent, role=Role.RECEPTION, office_code="751")
        answer = asker.browser().post(f"{LIST}{asked.reference}/prendre/", follow=True)
        assert "Vos caisses ont changé depuis l’accord" in answer.content.decode()
        assert not Entry.objects.filter(event="agents.export_taken").exists()

    def test_two_clicks_are_one(self, asker: Colleague, asked: ExportRequest, year: int) -> None:
        assert ask(asker, f"{SUSPENDED}?annee={year}&caisse=441&format=csv") == asked
        assert (ExportRequest.objects.count(), Entry.objects.filter(event="agents.export_asked").count()) == (1, 1)
        other = colleague(RECEPTION)
        agree(other, asked)
        until = ExportRequest.objects.get().until
        assert "n’attend plus d’accord" in agree(other, asked)
        assert ExportRequest.objects.get().until == until
        assert Entry.objects.filter(event="agents.export_agreed").count() == 1
        again = ExportRequest.objects.get()
        ExportRequest.objects.filter(pk=again.pk).update(state="asked")
        again.pk, again.reference, again.state = None, asker.agent.reference, "asked"
        with pytest.raises(IntegrityError), transaction.atomic():
            again.save()

    def test_it_lapses(self, asker: Colleague, asked: ExportRequest) -> None:
        other = colleague(RECEPTION)
        agree(other, asked)
        asked.refresh_from_db()
        assert asked.agreed_at
        assert asked.until - asked.agreed_at == timedelta(hours=4)
        ExportRequest.objects.update(until=clock.now())
        assert take(asker, asked)[0] == 404
        assert "Trop ancien" in asker.browser().get(LIST).content.decode()

    def test_what_nobody_agreed_to_in_time_is_agreed_to_no_more(
        self, asker: Colleague, asked: ExportRequest, year: int
    ) -> None:
        assert asked.until - asked.asked_at == timedelta(hours=48)
        ExportRequest.objects.update(until=clock.now())
        other = colleague(RECEPTION)
        assert str(asked.reference) not in other.browser().get(LIST).content.decode()
        assert "trop ancienne" in agree(other, asked)
        anew = ask(asker, f"{SUSPENDED}?annee={year}&caisse=441&format=csv")
        assert anew != asked
        assert "peut maintenant prendre" in agree(other, anew)

    def test_it_is_taken_back_by_either(self, asker: Colleague, asked: ExportRequest, year: int) -> None:
        other = colleague(RECEPTION)
        for who in (asker, other):
            agree(other, asked)
            who.browser().post(f"{LIST}{asked.reference}/accorder/", {"withdraw": "oui"})
            assert take(asker, asked)[0] == 404
            asked = ask(asker, f"{SUSPENDED}?annee={year}&caisse=441&format=csv")
        assert Entry.objects.filter(event="agents.export_withdrawn").count() == 2

    def test_a_file_that_grew_is_asked_for_again(
        self, asker: Colleague, asked: ExportRequest, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        agree(colleague(RECEPTION), asked)
        ExportRequest.objects.update(rows=1)
        monkeypatch.setattr(exports, "SPARE", 0)
        answer = asker.browser().post(f"{LIST}{asked.reference}/prendre/", follow=True).content.decode()
        assert "bien plus de lignes" in answer
        assert not Entry.objects.filter(event__in=["agents.export_taken", "tenancies.exported"]).exists()

    def test_a_restore_revives_none(self, asker: Colleague, asked: ExportRequest) -> None:
        agree(colleague(RECEPTION), asked)
        assert exports.after_restore(at=NOW) == 1
        assert take(asker, asked)[0] == 404
        assert exports.after_restore(at=NOW) == 0
