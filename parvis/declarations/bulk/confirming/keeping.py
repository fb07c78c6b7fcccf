"""Lines of a file become declarations, all in sets: drafts, or at once what a receipt acknowledges, written once either way."""

from __future__ import annotations

import secrets
from collections import Counter
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from parvis.declarations.bulk import blocks
from parvis.declarations.bulk.models import RentFile
from parvis.declarations.models import OPEN_STATES, Receipt
from parvis.declarations.services import submission
from parvis.kit.actors import Actor
from parvis.kit.refusals import ChangedMeanwhile
from parvis.tenancies.selectors.scope import seen_by, within

_OPEN = ", ".join(f"'{state}'" for state in OPEN_STATES)

# What was typed on screen, or left by a colleague's file, since the file was checked stays (late); the line is to be chosen again.
# Drafts are found tenancy by tenancy, whatever the planner believes of a table that grew since it was last analysed: hence LATERAL
# with LIMIT.
_TAKEN = f"""
CREATE TEMP TABLE taken ON COMMIT DROP AS
SELECT r.line, r.is_row, r.tenancy_id, r.typed, r.previous_typed, r.cents, r.previous_cents, r.warnings, r.confirmed, r.reason,
       CASE r.state WHEN 'ready' THEN 'drafted' ELSE r.state END AS state, e.state AS was, e.last_july_cents, t.caf_code,
       t.furnished, t.lease_holders, t.start_on, d.id AS draft_id, d.cents AS draft_cents,
       COALESCE(d.is_late AND d.cents IS DISTINCT FROM r.cents, false) AS is_late
FROM (
  SELECT line, true AS is_row, tenancy_id, typed, previous_typed, cents, previous_cents, warnings, confirmed, reason, state
  FROM declarations_rentfilerow WHERE file_id = %(file)s AND state = ANY(%(states)s)
  UNION ALL
  SELECT u.line, false, u.tenancy_id, u.typed, '', u.cents, NULL, '[]'::jsonb, '[]'::jsonb, '', 'ready'
  FROM declarations_rentfileblock b CROSS JOIN LATERAL {blocks.UNNESTED} WHERE b.file_id = %(file)s) r
JOIN declarations_campaignentry e ON e.tenancy_id = r.tenancy_id AND e.year = %(year)s AND e.landlord_id = %(landlord)s
JOIN tenancies_tenancy t ON t.id = r.tenancy_id
LEFT JOIN LATERAL (
  SELECT x.id, x.state, x.landlord_id, (x.details ->> 'rent_cents')::int AS cents,
         x.typed <> '' AND (x.channel <> 'file' OR x.account_id <> %(account)s) AND x.saved_at > %(checked_at)s
           AND x.details ? 'rent_cents' AS is_late
  FROM declarations_declaration x WHERE x.tenancy_id = r.tenancy_id AND x.kind = 'july_rent' AND x.year = %(year)s
    AND NOT (x.state IN ('rejected', 'corrected', 'abandoned')) LIMIT 1
) d ON true
WHERE e.state IN ({_OPEN}){{within}}
  AND (d.id IS NULL OR d.state = 'draft' AND d.landlord_id = %(landlord)s)
"""
# Most files have none of these: then nobody looks for them, line by line, again.
_HAS = (
    "SELECT bool_or(is_late), bool_or(is_row), bool_or(previous_typed <> ''), bool_or(draft_id IS NOT NULL) FROM taken"
)
_LATE = """
UPDATE declarations_rentfilerow r SET state = 'conflict', other_cents = k.draft_cents FROM taken k
WHERE k.is_late AND r.file_id = %(file)s AND r.line = k.line
"""

