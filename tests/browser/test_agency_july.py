"""The July of an agency: a file of 100,000 rents, a worker killed in the middle, one receipt, a correction, the answer."""

from __future__ import annotations

import csv
import re
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from parvis.declarations.bulk.models import RentFile
from parvis.declarations.models import Declaration, Receipt
from parvis.declarations.services import campaigns
from parvis.kit import clock
from parvis.kit.clock import day_in_paris
from tests.browser import office, steps
from tests.browser.conftest import OpensABrowser, Watch
from tests.browser.person import Person
from tests.crash import victims
from tests.factories import declarations
from tests.factories.landlords import Owner
from tests.factories.tenancies import many_tenancies

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RENTS = 100_000
SLIPPED = 4
"""Lines whose comma slipped: the file says ten times the rent."""


@pytest.fixture
def agency(watch: Watch, folders: Settings) -> Owner:
    """An agency whose 100,000 tenants paid 500,00 € last July; the deadline is in a month, whatever today is: its worker
    is a process of its own, which lives today."""
    me = steps.regular()
    many_tenancies(me.landlord, RENTS)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tenancies_julyrent (tenancy_id, year, rent_cents, source)"
            " SELECT id, %s, 50000, 'landlord' FROM tenancies_tenancy",
            [declarations.YEAR - 1],
        )
        cursor.execute("ANALYZE")
    today = day_in_paris(clock.now())
    campaigns.open_campaign(
        declarations.YEAR,
        opens_on=date(declarations.YEAR, 7, 1),
        deadline_on=today + timedelta(days=30),
        suspension_on=today + timedelta(days=120),
        by=declarations.CLOCK,
        at=declarations.OPENING,
    )
    campaigns.refresh_entries(by=declarations.CLOCK, at=clock.now())
    return me


def test_an_agency_declares_a_hundred_thousand_rents(
    someone: OpensABrowser, watch: Watch, agency: Owner, tmp_path: Path
) -> None:
    person = someone()
    person.context.set_default_timeout(60_000)
    steps.signs_in(person, watch, agency)
    account = agency.account.reference
    _sends_the_file(person, account, tmp_path)
    person.looks("Contrôle du fichier")
    file = RentFile.objects.get()
    place = f"/c/{account}/bailleur/fichiers/{file.reference}/"
    _the_worker_dies_while_reading(person, file, place)
    _mends_what_is_to_mend(person, place)
    number = _confirms_and_the_worker_dies(person, place)
    _corrects_one(person, account, number)
    _the_office_takes_all(number)


def _sends_the_file(person: Person, account: str, folder: Path) -> None:
    """The table comes down with everybody in it; the last column is filled; it goes up."""
    person.goes(f"/c/{account}/bailleur/fichiers/")
    person.looks("Loyers de juillet")
    with person.page.expect_download() as download:
        person.page.get_by_role("link", name="Télécharger (CSV)").click()
    download.value.save_as(folder / "loyers.csv")
    with (
        (folder / "loyers.csv").open(encoding="utf-8-sig", newline="") as read,
        (folder / "complet.csv").open("w", encoding="utf-8-sig", newline="") as written,
    ):
        lines, out = csv.reader(read, delimiter=";"), csv.writer(written, delimiter=";")
        out.writerow(next(lines))
        count = 0
        for count, line in enumerate(lines, start=1):
            out.writerow([*line[:-1], "5050,00" if count <= SLIPPED else "505,00"])
    assert count == RENTS
    person.page.locator("input[type=file]").set_input_files(folder / "complet.csv")
    person.presses("Contrôler le fichier")


def _the_worker_dies_while_reading(person: Person, file: RentFile, place: str) -> None:
    """The page may be left; the work is taken up where it stopped."""
    person.looks("Contrôle du fichier")
    assert "Vous pouvez quitter cette page, un mail vous préviendra." in person.words
    person.goes("/")
    assert _killed_at_work(lambda: _checked(file) > 0), "the worker was faster: nothing was proved"
    person.goes(place)
    person.looks("Contrôle du fichier")
    assert "Contrôle en cours" in person.words
    _next_worker()
    person.goes(place)
    person.looks("Contrôle du fichier")
    assert f"{RENTS - SLIPPED:,} prêts".replace(",", " ") in _plain(person)
    assert f"{SLIPPED} à corriger" in _plain(person)


