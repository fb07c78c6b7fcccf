"""Whose aid is suspended for want of a July rent: the list agents call from, and its file."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from parvis.agents.posts import Role
from parvis.audit.models import Entry
from parvis.declarations.models import CampaignEntry, RentCampaign
from parvis.declarations.selectors.campaign import suspended as selectors
from parvis.declarations.services import campaigns
from parvis.declarations.services.campaigns import figures
from parvis.kit.actors import system
from parvis.kit.clock import day_in_paris
from parvis.tenancies.models import Tenancy
from tests.factories.agents import SQUARE, colleague
from tests.factories.landlords import landlord, office, owner
from tests.factories.tenancies import many_tenancies

pytestmark = pytest.mark.django_db
PAGE = "/agents/campagne/aides-suspendues/"


@pytest.fixture
def year() -> int:
    """A campaign whose day of suspension was yesterday: one landlord with three tenants, none declared."""
    now = datetime.now(UTC)
    today = day_in_paris(now)
    of = today.year - 1
    me = owner(landlord(company_name="Le Bail & Fils"))
    many_tenancies(me.landlord, 3)
    me.landlord.third_party_numbers.update(channel="portal", phone="0240000001")
    Tenancy.objects.update(start_on=date(of - 1, 9, 1))
    campaigns.open_campaign(
        of, opens_on=date(of, 7, 1), deadline_on=date(of, 9, 30), suspension_on=today - timedelta(days=1),
        by=system("tests"), at=now - timedelta(days=30),
    )  # fmt: skip
    campaigns.refresh_entries(by=system("tests"), at=now)
    figures.count(at=now)
    return of


def test_the_list_names_tenants_who_are_there_and_their_landlord(year: int) -> None:
    gone, sent, left = Tenancy.objects.order_by("pk")
    Tenancy.objects.filter(pk=gone.pk).update(end_on=date(year, 12, 1))
    CampaignEntry.objects.filter(tenancy=sent).update(state="submitted")
    browser = colleague((Role.RECEPTION, "441")).browser()
    page = browser.get(f"{PAGE}?annee={year}").content.decode()
    assert "Le Bail &amp; Fils" in page
    assert "0240000001" in page
    assert [number in page for number in (gone.claimant_number, sent.claimant_number, left.claimant_number)] == [
        False,
        False,
        True,
    ]
    assert Entry.objects.get(event="agents.listed").details["count"] == 1
    assert "Voir les aides suspendues" in browser.get(f"/agents/campagne/?annee={year}").content.decode()


def test_pages_follow_each_other_without_loss(year: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selectors, "PAGE", 1)
    browser, numbers = colleague((Role.RECEPTION, "441")).browser(), set(Tenancy.objects.values_list("claimant_number"))
    agent = colleague((Role.RECEPTION, "441")).actor
    seen, after = [], None
    for _ in numbers:
        (line,) = selectors.suspended_at(agent, year, "441", after=after, limit=1, at=datetime.now(UTC))
        seen.append((line.claimant_number,))
        after = line.tenancy
    assert set(seen) == numbers
    assert selectors.suspended_at(agent, year, "441", after=after, at=datetime.now(UTC)) == []
    assert 'rel="next"' in browser.get(f"{PAGE}?annee={year}").content.decode()


def test_the_file_holds_them_all_and_is_noted(year: int) -> None:
    browser = colleague((Role.RECEPTION, "441")).browser()
    file = browser.get(f"{PAGE}fichier/?annee={year}&caisse=441&format=csv").content.decode()
    assert file.count("Le Bail & Fils") == 3
    assert Entry.objects.get(event="tenancies.exported").details["rows"] == 3
    assert browser.get(f"{PAGE}fichier/?annee={year}&format=xlsx").content.startswith(b"PK")
    figures_file = browser.get(f"/agents/campagne/fichier/?annee={year}&par=caisse&format=csv").content.decode()
    assert "suspension commencée" in figures_file.splitlines()[0]
    assert ";3;" in figures_file


def test_before_the_day_nothing_is_suspended(year: int) -> None:
    later = day_in_paris(datetime.now(UTC)) + timedelta(days=3)
    RentCampaign.objects.update(suspension_on=later)
    browser = colleague((Role.RECEPTION, "441")).browser()
    page = browser.get(f"{PAGE}?annee={year}").content.decode()
    assert "Pas encore de suspension" in page
    assert "Le Bail" not in page
    assert "Le Bail" not in browser.get(f"{PAGE}fichier/?annee={year}").content.decode()


@pytest.mark.parametrize(("role", "at"), SQUARE)
def test_each_role_sees_its_own_offices(role: Role, at: str, year: int) -> None:
    office("751", "Caf de Paris")
    browser = colleague((role, at)).browser()
    assert (b"Le Bail" in browser.get(f"{PAGE}?annee={year}").content) is (at == "441")
    seen = at in ("441", "")
    assert (b"Le Bail" in browser.get(f"{PAGE}?annee={year}&caisse=441").content) is seen
    assert (browser.get(f"{PAGE}?annee={year}&caisse=441").status_code == 200) is seen
    assert (browser.get(f"{PAGE}fichier/?annee={year}&caisse=441").status_code == 200) is seen


@pytest.mark.parametrize("query", ["annee=x", "apres=x", f"apres={'0' * 32}", "format=exe"])
def test_what_an_address_makes_up_is_not_found(query: str, year: int) -> None:
    page = "fichier/" if query.startswith("format") else ""
    where = f"annee={year}&" if not query.startswith("annee") else ""
    assert colleague().browser().get(f"{PAGE}{page}?{where}{query}").status_code == 404
