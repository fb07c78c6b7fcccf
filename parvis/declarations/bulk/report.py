"""What was found in a file, line by line: shown page by page, by key, limited to the one who sent it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from parvis.declarations.bulk import blocks
from parvis.declarations.bulk.models import FileState, LineState, RentFile
from parvis.declarations.kinds.july_rent import AGAIN, Assessment, assess
from parvis.declarations.kinds.july_rent.facts import Facts
from parvis.declarations.parameters import Norms
from parvis.declarations.rules import SHARE_STATED
from parvis.declarations.selectors.grid.norms import norms_of
from parvis.identity.selectors.accounts import own_account
from parvis.kit.actors import Actor
from parvis.kit.money import NBSP, euros
from parvis.kit.refusals import NotFound
from parvis.tenancies.selectors.scope import seen_by, within

PAGE = 50
RECENT = 5
CLOSED = (FileState.CONFIRMED, FileState.ABANDONED, FileState.REFUSED)
FORMULA = "Cette cellule contient une formule\u00a0: seule sa valeur est lue."


def file_of(actor: Actor, reference: UUID) -> RentFile:
    """One's own file; that of anybody else does not exist. Without its content."""
    files = RentFile.objects.defer("content").filter(reference=reference, landlord_id=actor.partner_id)
    found = files.filter(account_id=own_account(actor)).first()
    if found is None:
        raise NotFound
    return found


def recent_files(actor: Actor) -> list[RentFile]:
    """The last files sent, those abandoned left out."""
    files = RentFile.objects.defer("content").filter(account_id=own_account(actor), landlord_id=actor.partner_id)
    return list(files.exclude(state=FileState.ABANDONED).order_by("-received_at", "-id")[:RECENT])


def files_before(actor: Actor, earlier: tuple[datetime, str], *, limit: int, words: str = "") -> list[RentFile]:
    """One's own files that stand before a moment and a reference, newest first, those abandoned left out."""
    at, edge = earlier
    files = RentFile.objects.defer("content").filter(account_id=own_account(actor), landlord_id=actor.partner_id)
    files = files.exclude(state=FileState.ABANDONED).filter(received_at__lte=at, name__icontains=words)
    found = files.order_by("-received_at", "-reference")[: limit + 1]
    return [file for file in found if (file.received_at, str(file.reference)) < (at, edge)][:limit]


class ReportRow(NamedTuple):
    """One line with its tenant, if one was found."""

    line: int
    tenancy: UUID | None
    name: str
    claimant_number: str
    shown: str
    typed: str
    previous_typed: str
    state: str
    cents: int | None
    previous_cents: int | None
    other_cents: int | None
    confirmed: list[str]
    fault: str
    is_formula: bool
    facts: Facts | None

    @property
    def state_label(self) -> str:
        """The state as the screens name it."""
        return str(LineState(self.state).label)

    @property
    def assessment(self) -> Assessment | None:
        """What the grid would say of this amount."""
        if self.facts is None:
            return None
        return assess(self.facts, typed=self.typed, previous_typed=self.previous_typed, confirmed=tuple(self.confirmed))

    @property
    def before_cents(self) -> int | None:
        """The July rent of the year before that the amount is compared with: as the line says it, or as the office holds it."""
        found = self.assessment
        typed = found.previous_cents if found is not None else None
        return typed if typed is not None or self.facts is None else self.facts.last_july_cents

    @property
    def sentences(self) -> list[str]:
        """What is to be done about the line, one sentence a thing; nothing when it is ready."""
        if self.fault:
            return [self.fault]
        if self.state == LineState.CONFLICT:
            screen, file = euros(self.other_cents or 0), euros(self.cents or 0)
            return [f"Saisi à l’écran{NBSP}: {screen} · Dans le fichier{NBSP}: {file}. Choisissez lequel garder."]
        found = self.assessment
        if found is None or self.state in (LineState.SENT, LineState.NO_AMOUNT):
            return []
        said = [found.fault] if found.fault else []
        if found.previous_fault and self.facts:
            said.append(f"Juillet{NBSP}{self.facts.year - 1}{NBSP}: {found.previous_fault}")
        is_free = not (said or found.pending) and found.cents is not None
        said += [AGAIN[self.state]] if is_free and self.state in AGAIN else []
        return [*said, *(f"{warning.title} {warning.sentence}".strip() for warning in found.pending)]

    @property
    def remarks(self) -> list[str]:
        """What was understood, where it is not what was written."""
        found = self.assessment
        said = [found.understood] if found is not None and found.understood else []
        said += [self.facts.share_words] if self.facts is not None and self.facts.is_share else []
        return [*said, FORMULA] if self.is_formula else said


@dataclass(frozen=True, slots=True)
class ReportPage:
    """A page of lines; ``next`` and ``previous`` are line numbers to go on from, None at the ends."""

    rows: list[ReportRow]
    next: int | None
    previous: int | None


_LINE = """r.line, r.tenancy_id, r.shown, r.typed, r.previous_typed, r.state, r.cents, r.previous_cents, r.other_cents, r.confirmed,
  r.fault, r.is_formula"""
