"""Lines of a file are kept, all in sets: as drafts in the campaign, or at once as declarations a receipt acknowledges."""

from __future__ import annotations

import secrets
from collections import Counter
from datetime import datetime
from typing import Any

from django.db import connection

from parvis.declarations.bulk import blocks
from parvis.declarations.bulk.models import RentFile
from parvis.declarations.models import OPEN_STATES, Receipt
from parvis.declarations.rules import OPEN_ENTRY
from parvis.declarations.services import submission
from parvis.declarations.services.receipts import numbers
from parvis.kit.actors import Actor
from parvis.kit.refusals import ChangedMeanwhile
from parvis.tenancies.selectors.scope import seen_by, within

_ROWS = "SELECT tenancy_id FROM declarations_rentfilerow WHERE file_id = %(file)s AND state = ANY(%(states)s) AND tenancy_id IS NOT NULL"
# Nearly all lines of nearly all files: nothing is to be said of them, and nothing was typed on theirs. One statement writes them all,
# in the order of the file: it mostly is that of names, as the index of the entries is. Blocks hold rents of one lease holder only:
# what was judged the whole stays so, whatever became known since.
_QUICK = f"""
WITH kept AS (
  UPDATE declarations_campaignentry e SET state = 'drafted', draft_typed = n.typed, draft_cents = n.cents, draft_warnings = '[]',
    draft_furnished = t.furnished, draft_lease_holders = 1,
    draft_confirmed = '[]', draft_reason = '', draft_channel = 'file', draft_account_id = %(account)s, draft_saved_at = %(at)s
  FROM (SELECT u.* FROM declarations_rentfileblock b CROSS JOIN LATERAL {blocks.UNNESTED} WHERE b.file_id = %(file)s
        ORDER BY u.line) n
  JOIN tenancies_tenancy t ON t.id = n.tenancy_id
  WHERE e.tenancy_id = n.tenancy_id AND e.year = %(year)s AND e.landlord_id = %(landlord)s AND e.state = 'to_declare'
    AND e.tenancy_id NOT IN ({_ROWS}){{within}} RETURNING t.caf_code)
SELECT caf_code, count(*)::int FROM kept GROUP BY caf_code
"""
# Whether there may be other lines: of those that say something, or whose tenant is open and no more to declare.
_OTHERS = f"""
SELECT EXISTS ({_ROWS}) OR EXISTS (SELECT 1 FROM declarations_campaigncount WHERE landlord_id = %(landlord)s AND year = %(year)s
  AND {" + ".join(state for state in OPEN_STATES if state != "to_declare")} > 0)
"""
# What was typed on screen, or left by a colleague's file, since the file was checked stays (late); the line is to be chosen again.
_TAKEN = f"""
CREATE TEMP TABLE taken ON COMMIT DROP AS
SELECT r.line, r.is_row, r.tenancy_id, r.typed, r.previous_typed, r.cents, r.previous_cents, r.warnings, r.confirmed, r.reason,
       CASE r.state WHEN 'ready' THEN 'drafted' ELSE r.state END AS state, e.state AS was, e.last_july_cents, t.caf_code,
       t.furnished, CASE WHEN r.is_row THEN t.lease_holders ELSE 1 END AS lease_holders, t.start_on, e.draft_cents,
       COALESCE(e.draft_typed <> '' AND (e.draft_channel <> 'file' OR e.draft_account_id <> %(account)s)
         AND e.draft_saved_at > %(checked_at)s AND e.draft_cents IS NOT NULL AND e.draft_cents IS DISTINCT FROM r.cents, false) AS is_late
FROM (
  SELECT line, true AS is_row, tenancy_id, typed, previous_typed, cents, previous_cents, warnings, confirmed, reason, state
  FROM declarations_rentfilerow WHERE file_id = %(file)s AND state = ANY(%(states)s)
  UNION ALL
  SELECT u.line, false, u.tenancy_id, u.typed, '', u.cents, NULL, '[]'::jsonb, '[]'::jsonb, '', 'ready'
  FROM declarations_rentfileblock b CROSS JOIN LATERAL {blocks.UNNESTED} WHERE b.file_id = %(file)s) r
JOIN declarations_campaignentry e ON e.tenancy_id = r.tenancy_id AND e.year = %(year)s AND e.landlord_id = %(landlord)s
JOIN tenancies_tenancy t ON t.id = r.tenancy_id
WHERE {OPEN_ENTRY}{{within}} AND (%(all)s OR r.is_row OR e.state <> 'to_declare' OR e.tenancy_id IN ({_ROWS}))
"""
# Most files have none of these: then nobody looks for them, line by line, again.
_HAS = "SELECT bool_or(is_late), bool_or(is_row), bool_or(previous_typed <> '') FROM taken"
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
# `o` is the receipt of the line. A number is drawn for each line: the drawing names the line, or one would be drawn for a whole receipt.
# In the order of the two indexes by tenancy.
_SENT = f"""
INSERT INTO declarations_declaration (opaque, kind, tenancy_id, landlord_id, account_id, year, details, typed, warnings,
  confirmed, confirmed_reason, channel, rule, saved_at, reason_code, state, receipt_id, reference, submitted_at, stated)
SELECT {_OPAQUE}, 'july_rent', k.tenancy_id, %(landlord)s, %(account)s, %(year)s, {_DETAILS}, k.typed, k.warnings, k.confirmed,
  {_REASON}, 'file', '', %(at)s, '', %(sent)s, o.id, {numbers.REFERENCE}, %(at)s, {submission.STATED.format(t="t", e="k")}
FROM (SELECT * FROM taken WHERE state = 'drafted' ORDER BY tenancy_id) k
JOIN rent_models m ON m.furnished = k.furnished AND m.lease_holders = k.lease_holders
JOIN {_RECEIPTS} ON o.caf_code = k.caf_code
JOIN tenancies_tenancy t ON t.id = k.tenancy_id
LEFT JOIN LATERAL ({_BEFORE}) b ON true
CROSS JOIN LATERAL (SELECT CASE WHEN k.tenancy_id > 0 THEN nextval('declarations_reference') END AS n OFFSET 0) s
"""
_PREVIOUS = """
INSERT INTO declarations_declaration (kind, tenancy_id, landlord_id, account_id, year, details, typed, warnings, confirmed,
  confirmed_reason, channel, rule, saved_at, reason_code, state)
SELECT 'previous_july_rent', tenancy_id, %(landlord)s, %(account)s, %(year)s - 1,
       CASE WHEN previous_cents IS NULL THEN '{}'::jsonb ELSE
         jsonb_build_object('year', %(year)s::int - 1, 'rent_cents', previous_cents) END,
       previous_typed, '[]', '[]', '', 'file', '', %(at)s, '', 'draft'
FROM taken WHERE previous_typed <> '' AND last_july_cents IS NULL AND start_on < make_date(%(year)s - 1, 8, 1)
ON CONFLICT (tenancy_id, kind, year)
  WHERE kind IN ('july_rent', 'previous_july_rent') AND NOT (state IN ('rejected', 'corrected', 'abandoned')) AND NOT revises
DO UPDATE SET details = EXCLUDED.details, typed = EXCLUDED.typed, account_id = EXCLUDED.account_id,
  channel = EXCLUDED.channel, saved_at = EXCLUDED.saved_at
WHERE declarations_declaration.state = 'draft' AND declarations_declaration.landlord_id = EXCLUDED.landlord_id
"""
# What leaves is found first, and only then looked for among the declarations: written as one join, they were read from end to end
# for each line of the file, as soon as the planner believed few of them to be drafts.
_SEND_PREVIOUS = f"""
WITH n AS MATERIALIZED (
  SELECT p.id, o.id AS receipt_id, {numbers.REFERENCE} AS reference, {submission.STATED.format(t="t", e="e")} AS stated
  FROM taken k JOIN {_RECEIPTS} ON o.caf_code = k.caf_code AND k.state = 'drafted'
  CROSS JOIN LATERAL ({_BEFORE}) p
  CROSS JOIN LATERAL (SELECT CASE WHEN p.id > 0 THEN nextval('declarations_reference') END AS n OFFSET 0) s
  JOIN tenancies_tenancy t ON t.id = k.tenancy_id
  LEFT JOIN declarations_campaignentry e ON e.tenancy_id = k.tenancy_id AND e.year = %(year)s - 1
  CROSS JOIN (SELECT NULL::int AS cents) b)
UPDATE declarations_declaration d SET state = %(sent)s, reference = n.reference, receipt_id = n.receipt_id,
  submitted_at = %(at)s, account_id = %(account)s, stated = n.stated
FROM n WHERE d.id = n.id AND d.state = 'draft' RETURNING d.receipt_id
"""
_LEAVES = "(k.state = 'drafted' AND k.caf_code = ANY(%(offices_sent)s))"
_HELD = {
    "draft_typed": "k.typed", "draft_cents": "k.cents", "draft_furnished": "k.furnished",
    "draft_lease_holders": "k.lease_holders", "draft_warnings": "k.warnings", "draft_confirmed": "k.confirmed",
    "draft_reason": _REASON, "draft_channel": "'file'", "draft_account_id": "%(account)s::bigint",
    "draft_saved_at": "%(at)s::timestamptz",
}  # fmt: skip
_ENTRIES = f"""
UPDATE declarations_campaignentry e SET state = CASE WHEN {_LEAVES} THEN 'submitted' ELSE k.state END,
  {", ".join(f"{column} = CASE WHEN NOT {_LEAVES} THEN {value} END" for column, value in _HELD.items())}
FROM (SELECT * FROM taken ORDER BY line) k
WHERE e.tenancy_id = k.tenancy_id AND e.year = %(year)s AND e.landlord_id = %(landlord)s AND e.state = k.was
"""
_MOVES = f"""
SELECT k.caf_code, k.was, CASE WHEN {_LEAVES} THEN 'submitted' ELSE k.state END AS now, count(*)::int FROM taken k GROUP BY 1, 2, 3
"""