# One tenant on two lines with two amounts: which is meant is for the person to say, so neither is taken. Blocks hold a tenant once.
_TWICE = """
DELETE FROM taken k USING (SELECT tenancy_id FROM taken WHERE tenancy_id IN (SELECT tenancy_id FROM taken WHERE is_row)
  GROUP BY tenancy_id HAVING count(*) > 1) x
WHERE k.tenancy_id = x.tenancy_id
"""
# The words of `details` are those of kinds.july_rent: worked out once for each kind of lease, the amount is put in line by line.
_MODELS = """
CREATE TEMP TABLE rent_models ON COMMIT DROP AS
SELECT furnished, lease_holders,
       jsonb_build_object('year', %(year)s::int, 'rent_cents', 0, 'charges_cents', NULL, 'furnished', furnished,
         'lease_holders', lease_holders, 'amount_is', CASE WHEN lease_holders > 1 THEN 'share' ELSE 'whole' END) AS details
FROM (SELECT DISTINCT furnished, lease_holders FROM taken) leases
"""
_DETAILS = "CASE WHEN k.cents IS NULL THEN '{}'::jsonb ELSE jsonb_set(m.details, '{rent_cents}', to_jsonb(k.cents)) END"
_REASON = "CASE WHEN k.confirmed = '[]' THEN '' ELSE k.reason END"
_RECEIPTS = "unnest(%(offices_sent)s::text[], %(receipts)s::bigint[]) AS o(caf_code, id)"
_BEFORE = """
SELECT x.id, x.tenancy_id, (x.details ->> 'rent_cents')::int AS cents FROM declarations_declaration x
WHERE k.last_july_cents IS NULL AND x.tenancy_id = k.tenancy_id AND x.kind = 'previous_july_rent' AND x.year = %(year)s - 1
  AND x.landlord_id = %(landlord)s AND x.state = 'draft' AND x.details ? 'rent_cents' LIMIT 1
"""
# Random references are drawn from one secret, behind the second they were drawn in: a hundred thousand asked of the system one by
# one, and scattered over their index, cost as much as all the rest of the row.
_OPAQUE = "overlay(md5(%(secret)s || k.tenancy_id) PLACING %(second)s FROM 1)::uuid"
# In the order of the two indexes by tenancy.
_LINES = """
FROM (SELECT * FROM taken WHERE draft_id IS {} NULL ORDER BY tenancy_id) k
JOIN rent_models m ON m.furnished = k.furnished AND m.lease_holders = k.lease_holders
"""


class _Written(NamedTuple):
    """How lines are written: what is said of their sending, by column, and what that is read from."""

    said: dict[str, str]
    source: str

    @property
    def new(self) -> str:
        """Lines of which there is nothing yet."""
        return f"""
INSERT INTO declarations_declaration (opaque, kind, tenancy_id, landlord_id, account_id, year, details, typed, warnings,
  confirmed, confirmed_reason, channel, rule, saved_at, reason_code, {", ".join(self.said)})
SELECT {_OPAQUE}, 'july_rent', k.tenancy_id, %(landlord)s, %(account)s, %(year)s, {_DETAILS}, k.typed, k.warnings, k.confirmed,
  {_REASON}, 'file', '', %(at)s, '', {", ".join(self.said.values())}
{_LINES.format("")} {self.source}
"""

    @property
    def again(self) -> str:
        """Lines of which there is a draft."""
        return f"""
UPDATE declarations_declaration d SET details = n.details, typed = n.typed, warnings = n.warnings, confirmed = n.confirmed,
  confirmed_reason = n.confirmed_reason, account_id = %(account)s, channel = 'file', saved_at = %(at)s,
  {", ".join(f"{name} = n.{name}" for name in self.said)}
FROM (SELECT k.draft_id, {_DETAILS} AS details, k.typed, k.warnings, k.confirmed, {_REASON} AS confirmed_reason,
        {", ".join(f"{value} AS {name}" for name, value in self.said.items())} {_LINES.format("NOT")} {self.source}) n
WHERE d.id = n.draft_id AND d.state = 'draft'
"""


