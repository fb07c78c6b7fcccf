"""Lines of which nothing is to be said: judged as a set, kept by the thousand, found again line by line (RentFileBlock)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection

from parvis.declarations.bulk import columns
from parvis.declarations.bulk.models import RentFile
from parvis.declarations.kinds.july_rent.facts import NEAR_CENTS
from parvis.declarations.parameters import METROPOLE, Norms, zones
from parvis.kit.actors import Actor
from parvis.kit.merging import literal
from parvis.sheets.reading import Part
from parvis.tenancies.models import PortfolioCount
from parvis.tenancies.selectors.scope import seen_by, within

STAGED = (columns.KEY, columns.NUMBER, columns.OFFICE, columns.OWN, columns.RENT, columns.PREVIOUS)
"""The cells of a line as the database holds them for a moment: which columns, in this order."""
_STAGE = """
CREATE TEMP TABLE IF NOT EXISTS staged_rents (line int, key text, number text, office text, own text, rent text, previous text)
  ON COMMIT DROP; TRUNCATE staged_rents
"""
_COPY = "COPY staged_rents FROM STDIN"
UNNESTED = "unnest(b.lines, b.tenancies, b.cents, b.typed) AS u(line, tenancy_id, cents, typed)"
"""The lines of a block ``b``."""
STANDING = "NOT (r.state IN ('no_amount', 'sent', 'unknown'))"
"""A row ``r`` that says an amount of its tenant: another line about the same tenant must agree with it."""

# Key by key, whatever the planner believes: hence LATERAL with LIMIT.
_ONE_BY_ONE = """
CROSS JOIN LATERAL (SELECT * FROM tenancies_tenancy x
  WHERE x.reference = CASE WHEN s.key LIKE %(key)s AND translate(s.key, '0123456789abcdef', '') = '-----'
    THEN substr(s.key, 6)::uuid END LIMIT 1) t
CROSS JOIN LATERAL (SELECT x.last_july_cents AS last FROM declarations_campaignentry x
  WHERE x.year = %(year)s AND x.tenancy_id = t.id AND x.landlord_id = t.landlord_id AND x.state = 'to_declare' LIMIT 1) e
"""
# Where the file names a good part of the landlord's tenants, all of them are read at once: three times quicker.
_TOGETHER = """
JOIN tenancies_tenancy t ON %(year)s || '-' || t.reference::text = s.key COLLATE "C"
JOIN (SELECT tenancy_id, last_july_cents AS last FROM declarations_campaignentry
  WHERE landlord_id = %(landlord)s AND year = %(year)s AND state = 'to_declare') e ON e.tenancy_id = t.id
"""
# An amount as nearly all are written needs neither regular expression nor decimals: four times quicker.
_CENTS = """CASE
  WHEN translate(rent, '0123456789', '') = ',' AND rent LIKE '_%%,__' AND length(rent) <= 10 THEN replace(rent, ',', '')::bigint
  WHEN translate(rent, '0123456789', '') = '' AND length(rent) BETWEEN 1 AND 7 THEN rent::bigint * 100
  WHEN rent ~ '^[0-9]{{1,7}}(?:[.,][0-9]{{1,2}})?$' THEN (replace(rent, ',', '.')::numeric * 100)::bigint END"""
# july_rent.facts.ready_cents, for a whole block: of one line it never says more than that does, and what it leaves is judged there.
_READY = f"""
WITH new AS MATERIALIZED (
SELECT DISTINCT ON (t.id) t.id AS tenancy_id, s.line, s.cents, s.rent
FROM (SELECT line, key, rent, {_CENTS} AS cents FROM staged_rents OFFSET 0) s {{known}}
WHERE t.landlord_id = %(landlord)s{{within}} AND e.last > 0 AND s.cents >= e.last AND s.cents BETWEEN %(lowest)s AND %(highest)s
  AND 100000 * (s.cents - e.last) <= {{most}} * e.last
  AND t.lease_holders = 1
  AND (COALESCE(t.charges_cents, 0) <= 2 * %(near)s OR (abs(s.cents - e.last - t.charges_cents) > %(near)s
    AND (t.rent_cents IS NULL OR abs(s.cents - t.rent_cents - t.charges_cents) > %(near)s)))
  AND t.id NOT IN (SELECT unnest(b.tenancies) FROM declarations_rentfileblock b WHERE b.file_id = %(file)s)
  AND t.id NOT IN (SELECT r.tenancy_id FROM declarations_rentfilerow r
    WHERE r.file_id = %(file)s AND r.tenancy_id IS NOT NULL AND {STANDING})
  AND (NOT t.direct_payment OR COALESCE((
    SELECT p.amount_cents = 0 OR (abs(s.cents - e.last + p.amount_cents) > %(near)s
      AND (t.rent_cents IS NULL OR abs(s.cents - t.rent_cents + p.amount_cents) > %(near)s))
    FROM tenancies_payment p WHERE p.tenancy_id = t.id AND p.landlord_id = t.landlord_id AND p.kind = 'aid'
    ORDER BY p.month DESC LIMIT 1), true))
ORDER BY t.id, s.line),
kept AS (
INSERT INTO declarations_rentfileblock (file_id, first, last, lines, tenancies, cents, typed)
SELECT %(file)s, min(line), max(line), array_agg(line), array_agg(tenancy_id), array_agg(cents), array_agg(rent)
FROM (SELECT * FROM new ORDER BY line) n GROUP BY line / 1000)
SELECT * FROM staged_rents
WHERE (SELECT count(*) FROM new) < %(staged)s AND line NOT IN (SELECT line FROM new) ORDER BY line
"""


def stage(parts: Iterator[Part], most: int) -> tuple[int, int]:
    """Hand lines to the database, which forgets them with the transaction, until there are ``most``; answers the number of the last
    row and how many lines there are, 0 and 0 when nothing is left. Lines are read from the file while the database takes them."""
    last = lines = 0
    with connection.cursor() as cursor:
        cursor.execute(_STAGE)
        with cursor.copy(_COPY) as copy:
            while lines < most and (part := next(parts, None)):
                copy.write(part.content)
                last, lines = part.last, lines + part.lines
    return last, lines


def keep_ready(actor: Actor, file: int, norms: Norms, *, staged: int) -> list[tuple[Any, ...]]:
    """Keep the staged lines of which nothing is to be said; answers the others (number, cells), to be judged one by one.

    Many lines read all tenants of the landlord at once. Of two lines about one tenant the second is left, even in a later block.
    """
    limits, year = norms.thresholds, norms.year
    values = {
        **seen_by(actor), "file": file, "year": year, "near": NEAR_CENTS, "staged": staged,
        "lowest": limits.lowest_rent_cents, "highest": limits.highest_rent_cents,
        "key": f"{year}-" + "-".join("_" * length for length in (8, 4, 4, 4, 12)),
    }  # fmt: skip
    together = is_much_of(actor, staged)
    known, own = _TOGETHER if together else _ONE_BY_ONE, within(actor, "t.caf_code")
    with connection.cursor() as cursor, all_at_once(cursor, together):
        cursor.execute(_READY.format(known=known, within=own, most=_most(norms)), values)
        return list(cursor.fetchall())


def _most(norms: Norms) -> str:
    """The increase that needs no word, in thousandths of a percent, by the zone of the tenancy's office."""
    most = {code: int(norms.most[zone] * 1000) for code, zone in zones().items()}
    own = " ".join(f"WHEN {literal(code)} THEN {percent}" for code, percent in most.items())
    return f"(CASE t.caf_code {own} ELSE {int(norms.most[METROPOLE] * 1000)} END)::bigint"


