"""A worker killed while it reads a file of rents: the next one goes on, and every line is judged once."""

from __future__ import annotations

import time

import pytest
from django.db import connection

from parvis.declarations.bulk import columns, intake
from parvis.declarations.bulk.models import RentFile
from parvis.declarations.models import Declaration, Receipt
from parvis.kit import clock
from parvis.tenancies.models import Tenancy
from tests.crash import victims
from tests.factories import declarations, landlords, tenancies

LINES = 12_000
KILLS = 3


def _free() -> None:
    """The lease of a worker that died is over."""
    RentFile.objects.update(leased_until=None)


def _next_worker() -> None:
    """Another takes the work up, as soon as the database has given up what it did for the dead one."""
    for _ in range(40):
        _free()
        assert victims.command("worker", "--once").wait(180) == 0
        if not RentFile.objects.filter(state__in=["received", "reading", "confirming"]).exists():
            return
        time.sleep(0.5)
    raise AssertionError("nobody ends the work of the dead worker")


def _kill_between(low: int, high: int) -> bool:
    """Kill a worker once it has kept something more; False if it was faster."""
    victim = victims.command("worker", "--once")
    checked = low
    while victim.poll() is None and checked <= low:
        time.sleep(0.01)
        checked = RentFile.objects.values_list("checked", flat=True).get()
    victim.kill()
    victim.wait()
    return checked < high


def _file_of_everybody() -> RentFile:
    """A file that says of each tenant the rent of last July."""
    me = landlords.owner()
    tenancies.many_tenancies(me.landlord, LINES)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tenancies_julyrent (tenancy_id, year, rent_cents, source) SELECT id, 2025,"
            " ((row_number() OVER (ORDER BY id) - 1) % 900 + 200) * 100 + 50, 'landlord' FROM tenancies_tenancy"
        )
    declarations.campaign()
    keys = Tenancy.objects.order_by("pk").values_list("reference", flat=True)
    rows = [
        "Clé;Loyer juillet 2026",
        *(f"{columns.key_of(2026, key)};{n % 900 + 200},50" for n, key in enumerate(keys)),
    ]
    return intake.receive(me.actor, 2026, name="l.csv", content="\n".join(rows).encode(), at=clock.now())


def _is_read_to_its_end(file: RentFile) -> None:
    """Though its worker is killed again and again."""
    kills = 0
    for _ in range(KILLS):
        _free()
        file.refresh_from_db()
        kills += _kill_between(file.checked, LINES)
    _next_worker()
    file.refresh_from_db()
    assert kills >= 1, "nothing was killed at work: the test proves nothing"
    assert file.state == "ready"
    assert sum(file.counts.values()) == LINES
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT state, count(*), count(DISTINCT line) FROM (SELECT state, line FROM declarations_rentfilerow"
            " UNION ALL SELECT 'ready', unnest(lines) FROM declarations_rentfileblock) kept GROUP BY state"
        )
        assert {state: (count, lines) for state, count, lines in cursor.fetchall()} == {
            state: (count, count) for state, count in file.counts.items()
        }


@pytest.mark.crash
@pytest.mark.django_db(transaction=True)
def test_a_file_whose_worker_is_killed_is_read_to_its_end_and_confirmed_once() -> None:
    file = _file_of_everybody()
    assert file.in_background
    _is_read_to_its_end(file)
    RentFile.objects.update(state="confirming", wish="send", wants_unsure=True, tries=0)
    victim = victims.command("worker", "--once")
    while victim.poll() is None and RentFile.objects.get().leased_until is None:
        time.sleep(0.01)
    time.sleep(0.05)
    victim.kill()
    victim.wait()
    assert RentFile.objects.get().state == "confirming", "nothing was killed while it was kept: the test proves nothing"
    assert not Receipt.objects.exists()
    _next_worker()
    assert RentFile.objects.get().state == "confirmed"
    assert Receipt.objects.get().count == LINES
    assert Declaration.objects.filter(kind="july_rent").count() == LINES
    assert declarations.counts_are_true()