def _mends_what_is_to_mend(person: Person, place: str) -> None:
    person.page.get_by_role("link", name=re.compile("à corriger")).first.click()
    for left in range(SLIPPED - 1, -1, -1):
        person.presses("Remplacer par 505,00")
        person.page.get_by_text("Contrôle du fichier").first.wait_for()
        assert f"{left} à corriger" in _plain(person)
    person.looks("Contrôle du fichier")
    person.goes(place)


def _confirms_and_the_worker_dies(person: Person, place: str) -> str:
    """« Confirmer », pressed twice; the worker dies while it keeps them; the next one ends it: one receipt."""
    person.page.get_by_role("button", name="Confirmer").dblclick()
    person.page.get_by_text("Vous pouvez quitter cette page").wait_for()
    person.looks("Contrôle du fichier")
    assert _killed_at_work(lambda: RentFile.objects.get().leased_until is not None)
    person.goes(place)
    person.looks("Contrôle du fichier")
    assert "en cours" in person.words
    _next_worker()
    assert Receipt.objects.count() == 1
    assert Declaration.objects.filter(receipt__isnull=False).count() == RENTS
    person.goes(place)
    person.looks("Contrôle du fichier")
    assert f"{RENTS:,} loyers transmis".replace(",", " ") in _plain(person)
    number = Receipt.objects.get().number
    person.follows(number)
    person.looks(f"{RENTS:,}".replace(",", "\u202f")[:3])
    assert number in person.words
    return str(number)


def _corrects_one(person: Person, account: str, first: str) -> None:
    """One rent was wrong: its correction has a receipt of its own, and the first one stays as it was."""
    tenancy = Declaration.objects.order_by("pk").select_related("tenancy")[10].tenancy
    person.goes(f"/c/{account}/bailleur/loyers/{tenancy.reference}/corriger/")
    person.looks()
    person.page.locator("main input[type=text], main input[inputmode=decimal]").first.fill("515")
    while Receipt.objects.count() == 1:
        person.page.locator("main").get_by_role("button", name=re.compile("Continuer|Transmettre")).first.click()
        person.page.wait_for_load_state()
        person.looks()
    assert Receipt.objects.count() == 2
    person.goes(f"/c/{account}/bailleur/accuses/")
    person.looks("Mes accusés")
    assert person.page.locator("tbody tr").count() == 2
    assert first in person.words


def _the_office_takes_all(number: str) -> None:
    """Every rent leaves once, the corrected one with its last amount."""
    cents = [line["details"]["rent_cents"] for line in office.takes()]
    assert sorted({c: cents.count(c) for c in set(cents)}) in ([50_500, 51_500],)
    assert cents.count(50_500) in (RENTS, RENTS - 1)
    assert office.takes() == []


def _plain(person: Person) -> str:
    return person.words.replace("\u202f", " ").replace("\u00a0", " ")


def _checked(file: RentFile) -> int:
    return int(RentFile.objects.values_list("checked", flat=True).get(pk=file.pk))


def _killed_at_work(begun: object) -> bool:
    """Start a worker, kill it once it is at work; False if it had already ended."""
    assert callable(begun)
    victim = victims.command("worker", "--once")
    while victim.poll() is None and not begun():
        time.sleep(0.01)
    alive = victim.poll() is None
    victim.kill()
    victim.wait()
    return alive


def _next_worker() -> None:
    """Once the dead one's lease is over, another takes the work up: as soon as the database has given up what it did for it."""
    for _ in range(40):
        RentFile.objects.update(leased_until=None)
        assert victims.command("worker", "--once").wait(300) == 0
        if not RentFile.objects.filter(state__in=["received", "reading", "confirming"]).exists():
            return
        time.sleep(0.5)
    raise AssertionError("nobody ends the work of the dead worker")
