"""One transfer: its lines tenant by tenant and month by month of right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from parvis.kit.actors import Actor, Right
from parvis.kit.merging import rows
from parvis.kit.refusals import NotFound
from parvis.tenancies.reasons import Surroundings
from parvis.tenancies.selectors.payments import demand
from parvis.tenancies.selectors.payments.transfers import TRANSFER, TransferLine
from parvis.tenancies.selectors.scope import seen_by, within

PAGE = 50
BY_NAME_UP_TO = 1_000
"""A longer statement is in the order of the office's numbers: to sort it by name, all of it would have to be read."""
EXPORTED_AT_ONCE = 5_000


class StatementLine(NamedTuple):
    """What a transfer holds for one tenant and one month of right.

    ``is_here``: the tenancy is the landlord's, so that its sheet may be opened; a dwelling may have been sold since.
    ``gross_cents``, rent and charges, is None where it is not known or not the actor's to know.
    """

    tenancy: UUID
    name: str
    claimant_number: str
    own_reference: str
    is_here: bool
    month: date
    aid_cents: int
    back_payment_cents: int
    recovery_cents: int
    remaining_cents: int | None
    gross_cents: int | None
    left_on: date | None
    reasons: tuple[str, ...]

    @property
    def total_cents(self) -> int:
        """What was paid for it."""
        return self.aid_cents + self.back_payment_cents + self.recovery_cents

    def around(self, paid_on: date) -> Surroundings:
        """What the sentences of its reasons may say."""
        return Surroundings(
            month=self.month,
            paid_on=paid_on,
            withheld_cents=-self.recovery_cents,
            remaining_cents=self.remaining_cents,
            excess_cents=self.aid_cents - self.gross_cents if self.gross_cents is not None else 0,
            left_on=self.left_on,
        )


@dataclass(frozen=True, slots=True)
class StatementPage:
    """A page of whole tenants; ``previous`` and ``following`` are the tenancies to start from, or None."""

    lines: list[StatementLine]
    previous: UUID | None
    following: UUID | None


def statement_of(actor: Actor, transfer: UUID) -> TransferLine:
    """The transfer of that reference. Another landlord's, another office's, or none: one and the same refusal."""
    demand(actor)
    query = f"{TRANSFER}{within(actor, 't.caf_code')} AND t.reference = %(reference)s"
    found = rows(query, {**seen_by(actor), "reference": transfer})
    if not found:
        raise NotFound
    return TransferLine(*found[0])


_PAID_TO = """
SELECT DISTINCT n.iban_last4 FROM landlords_thirdpartynumber n
WHERE n.landlord_id = %(landlord)s AND (n.office_id = %(office)s OR %(office)s = '') AND n.absent_since IS NULL
  AND %(sees_accounts)s{within} LIMIT 2
"""


def paid_to(actor: Actor, office: str = "") -> str:
    """The last four signs of the account that office, or each of them, pays the landlord to today; empty if it has none, or
    several."""
    demand(actor)
    found = rows(_PAID_TO.format(within=within(actor, "n.office_id")), {**seen_by(actor), "office": office})
    return str(found[0][0]) if len(found) == 1 else ""


