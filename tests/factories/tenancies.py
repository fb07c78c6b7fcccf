"""Tenancies as rows, with the counts that the writes keep."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from django.db import connection
from django.db.models import F

from parvis.landlords.models import Landlord
from parvis.tenancies.models import AidType, Decency, JulyRent, Payment, PaymentKind, PortfolioCount, Tenancy, Transfer
from parvis.tenancies.services import transfers

_numbers = count(1)


def tenancy(of: Landlord, *, last_name: str = "Moreau", first_name: str = "Lina", **fields: Any) -> Tenancy:
    """A tenancy in place, of a landlord with one third-party number."""
    number, own = next(_numbers), of.third_party_numbers.get()
    values: dict[str, Any] = {
        "caf_code": own.office_id,
        "claimant_number": f"{2_000_000 + number:07d}",
        "tenancy_ref": f"L{number:07d}",
        "third_party_number": own,
        "landlord": of,
        "last_name": last_name,
        "first_name": first_name,
        "address_1": f"{number} rue du Port",
        "postcode": "44220",
        "city": "COUERON",
        "aid_type": AidType.ALF,
        "state_agreement": False,
        "start_on": date(2021, 10, 24),
        "furnished": False,
        "decency": Decency.DECENT,
        "floor_area_m2": 43,
        "rent_cents": 52_500,
        "direct_payment": True,
        **fields,
    }
    made = Tenancy.objects.create(**values)
    which = "former" if made.end_on or made.absent_since else "current"
    PortfolioCount.objects.get_or_create(landlord=of)
    PortfolioCount.objects.filter(landlord=of).update(**{which: F(which) + 1})
    made.refresh_from_db()
    return made


def july_rent(of: Tenancy, year: int, cents: int, source: str = "landlord") -> JulyRent:
    """A July rent the office holds."""
    return JulyRent.objects.create(tenancy=of, year=year, rent_cents=cents, source=source)


def payment(
    of: Tenancy,
    month: date,
    cents: int,
    *,
    kind: str = PaymentKind.AID,
    paid_on: date | None = None,
    reason_code: str = "",
    landlord: Landlord | None = None,
    transfer_ref: str = "",
    account_last4: str = "",
) -> Payment:
    """One line of payment, added up in its transfer; paid on the 5th of the month after, unless told."""
    after = date(month.year + month.month // 12, month.month % 12 + 1, 5)
    made = Payment.objects.create(
        payment_ref=f"P{next(_numbers):010d}",
        tenancy=of,
        landlord=landlord or of.landlord,
        month=month,
        kind=kind,
        amount_cents=cents,
        paid_on=paid_on or after,
        transfer_ref=transfer_ref or f"VIR{paid_on or after:%Y%m%d}",
        reason_code=reason_code,
        account_last4=account_last4,
    )
    transfers.rebuild()
    return made


def transfer_of(line: Payment) -> Transfer:
    """The transfer a line came with."""
    return Transfer.objects.get(landlord=line.landlord, transfer_ref=line.transfer_ref, paid_on=line.paid_on)


def many_tenancies(of: Landlord, how_many: int, *, name: str = "Nom") -> None:
    """Thousands of tenancies in one statement, for what depends on size."""
    own = of.third_party_numbers.get()
    start = next(_numbers) * 1000
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO tenancies_tenancy (caf_code, claimant_number, tenancy_ref, third_party_number_id, landlord_id, title,
              last_name, first_name, address_1, address_2, postcode, city, aid_type, state_agreement, start_on, furnished,
              decency, lease_holders, rent_cents, direct_payment, former_claimant_number)
            SELECT %s, lpad((3000000 + g)::text, 7, '0'), 'M' || (%s + g), %s, %s, '', %s || lpad(g::text, 6, '0'),
              'Prénom' || (g %% 50), g || ' rue des Lilas', '', '44000', 'NANTES', 'ALF', false, '2020-01-01', false,
              'decent', 1, 50000, g %% 2 = 0, ''
            FROM generate_series(1, %s) g""",
            [own.office_id, start, own.pk, of.pk, name, how_many],
        )
    PortfolioCount.objects.get_or_create(landlord=of)
    PortfolioCount.objects.filter(landlord=of).update(current=F("current") + how_many)
