"""The campaign on the screen: figures, dates, waves, who has not declared."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from parvis.agents.posts import Role
from parvis.audit.models import Entry
from parvis.declarations.models import CampaignDay, CampaignWave, RentCampaign
from parvis.declarations.services import campaigns
from parvis.declarations.services.campaigns import figures
from parvis.declarations.services.reminders import running
from parvis.identity.models import Account
from parvis.kit.actors import system
from parvis.kit.clock import day_in_paris
from parvis.parameters import services as parameters
from parvis.tenancies.models import Tenancy
from parvis.web.backoffice.views.campaign import dashboard
from tests.factories.agents import colleague
from tests.factories.landlords import landlord, office, owner
from tests.factories.tenancies import many_tenancies

pytestmark = pytest.mark.django_db
PAGES = ["", "dates/", "rappels/", "fichier/", "a-relancer/", "a-relancer/fichier/"]


@pytest.fixture
def opened() -> int:
    """A campaign of this very year, with one landlord who has two rents left."""
    now = datetime.now(UTC)
    today = day_in_paris(now)
    # The year of the campaign that is open whatever the day the tests run on.
    year = today.year if today > date(today.year, 7, 2) else today.year - 1
    me = owner(landlord(company_name="Le Bail & Fils"))
    many_tenancies(me.landlord, 2)
    me.landlord.third_party_numbers.update(channel="portal")
    Tenancy.objects.update(start_on=date(year - 1, 9, 1))
    campaigns.open_campaign(
        year, opens_on=date(year, 7, 1), deadline_on=date(year, 9, 30), suspension_on=date(year + 1, 1, 15),
        by=system("tests"), at=now,
    )  # fmt: skip
    campaigns.refresh_entries(by=system("tests"), at=now)
    figures.count(at=now)
    return year


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_are_for_agents(page: str, opened: int) -> None:
    assert Client().get(f"/agents/campagne/{page}").status_code == 302
    answer = colleague((Role.RECEPTION, "441")).browser().get(f"/agents/campagne/{page}")
    assert answer.status_code == 200


def test_without_any_campaign_the_page_says_so() -> None:
    page = colleague().browser().get("/agents/campagne/").content.decode()
    assert "Aucune campagne" in page


def test_the_dashboard_says_when_it_was_counted_and_shows_its_data(opened: int) -> None:
    page = colleague((Role.RECEPTION, "441")).browser().get("/agents/campagne/").content.decode()
    assert "Chiffres de" in page
    assert page.count("Afficher les données") >= 2
    assert "Jamais connectés" in page


def test_an_index_that_is_missing_is_told_to_agents(opened: int, monkeypatch: pytest.MonkeyPatch) -> None:
    agent = colleague((Role.RECEPTION, "441"))
    for zones, said in (([], False), (["la Corse", "l’outre-mer"], True)):
        monkeypatch.setattr(dashboard, "zones_without_index", lambda norms, zones=zones: zones)
        page = agent.browser().get("/agents/campagne/").content.decode()
        assert (f"L’indice des loyers de {opened} manque pour la Corse et l’outre-mer" in page) is said


@pytest.mark.parametrize("page", PAGES)
def test_another_office_does_not_exist(page: str, opened: int) -> None:
    office("751", "Caf de Paris")
    elsewhere = colleague((Role.RECEPTION, "751")).browser()
    answer = elsewhere.get(f"/agents/campagne/{page}?caisse=441")
    if page in ("dates/", "rappels/"):
        return
    assert answer.status_code == 404
    assert b"Le Bail" not in elsewhere.get(f"/agents/campagne/{page}").content


def test_the_list_and_its_file_name_who_has_not_declared(opened: int) -> None:
    browser = colleague((Role.RECEPTION, "441")).browser()
    assert "Le Bail &amp; Fils" in browser.get("/agents/campagne/a-relancer/").content.decode()
    file = browser.get("/agents/campagne/a-relancer/fichier/?caisse=441&format=csv")
    assert "Le Bail & Fils" in file.content.decode()
    assert Entry.objects.get(event="tenancies.exported").details["rows"] == 1
    xlsx = browser.get("/agents/campagne/a-relancer/fichier/?format=xlsx")
    assert xlsx.content.startswith(b"PK")


def test_days_stand_beside_those_of_a_year_ago_and_leave_as_a_file(opened: int) -> None:
    day = {"caf_code": "441", "way": "grid", "confirmed": 0, "corrected": 0, "delays": [0] * 8}
    CampaignDay.objects.create(year=opened, sent_on=date(opened, 7, 3), sent=4, **day)
    browser = colleague((Role.RECEPTION, "441")).browser()
    assert "jour par jour" not in browser.get("/agents/campagne/").content.decode()
    page = browser.get("/agents/campagne/?pas=jour").content.decode()
    assert "Loyers transmis jour par jour" in page
    file = browser.get("/agents/campagne/fichier/?caisse=441&par=jour&format=csv").content.decode()
    assert f"03/07/{opened};4;" in file
    assert Entry.objects.get(event="tenancies.exported").details["rows"] >= 3
    assert "Caf de" in browser.get("/agents/campagne/fichier/?par=caisse&format=csv").content.decode()
    assert browser.get("/agents/campagne/fichier/?par=caisse&format=xlsx").content.startswith(b"PK")
    for query in ("par=x", "format=exe", "caisse=751"):
        assert browser.get(f"/agents/campagne/fichier/?{query}").status_code == 404


def test_those_who_never_signed_in_have_a_list_of_their_own(opened: int) -> None:
    browser = colleague((Role.RECEPTION, "441")).browser()
    never = "/agents/campagne/a-relancer/?caisse=441&qui=jamais"
    assert "tous ceux qui ont un loyer à déclarer se sont déjà connectés" in browser.get(never).content.decode()
    Account.objects.update(opened_at=None)
    assert "Le Bail &amp; Fils" in browser.get(never).content.decode()
    file = browser.get("/agents/campagne/a-relancer/fichier/?caisse=441&qui=jamais&format=csv")
    assert "jamais-connectes" in file["Content-Disposition"]
    assert "Le Bail & Fils" in file.content.decode()


@pytest.mark.parametrize("query", ["annee=1999", "annee=x", "annee=" + "9" * 50, "apres=1-x", "apres=x", "format=exe"])
def test_what_an_address_makes_up_is_not_found(query: str, opened: int) -> None:
    page = "fichier/" if query.startswith("format") else ""
    answer = colleague().browser().get(f"/agents/campagne/a-relancer/{page}?{query}")
    assert answer.status_code == 404


def typed(year: int, deadline: date, **more: str) -> dict[str, str]:
    seen = f"{year}-07-01 {year}-09-30 {year + 1}-01-15"
    return {
        "opens_on": f"01/07/{year}", "deadline_on": f"{deadline:%d/%m/%Y}", "suspension_on": f"15/03/{year + 1}",
        "reason": "Retard des courriers.", "seen_dates": seen, **more,
    }  # fmt: skip


def test_dates_are_changed_after_a_look_at_what_that_changes(opened: int) -> None:
    browser = colleague().browser()
    where = f"/agents/campagne/dates/modifier/?annee={opened}"
    deadline = date(opened, 12, 31)
    if deadline < day_in_paris(datetime.now(UTC)):
        pytest.skip("no last day of that campaign is still to come")
    assert f"30/09/{opened}" in browser.get(where).content.decode()
    shown = browser.post(where, typed(opened, deadline)).content.decode()
    assert "Ce que cela change" in shown
    assert "au lieu du 30" in shown
    assert RentCampaign.objects.get().deadline_on == date(opened, 9, 30)
    done = browser.post(where, typed(opened, deadline, step="confirm"), follow=True).content.decode()
    assert "Les nouvelles dates sont en place." in done
    assert RentCampaign.objects.get().deadline_on == deadline
    again = browser.post(where, typed(opened, deadline, step="confirm")).content.decode()
    assert "rien ne change" in again


@pytest.mark.parametrize("bad", ["", "demain", "31/02/2026", "\x00", "9" * 10_000])
def test_a_bad_date_is_told_beside_its_field_and_kept(bad: str, opened: int) -> None:
    browser = colleague().browser()
    answer = browser.post(
        f"/agents/campagne/dates/modifier/?annee={opened}", typed(opened, date(opened, 12, 31)) | {"deadline_on": bad}
    ).content.decode()
    assert "à corriger" in answer
    assert RentCampaign.objects.get().deadline_on == date(opened, 9, 30)


@pytest.mark.parametrize("role", [Role.RECEPTION, Role.CASEWORKER, Role.RIGHTS_OFFICER])
def test_who_follows_does_not_run(role: Role, opened: int) -> None:
    browser = colleague((role, "")).browser()
    assert browser.get(f"/agents/campagne/dates/modifier/?annee={opened}").status_code == 403
    answer = browser.post("/agents/campagne/rappels/", {"act": "pause", "wave": "remaining", "way": "email"})
    assert answer.status_code == 403
    assert "Modifier" not in browser.get("/agents/campagne/dates/").content.decode()
    assert "Mettre en pause" not in browser.get("/agents/campagne/rappels/").content.decode()


def test_a_wave_is_paused_and_taken_up(opened: int) -> None:
    RentCampaign.objects.update(suspension_on=day_in_paris(datetime.now(UTC)) + timedelta(days=300))
    browser = colleague().browser()
    campaign = RentCampaign.objects.get()
    wave = running.waves_of(campaign)[-1]
    told = {"act": "pause", "wave": wave.name, "way": "email", "office": ""}
    page = browser.post("/agents/campagne/rappels/", told, follow=True).content.decode()
    assert "est en pause" in page
    assert CampaignWave.objects.get().paused_by in page
    again = browser.post("/agents/campagne/rappels/", told, follow=True).content.decode()
    assert "déjà en pause" in again
    page = browser.post("/agents/campagne/rappels/", told | {"act": "resume"}, follow=True).content.decode()
    assert "Le rappel reprend." in page
    assert browser.post("/agents/campagne/rappels/", {"act": "x"}).status_code == 404


def test_the_campaign_of_a_year_is_created_on_the_screen_by_who_runs_all_of_them() -> None:
    where = "/agents/campagne/creer/"
    boss = colleague().browser()
    assert where in boss.get("/agents/campagne/").content.decode()
    assert colleague((Role.RECEPTION, "441")).browser().get(where).status_code == 403
    assert where not in colleague((Role.RECEPTION, "441")).browser().get("/agents/campagne/").content.decode()
    today = day_in_paris(datetime.now(UTC))
    year = today.year if today < date(today.year, 9, 30) else today.year + 1
    typed = {
        "opens_on": f"30/09/{year}", "deadline_on": f"30/11/{year}", "suspension_on": f"15/01/{year + 1}",
        "reason": "Campagne de l’année", "seen_dates": "",
    }  # fmt: skip
    wrong = boss.post(where, {**typed, "deadline_on": f"02/10/{year}"}).content.decode()
    assert "30\u00a0jours après l’ouverture" in wrong
    assert "Confirmer" in boss.post(where, typed).content.decode()
    assert not RentCampaign.objects.exists(), "looked at first"
    done = boss.post(where, {**typed, "step": "confirm"}, follow=True).content.decode()
    assert f"La campagne {year} est créée" in done
    assert RentCampaign.objects.get().year == year
    assert f"Créer la campagne {year + 1}" in done


def test_the_pace_of_an_office_with_its_own_campaign_is_told_beside_that_of_all(opened: int) -> None:
    browser, address = colleague().browser(), "/agents/campagne/rappels/"
    of_all = RentCampaign.objects.get(year=opened)
    for code, name in (("751", "Caf de Paris"), ("202", "Caf de la Haute-Corse")):
        dates = {"opens_on": of_all.opens_on, "deadline_on": of_all.deadline_on, "suspension_on": of_all.suspension_on}
        RentCampaign.objects.create(office=office(code, name), year=opened, **dates)
    page = browser.get(address).content.decode().replace(" ", " ")
    assert "Premier rappel 30 jours après l’ouverture" in page
    assert "<b>Caf de" not in page, "none differs"
    for name, value in (("reminder_after_opening", 20), ("reminder_letters", 0)):
        parameters.change(name, value, office="751", by=system("tests"), at=datetime.now(UTC))
    page = browser.get(address).content.decode().replace(" ", " ")
    assert "<p>Premier rappel 30 jours après l’ouverture" in page
    assert "<b>Caf de Paris</b> : premier rappel 20 jours après l’ouverture" in page
    assert page.count("Par mail seulement") == 1
    assert "<b>Caf de la Haute-Corse" not in page
