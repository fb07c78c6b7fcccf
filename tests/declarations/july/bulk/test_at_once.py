"""A block judged as a set says of each line what the line by itself would be said."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from parvis.declarations.bulk import blocks, intake
from parvis.declarations.bulk.models import RentFile
from parvis.tenancies.models import Tenancy
from tests.declarations.july.bulk.test_path import table
from tests.factories import declarations as made
from tests.factories.declarations import NOW, YEAR, typed
from tests.factories.landlords import Owner, office, owner
from tests.factories.tenancies import july_rent, payment, tenancy

pytestmark = pytest.mark.django_db
AMOUNTS = (
    "525,00", "524", "524,5", "527.40", "534,00", "560,00", "400", "5240", "52,4", "0", "", "à voir", "552,00", "552,40", "553,01",
    "412,00", "412,60", "1.050", "6144", "99999999", "525,00 €", " 525,00 ", "5 25", "0,50",
    "1048,00", "1572", "526,50", "530,10",
)  # fmt: skip


def homes_of(me: Owner) -> list[Tenancy]:
    """Tenancies that differ in all that a rent is compared with."""
    homes = []
    office("202", "Caf de Haute-Corse")
    for number, _ in enumerate(AMOUNTS * 4):
        home = tenancy(
            me.landlord, last_name=f"Nom{number:03d}", lease_holders=1 + number % 3 // 2, caf_code=("441", "202")[number % 5 == 3],
            rent_cents=(52_400, 52_000, None, 0)[number % 4], start_on=date(2020, 1, 1),
            charges_cents=(None, 4_000, 60)[number % 3], direct_payment=number % 2 == 0,
        )  # fmt: skip
        if number % 7:
            july_rent(home, YEAR - 1, 52_400)
        if number % 5 == 0:
            payment(home, date(2026, 6, 1), 10_000)
        homes.append(home)
    made.campaign()
    for home in homes[:6]:
        typed(me, home, "519")
    return homes


FIELDS = (
    "line",
    "tenancy_id",
    "typed",
    "state",
    "cents",
    "previous_cents",
    "other_cents",
    "warnings",
    "confirmed",
    "fault",
)


def judged(me: Owner, content: bytes) -> tuple[list[tuple[object, ...]], dict[str, int]]:
    file = intake.receive(me.actor, YEAR, name="x.csv", content=content, at=NOW)
    blocks.take_out(file, list(range(1, file.expected + 1)))
    assert not any(block.lines for block in file.blocks.all())
    return list(RentFile.objects.get(pk=file.pk).rows.order_by("line").values_list(*FIELDS)), file.counts


def none_at_once(*_: object, **__: object) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM staged_rents ORDER BY line")
        return list(cursor.fetchall())


def test_as_a_set_or_one_by_one_the_lines_are_judged_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    me = owner()
    twins = [tenancy(me.landlord, last_name=name, direct_payment=False) for name in ("Même", "Autre")]
    for twin in twins:
        july_rent(twin, YEAR - 1, 52_400)
    homes = homes_of(me)
    twice = [twins[0], twins[0], twins[1], twins[1]]
    content = table([*homes, *twice], *(AMOUNTS * 4), "525,00", "525,00", "525,00", "526,00")
    as_a_set = judged(me, content)
    monkeypatch.setattr(blocks, "keep_ready", none_at_once)
    assert judged(me, content) == as_a_set
    assert as_a_set[1]["ready"] > 10


def test_most_lines_of_a_usual_file_are_judged_as_a_set(monkeypatch: pytest.MonkeyPatch) -> None:
    me = owner()
    homes = [tenancy(me.landlord, last_name=f"Nom{number}", direct_payment=False) for number in range(5)]
    for home in homes:
        july_rent(home, YEAR - 1, 52_400)
    made.campaign()
    monkeypatch.setattr("parvis.declarations.bulk.judging.judge", None)
    _, counts = judged(me, table(homes, "525,00", "525", "525.5", "524,00", "527,00"))
    assert counts == {"ready": 5}
