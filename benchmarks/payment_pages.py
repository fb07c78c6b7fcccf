"""P4 for payments: the same pages for a landlord of 300,000 tenancies paid for twelve months, and for one of 100."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks import people
from benchmarks.measure import Figure, Line, interleaved
from benchmarks.pages import requests
from benchmarks.stage import Stage, WebServer

SMALL, LARGE = 910_101, 910_102
HOW_MANY = {SMALL: 100, LARGE: 300_000}
FIRST = {SMALL: 5_000_000, LARGE: 6_000_000}
ROUNDS = 5
AIM = 1.3

_PAYMENTS = """
INSERT INTO tenancies_payment (payment_ref, tenancy_id, landlord_id, month, kind, amount_cents, paid_on, transfer_ref, reason_code)
SELECT %(number)s || '-' || t.id || '-' || m, t.id, t.landlord_id, (DATE '2025-12-01' + m * interval '1 month')::date, 'aid',
       15000 + t.id %% 9000 + CASE WHEN m = 11 AND t.id %% 2 = 0 THEN 700 ELSE 0 END, (DATE '2026-01-05' + m * interval '1 month')::date,
       'VIR' || %(number)s || lpad(m::text, 2, '0'), CASE WHEN t.id %% 50 = 0 THEN 'quarterly_review' ELSE '' END
FROM tenancies_tenancy t, generate_series(0, 11) m WHERE t.landlord_id = %(landlord)s
"""
_UNPAID = "UPDATE tenancies_tenancy SET direct_payment = true WHERE landlord_id = %(landlord)s"


def _landlord(number: int) -> tuple[people.Somebody, dict[str, str]]:
    """A landlord paid for a year, and the addresses of their pages."""
    from django.db import connection

    from parvis.tenancies.models import Tenancy, Transfer

    who = people.somebody(number)
    people.tenancies(number, FIRST[number], HOW_MANY[number])
    values: dict[str, Any] = {"number": str(number), "landlord": who.partner_id}
    with connection.cursor() as cursor:
        cursor.execute(_UNPAID, values)
        cursor.execute(_PAYMENTS, values)
    _add_up()
    here = f"/c/{who.account}/bailleur"
    last = Transfer.objects.filter(landlord_id=who.partner_id).latest("paid_on")
    tenant = Tenancy.objects.filter(landlord_id=who.partner_id).order_by("pk")[50]
    day = f"{last.paid_on:%d/%m/%Y}"
    return who, {
        "payments of a year": f"{here}/paiements/?annee={last.paid_on.year}",
        "statement of a transfer": f"{here}/paiements/{last.reference}/",
        "what a transfer changed": f"{here}/paiements/{last.reference}/changements/",
        "history of a tenant": f"{here}/paiements/locataires/{tenant.reference}/",
        "a transfer looked for": f"{here}/paiements/rapprocher/?q={day}",
        "sums withheld": f"{here}/paiements/retenues/",
        "documents": f"{here}/documents/",
        "documents of a tenant": f"{here}/documents/?locataire={tenant.reference}",
    }


def _add_up() -> None:
    """What the merge of a delivery does at its end, and the worker after it: one tenancy of two changed in the last month."""
    from parvis.tenancies.services import transfers
    from parvis.tenancies.services.transfers import comparing

    transfers.rebuild()
    comparing.compare_due()


def run(stage: Stage) -> list[Line]:
    """Each page at both sizes, in turns."""
    people.office()
    small, small_pages = _landlord(SMALL)
    large, large_pages = _landlord(LARGE)
    people.settle()
    server = WebServer("parvis.config.wsgi:application", 18_404)
    try:
        return [
            _line(
                name,
                requests(stage, server, small_pages[name], small.cookie),
                requests(stage, server, large_pages[name], large.cookie),
            )
            for name in small_pages
        ]
    finally:
        server.stop()


def _line(name: str, at_100: Callable[[], float], at_300_000: Callable[[], float]) -> Line:
    at_100(), at_300_000()
    first, grown = _in_turns(at_100, at_300_000)
    ratio = grown.median / first.median
    return Line(
        "P4", f"{name}, 300,000 tenancies paid for twelve months", str(grown), f"itself at 100 {first}",
        f"{ratio:.2f} ×", f"≤ {AIM} ×", ratio <= AIM,
    )  # fmt: skip


def _in_turns(one: Callable[[], float], other: Callable[[], float]) -> tuple[Figure, Figure]:
    first, grown = interleaved(("at 100", one), ("at 300,000", other), unit="ms CPU", rounds=ROUNDS)
    return first, grown
