"""Receipts: found again by their landlord, and checked by anybody who holds one."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from parvis.kit.actors import Actor
from parvis.kit.references import READABLE, signature
from parvis.kit.refusals import NotFound

PAGE = 25
LINES = 100
CODE_LENGTH = 8
JULY_TOPIC = "july_rent"


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One receipt in the list."""

    number: str
    at: datetime
    person: str
    count: int
    office_name: str


class SentRent(NamedTuple):
    """One rent of a receipt. ``previous_cents`` is the July of the year before, when it was sent with it."""

    sort_name: str
    tenancy_id: int
    tenancy: UUID
    first_name: str
    last_name: str
    claimant_number: str
    declaration: UUID
    reference: str
    year: int
    rent_cents: int
    last_july_cents: int | None
    previous_cents: int | None
    confirmed: list[str]
    state: str
    corrected_by: str | None
    corrects: str | None

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True, slots=True)
class ReceiptSheet:
    """All that a receipt says (CRPA R.112-11-1): what was received, when, from whom, by which service."""

    id: int
    number: str
    at: datetime
    person: str
    login_id: str
    landlord_name: str
    user_number: str
    count: int
    content_hash: bytes
    office_code: str
    office_name: str
    office_address: tuple[str, ...]
    office_email: str
    office_phone: str
    weeks: tuple[int, int] | None

    @property
    def code(self) -> str:
        """The eight characters that prove it: only this instance can make them, and they are kept nowhere."""
        return code_of(self.number, self.content_hash)


_SHEET = """
SELECT r.id, r.number, r.at, r.person, a.login_id,
       COALESCE(NULLIF(l.company_name, ''), btrim(l.first_name || ' ' || l.last_name)),
       COALESCE(n.user_number, a.user_number), r.count, r.content_hash, o.caf_code, o.name, o.address_1, o.address_2,
       btrim(o.postcode || ' ' || o.city), COALESCE(NULLIF(o.landlord_email, ''), o.email), o.phone,
       p.min_weeks, p.max_weeks
FROM declarations_receipt r
JOIN landlords_office o ON o.caf_code = r.office_id
JOIN landlords_landlord l ON l.partner_id = r.landlord_id
JOIN identity_account a ON a.id = r.account_id
LEFT JOIN LATERAL (SELECT own.user_number FROM landlords_thirdpartynumber own
  WHERE own.landlord_id = r.landlord_id AND own.office_id = r.office_id ORDER BY own.absent_since NULLS FIRST, own.id LIMIT 1
) n ON true
LEFT JOIN landlords_processingtime p ON p.office_id = o.caf_code AND p.topic = %(topic)s
WHERE r.number = %(number)s AND r.landlord_id = %(landlord)s
"""


def receipt_of(actor: Actor, number: str) -> ReceiptSheet:
    """The receipt of that number. Another landlord's, or none: one and the same refusal."""
    with connection.cursor() as cursor:
        cursor.execute(_SHEET, {"number": number, "landlord": actor.partner_id, "topic": JULY_TOPIC})
        row = cursor.fetchone()
    if row is None:
        raise NotFound
    (key, number, at, person, login_id, landlord_name, user_number, count, content, code, office, line_1, line_2, town,
     email, phone, low, high) = row  # fmt: skip
    return ReceiptSheet(
        id=key,
        number=number,
        at=at,
        person=person,
        login_id=login_id,
        landlord_name=landlord_name,
        user_number=user_number,
        count=count,
        content_hash=bytes(content),
        office_code=code,
        office_name=office,
        office_address=tuple(line for line in (line_1, line_2, town) if line),
        office_email=email,
        office_phone=phone,
        weeks=(low, high) if low is not None else None,
    )


_RENTS = """
SELECT t.sort_name, t.id, t.reference, t.first_name, t.last_name, t.claimant_number, d.opaque, d.reference, d.year,
       (d.details ->> 'rent_cents')::int, e.last_july_cents, (b.details ->> 'rent_cents')::int,
       ARRAY(SELECT jsonb_array_elements_text(d.confirmed)), d.state, by_r.number, orig_r.number
FROM declarations_declaration d
JOIN tenancies_tenancy t ON t.id = d.tenancy_id
LEFT JOIN declarations_campaignentry e ON e.tenancy_id = d.tenancy_id AND e.year = d.year
LEFT JOIN declarations_declaration b ON b.receipt_id = d.receipt_id AND b.tenancy_id = d.tenancy_id AND b.kind = 'previous_july_rent'
LEFT JOIN declarations_declaration by_d ON by_d.corrects_id = d.id AND NOT (by_d.state IN ('rejected', 'abandoned'))
LEFT JOIN declarations_receipt by_r ON by_r.id = by_d.receipt_id
LEFT JOIN declarations_declaration orig ON orig.id = d.corrects_id
LEFT JOIN declarations_receipt orig_r ON orig_r.id = orig.receipt_id
WHERE d.receipt_id = %(receipt)s AND d.kind = 'july_rent' AND {beyond}
ORDER BY t.sort_name {way}, t.id {way} LIMIT %(limit)s
"""


