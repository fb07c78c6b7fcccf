"""Receipts: found again by their landlord, and checked by anybody who holds one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from parvis.changes.selectors.awaited import SHOWN_STATE
from parvis.declarations.kinds.july_rent import PREVIOUS_UNKNOWN
from parvis.declarations.refusals import ReceiptAltered
from parvis.kit.actors import Actor
from parvis.kit.merging import rows_in_blocks
from parvis.kit.references import is_signature, signature
from parvis.kit.refusals import NotFound
from parvis.tenancies.selectors.scope import seen_by, within

PAGE = 25
LINES = 100
CODE_LENGTH = 8
PROVED_AT_SIGHT = 1_000
"""Up to so many rents, every look at a receipt recomputes what it sealed; beyond, its paper, its table and the public
page do: a page costs what it shows."""
JULY_TOPIC = "july_rent"
UNDATED_EFFECT = "L’aide sera recalculée au 1er\u00a0janvier."
"""Said of receipts sealed before they stated their own effect."""
NUMBER = re.compile(r"AR-\d{4}-\d{2}-\d{6,10}", re.ASCII)


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One receipt in the list."""

    number: str
    at: datetime
    person: str
    count: int
    office_name: str
    is_of_rents: bool


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
    confirmed_reason: str

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def is_confirmed(self) -> bool:
        """Whether this amount is; that the July before is not known says nothing of it."""
        return any(code != PREVIOUS_UNKNOWN for code in self.confirmed)

    @property
    def confirmation(self) -> str:
        """That an unusual amount was confirmed, and the reason given; empty where nothing was."""
        if not self.is_confirmed:
            return ""
        reason = self.confirmed_reason
        return f"montant confirmé\u00a0: {reason[0].lower()}{reason[1:]}" if reason else "montant confirmé"


@dataclass(frozen=True, slots=True)
class ReceiptSheet:
    """All that a receipt says (CRPA R.112-11-1): what was received, when, from whom, by which service.

    ``year`` and ``deadline_on`` are those of its own July rents and office; ``is_decided``: every line of it, however
    many; ``steps``, and the day an answer was then ``expected_on``, are those stated at the sending. ``tells_confirmed``: its table
    says what was confirmed; the digest of one sealed before stands for a table that does not.
    """

    id: int
    number: str
    at: datetime
    person: str
    login_id: str
    landlord_name: str
    user_number: str
    count: int
    is_of_rents: bool
    content_hash: bytes
    office_code: str
    office_name: str
    office_address: tuple[str, ...]
    office_email: str
    office_phone: str
    weeks: tuple[int, int] | None
    effect: str
    year: int | None
    deadline_on: date | None
    is_decided: bool
    steps: tuple[str, ...] = ()
    expected_on: date | None = None
    tells_confirmed: bool = False

    @property
    def code(self) -> str:
        """The eight characters that prove it: only this instance can make them, and they are kept nowhere."""
        return code_of(self.number, self.content_hash)


_SHEET = """
SELECT r.id, r.number, r.at, r.person, r.count, r.content_hash,
       CASE WHEN %(whole)s OR r.count <= %(sight)s THEN declarations_receipt_content(r.id) ELSE r.content_hash END,
       r.stated::text, r.office_id, p.min_weeks, p.max_weeks, r.is_of_rents, sent.year, c.deadline_on,
       NOT EXISTS (SELECT 1 FROM declarations_declaration d WHERE d.receipt_id = r.id AND d.state IN ('submitted', 'sent', 'manual'))
FROM declarations_receipt r
LEFT JOIN LATERAL (SELECT d.year FROM declarations_declaration d WHERE d.receipt_id = r.id AND d.kind = 'july_rent' LIMIT 1) sent
  ON r.is_of_rents
LEFT JOIN LATERAL (SELECT c.deadline_on FROM declarations_rentcampaign c WHERE c.year = sent.year
  AND (c.office_id IS NULL OR c.office_id = r.office_id) ORDER BY c.office_id IS NULL LIMIT 1) c ON true
LEFT JOIN landlords_delay p ON p.office_id = r.office_id AND p.topic = %(topic)s
WHERE r.number = %(number)s AND r.landlord_id = %(landlord)s{within}
"""