_KEPT = _Written({"state": "'draft'"}, "")
# `o` is the receipt of the line, or nothing: then it is a draft.
_SENT = _Written(
    {
        "state": "CASE WHEN o.id IS NULL THEN 'draft' ELSE %(sent)s END",
        "receipt_id": "o.id",
        "reference": f"CASE WHEN o.id IS NOT NULL THEN {submission.REFERENCE} END",
        "submitted_at": "CASE WHEN o.id IS NOT NULL THEN %(at)s::timestamptz END",
        "stated": f"CASE WHEN o.id IS NOT NULL THEN {submission.STATED.format(t='t', e='k')} END",
    },
    f"""
LEFT JOIN {_RECEIPTS} ON o.caf_code = k.caf_code AND k.state = 'drafted'
JOIN tenancies_tenancy t ON t.id = k.tenancy_id
LEFT JOIN LATERAL ({_BEFORE}) b ON o.id IS NOT NULL
CROSS JOIN LATERAL (SELECT CASE WHEN o.id IS NOT NULL THEN nextval('declarations_reference') END AS n OFFSET 0) s
""",
)
_PREVIOUS = """
INSERT INTO declarations_declaration (kind, tenancy_id, landlord_id, account_id, year, details, typed, warnings, confirmed,
  confirmed_reason, channel, rule, saved_at, reason_code, state)
SELECT 'previous_july_rent', tenancy_id, %(landlord)s, %(account)s, %(year)s - 1,
       CASE WHEN previous_cents IS NULL THEN '{}'::jsonb ELSE
         jsonb_build_object('year', %(year)s::int - 1, 'rent_cents', previous_cents) END,
       previous_typed, '[]', '[]', '', 'file', '', %(at)s, '', 'draft'
FROM taken WHERE previous_typed <> '' AND last_july_cents IS NULL AND start_on < make_date(%(year)s - 1, 8, 1)
ON CONFLICT (tenancy_id, kind, year)
  WHERE kind IN ('july_rent', 'previous_july_rent') AND NOT (state IN ('rejected', 'corrected', 'abandoned'))
DO UPDATE SET details = EXCLUDED.details, typed = EXCLUDED.typed, account_id = EXCLUDED.account_id,
  channel = EXCLUDED.channel, saved_at = EXCLUDED.saved_at
WHERE declarations_declaration.state = 'draft' AND declarations_declaration.landlord_id = EXCLUDED.landlord_id
"""
# What leaves is found first, and only then looked for among the declarations: written as one join, they were read from end to end
# for each line of the file, as soon as the planner believed few of them to be drafts.
_SEND_PREVIOUS = f"""
WITH n AS MATERIALIZED (
  SELECT p.id, o.id AS receipt_id, {submission.REFERENCE} AS reference, {submission.STATED.format(t="t", e="e")} AS stated
  FROM taken k JOIN {_RECEIPTS} ON o.caf_code = k.caf_code AND k.state = 'drafted'
  CROSS JOIN LATERAL ({_BEFORE}) p
  CROSS JOIN LATERAL (SELECT nextval('declarations_reference') AS n OFFSET 0) s
  JOIN tenancies_tenancy t ON t.id = k.tenancy_id
  LEFT JOIN declarations_campaignentry e ON e.tenancy_id = k.tenancy_id AND e.year = %(year)s - 1
  CROSS JOIN (SELECT NULL::int AS cents) b)
UPDATE declarations_declaration d SET state = %(sent)s, reference = n.reference, receipt_id = n.receipt_id,
  submitted_at = %(at)s, account_id = %(account)s, stated = n.stated
FROM n WHERE d.id = n.id AND d.state = 'draft' RETURNING d.receipt_id
"""
# A file is mostly in the order of names, as the index of the entries is: so its lines are written.
_ENTRIES = """
UPDATE declarations_campaignentry e SET state = n.state FROM (
  SELECT tenancy_id, CASE WHEN state = 'drafted' AND caf_code = ANY(%(offices_sent)s) THEN 'submitted' ELSE state END AS state
  FROM taken ORDER BY line) n
WHERE e.tenancy_id = n.tenancy_id AND e.year = %(year)s AND e.landlord_id = %(landlord)s AND e.state <> n.state
"""
_MOVES = """
SELECT caf_code, was, CASE WHEN state = 'drafted' AND caf_code = ANY(%(offices_sent)s) THEN 'submitted' ELSE state END AS now,
       count(*)::int
FROM taken GROUP BY 1, 2, 3
"""