class Taking:
    """The lines of one file that are kept: most by one statement, those of which there is more to say, and all where any leaves, in
    a temporary table until the transaction ends. The landlord's counts are locked."""

    def __init__(self, actor: Actor, file: RentFile, *, states: list[str], at: datetime) -> None:
        self.kept, self._leaving, self._file = 0, 0, file
        self._has_before = False
        self._moves: Counter[tuple[str, str, str]] = Counter()
        self.values: dict[str, Any] = {
            **seen_by(actor), "file": file.pk, "year": file.year, "account": actor.account_id, "at": at, "states": states,
            "checked_at": file.checked_at, "offices_sent": [], "receipts": [], "sent": "", "all": True,
            "reference_year": numbers.reference_year(at), "second": f"{int(at.timestamp()):08x}", "secret": secrets.token_hex(16),
        }  # fmt: skip
        self._within = within(actor, "t.caf_code")

    def keep(self, *, together: bool) -> None:
        """Keep everything in the grid; ``kept`` says how many lines there were."""
        self.values["all"] = False
        with connection.cursor() as cursor:
            cursor.execute(_OTHERS, self.values)
            (has_others,) = cursor.fetchone()
        if has_others:
            self.take(together=together)
        with connection.cursor() as cursor, blocks.all_at_once(cursor, together):
            cursor.execute(_QUICK.format(within=self._within), self.values)
            for office, count in cursor.fetchall():
                self.kept += count
                self._moves[office, "to_declare", "drafted"] += count
        if has_others:
            self.write()

    def take(self, *, together: bool) -> None:
        """Lock nothing, write nothing but what came too late; ``kept`` says how many lines there are."""
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS taken, rent_models")
            with blocks.all_at_once(cursor, together):
                cursor.execute(_TAKEN.format(within=self._within), self.values)
                self.kept = cursor.rowcount
            cursor.execute(_HAS)
            has_late, has_rows, self._has_before = cursor.fetchone()
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
        self._leaving = sum(receipt.count for receipt in receipts)
        self.values |= {"offices_sent": offices, "receipts": numbers, "sent": state}

    def write(self) -> list[int]:
        """What was taken: drafts, or declarations sent; answers the receipt of each July rent of the year before that left too."""
        before: list[int] = []
        with connection.cursor() as cursor:
            if self._has_before:
                cursor.execute(_PREVIOUS, self.values)
            if self.values["receipts"]:
                cursor.execute(_MODELS, self.values)
                cursor.execute(_SENT, self.values)
                if cursor.rowcount != self._leaving:
                    raise ChangedMeanwhile
                cursor.execute(_SEND_PREVIOUS, self.values)
                before = [row[0] for row in cursor.fetchall()]
            cursor.execute(_MOVES, self.values)
            moves = Counter({(office, was, now): count for office, was, now, count in cursor.fetchall()})
            cursor.execute(_ENTRIES, self.values)
            if cursor.rowcount != moves.total():
                raise ChangedMeanwhile
        self._moves.update(moves)
        return before

    @property
    def moves(self) -> Counter[tuple[str, str, str]]:
        """How many lines of the grid went how (office, from, to), for the counts."""
        return Counter({move: count for move, count in self._moves.items() if move[1] != move[2]})