def receipt_of(actor: Actor, number: str, *, whole: bool = False) -> ReceiptSheet:
    """The receipt of that number, as sealed. Another landlord's or office's, or none: the same refusal; altered: not shown.

    ``whole`` is for whoever takes all its lines away: what it sealed is recomputed however long it is.
    """
    if not NUMBER.fullmatch(number):
        raise NotFound
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"number": number, "topic": JULY_TOPIC, "whole": whole, "sight": PROVED_AT_SIGHT}
        cursor.execute(_SHEET.format(within=within(actor, "r.office_id")), {**seen_by(actor), **values})
        row = cursor.fetchone()
    if row is None:
        raise NotFound
    key, number, at, person, count, content, recomputed, text, code, low, high, of_rents, year, deadline, decided = row
    if bytes(content) != bytes(recomputed):
        raise ReceiptAltered
    stated: dict[str, Any] = json.loads(text)
    return ReceiptSheet(
        id=key,
        number=number,
        at=at,
        person=person,
        login_id=stated["login_id"],
        landlord_name=stated["landlord"],
        user_number=stated["user_number"],
        count=count,
        is_of_rents=of_rents,
        content_hash=bytes(content),
        office_code=code,
        office_name=stated["office"],
        office_address=tuple(stated["office_address"]),
        office_email=stated["office_email"],
        office_phone=stated["office_phone"],
        weeks=(low, high) if low is not None else None,
        effect=stated.get("effect") or UNDATED_EFFECT,
        year=year,
        deadline_on=deadline,
        is_decided=decided,
        **_since(stated),
    )


def _since(stated: dict[str, Any]) -> dict[str, Any]:
    """What the first receipts did not state."""
    expected = stated.get("expected_on")
    told = {"steps": tuple(stated.get("steps", ())), "tells_confirmed": stated.get("tells_confirmed", False)}
    return told | {"expected_on": date.fromisoformat(expected) if expected else None}


_RENTS = f"""
SELECT d.stated ->> 'sort_name', t.id, t.reference, d.stated ->> 'first_name', d.stated ->> 'last_name',
       d.stated ->> 'claimant_number', d.opaque, d.reference, d.year, (d.details ->> 'rent_cents')::int,
       (d.stated ->> 'last_july_cents')::int, (d.stated ->> 'previous_cents')::int,
       ARRAY(SELECT jsonb_array_elements_text(d.confirmed)), {SHOWN_STATE.format(d="d")}, by_r.number, orig_r.number,
       d.confirmed_reason
FROM declarations_declaration d
JOIN tenancies_tenancy t ON t.id = d.tenancy_id
LEFT JOIN LATERAL (
  SELECT x.receipt_id FROM declarations_declaration x WHERE d.state = 'corrected' AND x.corrects_id = d.id
    AND NOT (x.state IN ('rejected', 'abandoned')) ORDER BY x.state = 'corrected', x.id DESC LIMIT 1) by_d ON true
LEFT JOIN declarations_receipt by_r ON by_r.id = by_d.receipt_id
LEFT JOIN declarations_declaration orig ON orig.id = d.corrects_id
LEFT JOIN declarations_receipt orig_r ON orig_r.id = orig.receipt_id
WHERE d.receipt_id = %(receipt)s AND d.kind = 'july_rent' AND NOT (d.details ? 'reason') AND {{beyond}}
ORDER BY {{order}} LIMIT %(limit)s
"""
_EDGE = """
(SELECT {place} FROM declarations_declaration x JOIN tenancies_tenancy y ON y.id = x.tenancy_id
 WHERE x.receipt_id = %(receipt)s AND x.kind = 'july_rent' AND y.reference = %(cursor)s)
"""
_BY_NAME = ("({d}.stated ->> 'sort_name') COLLATE \"C\"", "{d}.tenancy_id")
_AS_KEPT = ("{d}.id",)