# Lines that are rows, and those that are in blocks: a page of each, then the first of both. Blocks are opened one after the other, in
# their order, until there are enough lines: sorted all together, a page of a hundred thousand lines opened them all.
_ROWS = f"""
SELECT r.line, t.reference, COALESCE(btrim(t.first_name || ' ' || t.last_name), ''), COALESCE(t.claimant_number, ''),
       COALESCE(r.shown, %(year)s || '-' || (SELECT x.reference FROM tenancies_tenancy x WHERE x.id = r.tenancy_id)),
       r.typed, r.previous_typed, r.state, r.cents, r.previous_cents, r.other_cents, r.confirmed::text, r.fault, r.is_formula,
       t.start_on, e.last_july_cents, t.rent_cents, t.charges_cents, aid.amount_cents, t.lease_holders, t.caf_code,
       stated.yes IS NOT NULL
FROM (
  (SELECT {_LINE} FROM declarations_rentfilerow r WHERE r.file_id = %(file)s{{in_rows}} ORDER BY r.line {{way}} LIMIT %(limit)s)
  UNION ALL
  (SELECT u.line, u.tenancy_id, NULL, u.typed, '', 'ready', u.cents, NULL, NULL, '[]'::jsonb, '', false
   FROM (SELECT * FROM declarations_rentfileblock b WHERE b.file_id = %(file)s{{of_blocks}} ORDER BY b.first {{way}}) b
   CROSS JOIN LATERAL (SELECT * FROM {blocks.UNNESTED} WHERE {{of_lines}} ORDER BY u.line {{way}}) u LIMIT %(limit)s)
  ORDER BY line {{way}} LIMIT %(limit)s) r
LEFT JOIN tenancies_tenancy t ON t.id = r.tenancy_id AND t.landlord_id = %(landlord)s{{within}}
LEFT JOIN declarations_campaignentry e ON e.tenancy_id = t.id AND e.year = %(year)s AND e.landlord_id = t.landlord_id
LEFT JOIN LATERAL (
  SELECT p.amount_cents FROM tenancies_payment p
  WHERE p.tenancy_id = t.id AND p.landlord_id = t.landlord_id AND p.kind = 'aid' ORDER BY p.month DESC LIMIT 1
) aid ON t.direct_payment AND %(sees_aid)s
{SHARE_STATED}
ORDER BY r.line {{way}}
"""


def lines_of(
    actor: Actor, file: RentFile, *, state: str = "", after: int | None = None, before: int | None = None, limit: int = PAGE
) -> ReportPage:  # fmt: skip
    """A page of the lines of one state (all of them when it is empty), in the order of the file."""
    backward = before is not None
    in_rows, of_blocks, of_lines = "", "", "true"
    values = {"state": state, "cursor": before if backward else after}
    if state:
        in_rows, of_blocks = " AND r.state = %(state)s", "" if state == LineState.READY else " AND false"
    if values["cursor"] is not None:
        sign, edge = ("<", "first") if backward else (">", "last")
        in_rows += f" AND r.line {sign} %(cursor)s"
        of_blocks, of_lines = of_blocks + f" AND b.{edge} {sign} %(cursor)s", f"u.line {sign} %(cursor)s"
    rows = _rows(
        actor, file, (in_rows, of_blocks, of_lines), values, limit=limit + 1, way="DESC" if backward else "ASC"
    )
    more, rows = len(rows) > limit, rows[:limit]
    if backward:
        rows.reverse()
    if not rows:
        return ReportPage([], None, None)
    has_next, has_previous = more or backward, more if backward else after is not None
    return ReportPage(rows, rows[-1].line if has_next else None, rows[0].line if has_previous else None)


def line_of(actor: Actor, file: RentFile, line: int) -> ReportRow:
    """One line."""
    of_blocks, of_lines = " AND b.first <= %(line)s AND b.last >= %(line)s", "u.line = %(line)s"
    rows = _rows(actor, file, (" AND r.line = %(line)s", of_blocks, of_lines), {"line": line}, limit=1, way="ASC")
    if not rows:
        raise NotFound
    return rows[0]


def _rows(
    actor: Actor, file: RentFile, conditions: tuple[str, str, str], values: dict[str, Any], *, limit: int, way: str
) -> list[ReportRow]:
    in_rows, of_blocks, of_lines = conditions
    own = within(actor, "t.caf_code")
    query = _ROWS.format(in_rows=in_rows, of_blocks=of_blocks, of_lines=of_lines, way=way, within=own)
    norms = norms_of(file.year)
    with connection.cursor() as cursor:
        cursor.execute(query, {**seen_by(actor), **values, "file": file.pk, "year": file.year, "limit": limit})
        return [_row(norms, row) for row in cursor.fetchall()]


def _row(norms: Norms, row: Sequence[Any]) -> ReportRow:
    facts = Facts(norms, *row[14:]) if row[1] is not None else None
    return ReportRow._make((*row[:11], json.loads(row[11]), row[12], row[13], facts))


def all_lines(actor: Actor, file: RentFile) -> Iterator[ReportRow]:
    """Every line, in the order of the file."""
    after: int | None = None
    while True:
        page = lines_of(actor, file, after=after, limit=2_000)
        yield from page.rows
        if page.next is None:
            return
        after = page.next