class Taking:
    """The lines of one file that are kept, in a temporary table until the transaction ends. The landlord's counts are locked."""

    def __init__(self, actor: Actor, file: RentFile, *, states: list[str], at: datetime) -> None:
        self.kept, self._file = 0, file
        self._has_before = self._has_drafts = False
        self.values: dict[str, Any] = {
            **seen_by(actor), "file": file.pk, "year": file.year, "account": actor.account_id, "at": at, "states": states,
            "checked_at": file.checked_at, "offices_sent": [], "receipts": [], "sent": "",
            "reference_year": submission.reference_year(at), "second": f"{int(at.timestamp()):08x}", "secret": secrets.token_hex(16),
        }  # fmt: skip
        self._sql = _TAKEN.format(within=within(actor, "t.caf_code"))

    def take(self, *, together: bool) -> None:
        """Lock nothing, write nothing but what came too late; ``kept`` says how many lines there are."""
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS taken, rent_models")
            with blocks.all_at_once(cursor, together):
                cursor.execute(self._sql, self.values)
                self.kept = cursor.rowcount
            cursor.execute(_HAS)
            has_late, has_rows, self._has_before, self._has_drafts = cursor.fetchone()
            if has_late:
                self.kept -= self._late(cursor)
            if has_rows:
                cursor.execute(_TWICE)
                self.kept -= cursor.rowcount

    def _late(self, cursor: Any) -> int:
        """What was typed on screen since the file was checked stays: its lines become rows that say so."""
        cursor.execute("SELECT line FROM taken WHERE is_late")
        late = [row[0] for row in cursor.fetchall()]
        blocks.take_out(self._file, late)
        cursor.execute(_LATE, self.values)
        cursor.execute("DELETE FROM taken WHERE is_late")
        return len(late)

    def ready_by_office(self) -> list[tuple[str, int]]:
        """How many rents could leave for each office."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT caf_code, count(*) FROM taken WHERE state = 'drafted' GROUP BY caf_code ORDER BY caf_code"
            )
            return list(cursor.fetchall())

    def leave_with(self, receipts: list[Receipt], *, state: str) -> None:
        """Say that what is ready leaves, with one receipt an office."""
        offices, numbers = [receipt.office_id for receipt in receipts], [receipt.pk for receipt in receipts]
        self.values |= {"offices_sent": offices, "receipts": numbers, "sent": state}

    def write(self) -> list[int]:
        """Drafts, or declarations sent; answers the receipt of each July rent of the year before that left too."""
        with connection.cursor() as cursor:
            if self._has_before:
                cursor.execute(_PREVIOUS, self.values)
            cursor.execute(_MODELS, self.values)
            way, written = _SENT if self.values["receipts"] else _KEPT, 0
            for statement in (way.again, way.new) if self._has_drafts else (way.new,):
                cursor.execute(statement, self.values)
                written += cursor.rowcount
            if written != self.kept:
                raise ChangedMeanwhile
            if not self.values["receipts"]:
                return []
            cursor.execute(_SEND_PREVIOUS, self.values)
            return [row[0] for row in cursor.fetchall()]

    def move(self) -> Counter[tuple[str, str, str]]:
        """Bring the lines of the grid in line; answers how many moved how (office, from, to)."""
        with connection.cursor() as cursor:
            cursor.execute(_MOVES, self.values)
            moves = Counter({(office, was, now): count for office, was, now, count in cursor.fetchall() if was != now})
            cursor.execute(_ENTRIES, self.values)
            if cursor.rowcount != moves.total():
                raise ChangedMeanwhile
        return moves