def rents_of(
    receipt: ReceiptSheet, *, after: UUID | None = None, before: UUID | None = None, limit: int | None = LINES
) -> list[SentRent]:
    """The rents of a receipt beyond the tenancy given; ``limit`` None gives all of them.

    In the order of names; beyond ``PROVED_AT_SIGHT`` rents in the order they were kept, that of the file: ordering a
    hundred thousand names for a page of them would cost all of them.
    """
    columns = _BY_NAME if receipt.count <= PROVED_AT_SIGHT else _AS_KEPT
    way = "DESC" if before else "ASC"
    beyond = "true"
    if after or before:
        here, there = (", ".join(columns).format(d=name) for name in ("d", "x"))
        beyond = f"({here}) {'<' if before else '>'} {_EDGE.format(place=there)}"
    order = ", ".join(f"{column.format(d='d')} {way}" for column in columns)
    values: dict[str, Any] = {"receipt": receipt.id, "cursor": before or after, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(_RENTS.format(beyond=beyond, order=order), values)
        rows = [SentRent(*row) for row in cursor.fetchall()]
    return rows[::-1] if before else rows


def rents_in_blocks(receipt: ReceiptSheet) -> Iterator[SentRent]:
    """All rents of a receipt, in the same order, some at a time: for a table nobody reads whole in memory."""
    columns = _BY_NAME if receipt.count <= PROVED_AT_SIGHT else _AS_KEPT
    order = ", ".join(column.format(d="d") for column in columns)
    statement = _RENTS.format(beyond="true", order=order)
    for row in rows_in_blocks(statement, {"receipt": receipt.id, "limit": None}):
        yield SentRent(*row)


_LIST = """
SELECT r.number, r.at, r.person, r.count, o.name, r.is_of_rents
FROM declarations_receipt r JOIN landlords_office o ON o.caf_code = r.office_id
WHERE r.landlord_id = %(landlord)s{within} AND {beyond} ORDER BY r.at {way}, r.number {way} LIMIT %(limit)s
"""


def receipts_of(
    actor: Actor,
    *,
    limit: int = PAGE,
    after: str | None = None,
    before: str | None = None,
    earlier: tuple[datetime, str] | None = None,
) -> list[ReceiptLine]:
    """The landlord's receipts, newest first, beyond the receipt whose number is given. A receipt is of one office.

    ``earlier`` is a moment and a number that need not be of a receipt: those that stand before both.
    """
    own = within(actor, "x.office_id")
    edge = f"(SELECT x.at, x.number FROM declarations_receipt x WHERE x.number = %(cursor)s AND x.landlord_id = %(landlord)s{own})"
    beyond = f"(r.at, r.number) {'>' if before else '<'} {edge}" if after or before else "true"
    values = {**seen_by(actor), "cursor": before or after, "limit": limit}
    if earlier is not None:
        beyond = "(r.at, r.number) < (%(moment)s, %(number)s)"
        values |= {"moment": earlier[0], "number": earlier[1]}
    query = _LIST.format(within=within(actor, "r.office_id"), beyond=beyond, way="ASC" if before else "DESC")
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        rows = [ReceiptLine(*row) for row in cursor.fetchall()]
    return rows[::-1] if before else rows


def code_of(number: str, content_hash: bytes) -> str:
    """The verification code of a receipt."""
    return signature("receipt", _signed(number, content_hash), CODE_LENGTH)


def is_code_of(number: str, content_hash: bytes, typed: str) -> bool:
    """Whether a code is that of a receipt, signed by any key this instance knows: receipts outlive keys."""
    return is_signature(typed, "receipt", _signed(number, content_hash), CODE_LENGTH)


def _signed(number: str, content_hash: bytes) -> str:
    return f"{number}|{content_hash.hex()}"


def content_hash(receipt_id: int) -> bytes:
    """SHA-256 of all that a receipt states, as the database holds it now: compared with the one kept at the sending."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT declarations_receipt_content(%s)", [receipt_id])
        return bytes(cursor.fetchone()[0])