def rents_of(
    receipt: ReceiptSheet, *, after: UUID | None = None, before: UUID | None = None, limit: int | None = LINES
) -> list[SentRent]:
    """The rents of a receipt in the order of names, beyond the tenancy given; ``limit`` None gives all of them."""
    edge = "(SELECT x.sort_name, x.id FROM tenancies_tenancy x WHERE x.reference = %(cursor)s)"
    beyond = f"(t.sort_name, t.id) {'<' if before else '>'} {edge}" if after or before else "true"
    values: dict[str, Any] = {"receipt": receipt.id, "cursor": before or after, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(_RENTS.format(beyond=beyond, way="DESC" if before else "ASC"), values)
        rows = [SentRent(*row) for row in cursor.fetchall()]
    return rows[::-1] if before else rows


_LIST = """
SELECT r.number, r.at, r.person, r.count, o.name FROM declarations_receipt r JOIN landlords_office o ON o.caf_code = r.office_id
WHERE r.landlord_id = %(landlord)s AND {beyond} ORDER BY r.at {way}, r.number {way} LIMIT %(limit)s
"""


def receipts_of(
    actor: Actor, *, limit: int = PAGE, after: str | None = None, before: str | None = None
) -> list[ReceiptLine]:
    """The landlord's receipts, newest first, beyond the receipt whose number is given."""
    edge = "(SELECT x.at, x.number FROM declarations_receipt x WHERE x.number = %(cursor)s AND x.landlord_id = %(landlord)s)"
    beyond = f"(r.at, r.number) {'>' if before else '<'} {edge}" if after or before else "true"
    query = _LIST.format(beyond=beyond, way="ASC" if before else "DESC")
    with connection.cursor() as cursor:
        cursor.execute(query, {"landlord": actor.partner_id, "cursor": before or after, "limit": limit})
        rows = [ReceiptLine(*row) for row in cursor.fetchall()]
    return rows[::-1] if before else rows


@dataclass(frozen=True, slots=True)
class Verified:
    """What anybody may know of an authentic receipt: no name of a person, no tenant.

    ``landlord`` is empty for an individual; ``newer_number`` is the receipt that corrects the only rent of this one.
    """

    number: str
    at: datetime
    count: int
    landlord: str
    newer_number: str | None
    newer_at: datetime | None


_VERIFY = """
SELECT r.number, r.at, r.count, CASE WHEN p.nature = 'corporate' THEN l.company_name ELSE '' END,
       newer.number, newer.at, r.content_hash
FROM declarations_receipt r
JOIN landlords_landlord l ON l.partner_id = r.landlord_id
JOIN identity_partner p ON p.id = r.landlord_id
LEFT JOIN LATERAL (SELECT n.number, n.at FROM declarations_declaration d
  JOIN declarations_declaration c ON c.corrects_id = d.id AND NOT (c.state IN ('rejected', 'abandoned'))
  JOIN declarations_receipt n ON n.id = c.receipt_id WHERE d.receipt_id = r.id LIMIT 1) newer ON r.count = 1
WHERE r.number = %s
"""
_NUMBER = re.compile(r"AR(\d{4})(\d{2})(\d{6,10})")
_BLANKS = re.compile(r"[\s\-–—._]+")


def verify(number: str, code: str) -> Verified | None:
    """The receipt these two belong to, read kindly (case, blanks, hyphens); None if they do not go together."""
    found = _NUMBER.fullmatch(_BLANKS.sub("", number).upper())
    typed = _BLANKS.sub("", code).upper().replace("8", "B")
    if found is None or len(typed) != CODE_LENGTH or not set(typed) <= set(READABLE):
        return None
    with connection.cursor() as cursor:
        cursor.execute(_VERIFY, ["AR-" + "-".join(found.groups())])
        row = cursor.fetchone()
    if row is None or not hmac.compare_digest(code_of(row[0], bytes(row[6])), typed):
        return None
    return Verified(*row[:6])


def code_of(number: str, content_hash: bytes) -> str:
    """The verification code of a receipt."""
    return signature("receipt", f"{number}|{content_hash.hex()}", CODE_LENGTH)


_CONTENT = """
SELECT reference, kind, tenancy_id, year, details::text, confirmed::text FROM declarations_declaration
WHERE receipt_id = %s ORDER BY reference
"""


def content_of(receipt_id: int) -> list[tuple[Any, ...]]:
    """What a receipt states, line by line: what its hash is made of, to be compared at any time."""
    with connection.cursor() as cursor:
        cursor.execute(_CONTENT, [receipt_id])
        lines: list[tuple[Any, ...]] = cursor.fetchall()
    return lines


def content_hash(number: str, at: datetime, lines: Iterable[tuple[Any, ...]]) -> bytes:
    """SHA-256 of what a receipt states: its number, its moment, and each declaration's reference, kind, tenancy and details."""
    digest = hashlib.sha256(f"{number}|{at.isoformat()}".encode())
    for line in lines:
        digest.update(("\n" + "|".join(str(value) for value in line)).encode())
    return digest.digest()