_OWN = "p.landlord_id = %(landlord)s AND p.paid_on = %(paid_on)s AND p.transfer_ref = %(transfer_ref)s"
_SHOWN = f"""
SELECT DISTINCT {{key}}x.id FROM tenancies_payment p JOIN tenancies_tenancy x ON x.id = p.tenancy_id AND x.caf_code = %(caf_code)s
WHERE {_OWN}{{place}} ORDER BY {{order}} LIMIT %(limit)s
"""
_LINES = f"""
SELECT x.id, x.reference, btrim(x.first_name || ' ' || x.last_name), x.claimant_number,
       CASE WHEN x.landlord_id = %(landlord)s THEN x.own_reference ELSE '' END, x.landlord_id = %(landlord)s, p.month,
       COALESCE(sum(p.amount_cents) FILTER (WHERE p.kind = 'aid'), 0)::int,
       COALESCE(sum(p.amount_cents) FILTER (WHERE p.kind = 'back_payment'), 0)::int,
       COALESCE(sum(p.amount_cents) FILTER (WHERE p.kind = 'recovery'), 0)::int,
       min(p.remaining_cents) FILTER (WHERE p.kind = 'recovery'),
       CASE WHEN x.landlord_id = %(landlord)s AND %(knows_rents)s THEN x.rent_cents + COALESCE(x.charges_cents, 0) END,
       CASE WHEN x.landlord_id = %(landlord)s THEN x.end_on END,
       array_remove(array_agg(DISTINCT p.reason_code::text), '')
FROM ({{shown}}) s JOIN tenancies_tenancy x ON x.id = s.id JOIN tenancies_payment p ON p.tenancy_id = x.id AND {_OWN}
GROUP BY x.id, p.month ORDER BY {{order}}, p.month
"""


def lines_page(
    actor: Actor, transfer: TransferLine, *, after: UUID | None = None, before: UUID | None = None, limit: int = PAGE
) -> StatementPage:
    """Fifty tenants of a transfer, by name; by number in a long one."""
    demand(actor)
    edge = _edge(after or before)
    backwards = edge is not None and after is None
    found = _lines(actor, transfer, edge, backwards=backwards, limit=limit + 1)
    ids = list(dict.fromkeys(key for key, _ in found))
    more = len(ids) > limit
    kept = set(ids[-limit:] if backwards else ids[:limit])
    lines = [line for key, line in found if key in kept]
    previous = lines and (more if backwards else edge is not None)
    following = lines and (more or backwards)
    return StatementPage(lines, lines[0].tenancy if previous else None, lines[-1].tenancy if following else None)


def all_lines(actor: Actor, transfer: TransferLine) -> Iterator[StatementLine]:
    """Every line of a transfer, some thousands at a time, for a file."""
    demand(actor)
    edge: tuple[str, int] | None = None
    while True:
        found = _lines(actor, transfer, edge, backwards=False, limit=EXPORTED_AT_ONCE)
        yield from (line for _, line in found)
        if len({key for key, _ in found}) < EXPORTED_AT_ONCE:
            return
        edge = _edge(found[-1][1].tenancy)


def _lines(
    actor: Actor, transfer: TransferLine, edge: tuple[str, int] | None, *, backwards: bool, limit: int
) -> list[tuple[int, StatementLine]]:
    by_name = transfer.tenancies <= BY_NAME_UP_TO
    order = "x.sort_name, x.id" if by_name else "x.id"
    values: dict[str, Any] = {
        **seen_by(actor),
        "paid_on": transfer.paid_on,
        "transfer_ref": transfer.transfer_ref,
        "caf_code": transfer.caf_code,
        "knows_rents": actor.may(Right.CONSULT),
        "limit": limit,
    }
    place = ""
    if edge is not None:
        values["name"], values["id"] = edge
        sign = "<" if backwards else ">"
        place = f" AND (x.sort_name, x.id) {sign} (%(name)s, %(id)s)" if by_name else f" AND p.tenancy_id {sign} %(id)s"
    direction = " DESC" if backwards else ""
    shown = _SHOWN.format(
        key="x.sort_name, " if by_name else "p.tenancy_id, ",
        place=place,
        order=f"x.sort_name{direction}, x.id{direction}" if by_name else f"p.tenancy_id{direction}, x.id",
    )
    found = rows(_LINES.format(shown=shown, order=order), values)
    return [(key, StatementLine._make([*known, tuple(reasons)])) for key, *known, reasons in found]


def _edge(tenancy: UUID | None) -> tuple[str, int] | None:
    """Where a tenancy stands in the lists. It tells nothing: the lines shown are those of the transfer."""
    if tenancy is None:
        return None
    found = rows("SELECT sort_name, id FROM tenancies_tenancy WHERE reference = %s", [tenancy])
    return (found[0][0], found[0][1]) if found else None