def is_much_of(actor: Actor, lines: int) -> bool:
    """Whether so many lines name more than an eighth of the landlord's tenants, so that reading them all at once is quicker."""
    kept = PortfolioCount.objects.filter(landlord_id=actor.partner_id).values_list("current", "former").first()
    return kept is not None and lines * 8 >= sum(kept)


@contextmanager
def all_at_once(cursor: Any, together: bool) -> Iterator[None]:
    """Join tables as a whole meanwhile, if ``together``: the planner believes arrays and new tables to be small."""
    cursor.execute("SET LOCAL work_mem = '48MB'")
    if together:
        cursor.execute("SET LOCAL enable_nestloop = off; SET LOCAL enable_mergejoin = off")
    yield
    if together:
        cursor.execute("SET LOCAL enable_nestloop = on; SET LOCAL enable_mergejoin = on")


_STANDING = f"""
SELECT tenancy_id, line, cents FROM (
  SELECT r.tenancy_id, r.line, r.cents FROM declarations_rentfilerow r
  WHERE r.file_id = %(file)s AND r.tenancy_id IN (SELECT unnest(%(tenancies)s::bigint[])) AND {STANDING}
  UNION ALL
  SELECT u.tenancy_id, u.line, u.cents FROM declarations_rentfileblock b CROSS JOIN LATERAL {UNNESTED}
  WHERE b.file_id = %(file)s AND u.tenancy_id IN (SELECT unnest(%(tenancies)s::bigint[]))) standing
WHERE %(but)s = 0 OR line <> %(but)s AND cents IS NOT NULL ORDER BY line DESC
"""


def standing(file: int, tenancies: Sequence[int], *, but: int = 0) -> dict[int, tuple[int, int | None]]:
    """The first line about each of these tenancies, and its cents; with ``but``, the first other one whose amount is understood."""
    if not tenancies:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, {"file": file, "tenancies": list(tenancies), "but": but})
        return {tenancy: (line, cents) for tenancy, line, cents in cursor.fetchall()}


_TAKE_OUT = f"""
WITH gone AS (
  SELECT b.first, u.* FROM declarations_rentfileblock b CROSS JOIN LATERAL {UNNESTED}
  WHERE b.file_id = %(file)s AND b.last >= %(low)s AND b.first <= %(high)s AND u.line IN (SELECT unnest(%(lines)s::int[]))),
shrunk AS (
  UPDATE declarations_rentfileblock b SET (lines, tenancies, cents, typed) = (
    SELECT COALESCE(array_agg(u.line), '{{}}'), COALESCE(array_agg(u.tenancy_id), '{{}}'), COALESCE(array_agg(u.cents), '{{}}'),
           COALESCE(array_agg(u.typed), '{{}}')
    FROM {UNNESTED} WHERE u.line NOT IN (SELECT unnest(%(lines)s::int[])))
  WHERE b.file_id = %(file)s AND b.first IN (SELECT first FROM gone))
INSERT INTO declarations_rentfilerow (file_id, line, tenancy_id, shown, typed, previous_typed, is_formula, state, cents, fault,
  warnings, confirmed, reason)
SELECT %(file)s, g.line, g.tenancy_id, %(year)s || '-' || t.reference, g.typed, '', false, 'ready', g.cents, '', '[]', '[]', ''
FROM gone g JOIN tenancies_tenancy t ON t.id = g.tenancy_id
"""


def take_out(file: RentFile, lines: Sequence[int]) -> None:
    """Make rows of these lines, so that something can be said of them; those that are rows already stay as they are."""
    if not lines:
        return
    values: dict[str, Any] = {
        "file": file.pk,
        "year": file.year,
        "lines": list(lines),
        "low": min(lines),
        "high": max(lines),
    }
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_OUT, values)
