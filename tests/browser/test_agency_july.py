"""The July of an agency: a file of 100,000 rents, workers killed in the middle, one receipt, a correction, the answer."""

from __future__ import annotations

import csv
import re
import time
from collections import Counter
from collections.abc import Callable
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

pytestmark = [pytest.mark.browser, pytest.mark.crash, pytest.mark.django_db(transaction=True)]

RENTS = 100_000
SLIPPED = 4
"""Lines whose comma slipped: the file says ten times the rent."""
ALL = f"{RENTS:,}".replace(",", " ")
PATIENCE = 240_000
"""Milliseconds; a slow machine is no fault of the pages, whose speed is measured elsewhere."""


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
    person.waits(PATIENCE)
    steps.signs_in(person, watch, agency)
    home = f"/c/{agency.account.reference}/bailleur/"
    _sends_the_file(person, home, tmp_path)
    place = f"{home}fichiers/{RentFile.objects.get().reference}/"
    _the_worker_dies_while_reading(person, place)
    _mends_what_is_to_mend(person, place)
    first = _confirms_and_the_worker_dies(person, place)
    second = _corrects_one(person, home, first)
    _the_office_answers(person, watch, home, second)


def _sends_the_file(person: Person, home: str, folder: Path) -> None:
    """The table comes down with everybody in it; the last column is filled; it goes up, and the page may be left."""
    person.goes(f"{home}fichiers/")
    person.looks("Loyers de juillet")
    header, *rows = steps.comes_down(person, "Télécharger (CSV)", folder / "loyers.csv")
    assert len(rows) == RENTS
    for number, row in enumerate(rows):
        row[-2] = "5050,00" if number < SLIPPED else "505,00"
    steps.goes_up(person, folder / "complet.csv", [header, *rows], "Contrôler le fichier")
    person.reads("Vous pouvez quitter cette page, un mail vous préviendra.")
    person.looks("Contrôle du fichier")


def _the_worker_dies_while_reading(person: Person, place: str) -> None:
    """The work is taken up where it stopped: every line is judged once."""
    person.goes("/")
    _killed_once(lambda: RentFile.objects.get().checked > 0)
    assert 0 < RentFile.objects.get().checked < RENTS
    person.goes(place)
    person.reads("Contrôle en cours")
    person.looks("Contrôle du fichier")
    _next_worker()
    person.goes(place)
    person.reads(f"{RENTS - SLIPPED:,} prêts".replace(",", " "))
    person.reads(f"{SLIPPED} à corriger")
    person.looks("Contrôle du fichier")


def _mends_what_is_to_mend(person: Person, place: str) -> None:
    """The comma is put back on the page, one line after the other."""
    person.clicks(person.page.get_by_role("link", name=re.compile("à corriger")).first)
    for done in range(1, SLIPPED + 1):
        person.presses("Remplacer par 505,00")
        person.reads(f"{RENTS - SLIPPED + done:,} prêts".replace(",", " "))
    person.looks("Contrôle du fichier")
    person.goes(place)


def _confirms_and_the_worker_dies(person: Person, place: str) -> str:
    """« Confirmer », pressed twice; the worker dies while it keeps them; the next one ends it: one receipt, its number."""
    person.page.get_by_role("button", name="Confirmer").dblclick()
    person.reads(f"Transmission en cours : {ALL} loyers, en une seule fois.")
    person.looks("Contrôle du fichier")
    _killed_once(_somebody_writes_declarations)
    assert not Receipt.objects.exists()
    person.goes(place)
    person.reads(f"Transmission en cours : {ALL} loyers, en une seule fois.")
    _next_worker()
    receipt = Receipt.objects.get()
    assert Declaration.objects.filter(receipt=receipt).count() == receipt.count == RENTS
    assert declarations.counts_are_true()
    person.goes(place)
    person.reads(f"{ALL} loyers transmis")
    person.looks("Contrôle du fichier")
    person.follows(receipt.number)
    person.reads(receipt.number)
    person.looks(f"{ALL} loyers transmis")
    with person.page.expect_download() as download:
        person.follows("Loyers (CSV)")
    with Path(download.value.path()).open(encoding="utf-8-sig", newline="") as file:
        assert sum(1 for _ in csv.reader(file, delimiter=";")) == RENTS + 1
    return receipt.number


def _corrects_one(person: Person, home: str, first: str) -> str:
    """One rent was wrong: its correction has a receipt of its own, and the first one stays as it was."""
    rented = Declaration.objects.filter(state="submitted").order_by("pk").select_related("tenancy")[10].tenancy
    person.goes(f"{home}loyers/{rented.reference}/corriger/")
    person.looks("Corriger un loyer")
    person.page.locator("main input[name=rent]").fill("504")
    person.presses("Continuer")
    person.reads("Nouveau loyer 504,00 €")
    person.looks("Vérifiez avant de transmettre")
    person.presses("Transmettre la correction")
    person.arrives("**/accuses/AR-*/")
    person.looks()
    second = Receipt.objects.exclude(number=first).get()
    assert (second.count, second.number in person.words) == (1, True)
    person.goes(f"{home}accuses/")
    person.reads(first)
    person.looks("Mes accusés")
    assert person.page.locator("tbody tr").count() == 2
    return second.number


def _the_office_answers(person: Person, watch: Watch, home: str, second: str) -> None:
    """Every rent leaves once, the corrected one before its correction; what the office took in is said so."""
    sent = office.takes()
    assert Counter(line["details"]["rent_cents"] for line in sent) == {50_500: RENTS, 50_400: 1}
    assert office.takes() == []
    corrected = Declaration.objects.get(receipt__number=second)
    office.answers(1, (corrected.reference or "", "integrated", ""), at=watch.now())
    person.goes(f"{home}declarations/?etat=prises-en-compte")
    person.reads("Pris en compte")
    person.looks("Mes déclarations")
    assert person.page.locator("tbody tr").count() == 1


def _somebody_writes_declarations() -> bool:
    """Whether another connection is writing declarations in a transaction that has not ended."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE relation = 'declarations_declaration'::regclass"
            " AND mode = 'RowExclusiveLock' AND pid <> pg_backend_pid())"
        )
        return bool(cursor.fetchone()[0])


def _killed_once(begun: Callable[[], bool]) -> None:
    """Start a worker, and kill it as a power cut would, once it is in the middle of its work."""
    victim = victims.command("worker", "--once")
    while victim.poll() is None and not begun():
        time.sleep(0.005)
    assert victim.poll() is None, "the worker was faster: nothing was proved"
    victim.kill()
    victim.wait()


def _next_worker() -> None:
    """Once the dead one's lease is over, another takes the work up: as soon as the database has given up what it did for it."""
    for _ in range(120):
        RentFile.objects.update(leased_until=None)
        worker = victims.command("worker", "--once")
        try:
            assert worker.wait(PATIENCE / 1_000) == 0
        finally:
            worker.kill()
        if not RentFile.objects.filter(state__in=["received", "reading", "confirming"]).exists():
            return
        time.sleep(0.5)
    raise AssertionError("nobody ends the work of the dead worker")
