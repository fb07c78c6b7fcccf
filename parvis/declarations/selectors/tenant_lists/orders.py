"""The orders of the list of tenants: for each, the keys that an index holds, and how the row of the cursor is found in it.

Then what some filters ask of a tenancy ``t``.
"""

from __future__ import annotations

from typing import NamedTuple

from parvis.tenancies.models import BUILDING

LATEST_MONTH = (
    "(SELECT l.month FROM tenancies_payment l WHERE l.landlord_id = %(landlord)s AND l.kind = 'aid'"
    " ORDER BY l.month DESC LIMIT 1)"
)


class Source(NamedTuple):
    """One order of the list: its keys (the last is the tenancy), what it reads, and how the row of the cursor is found in it."""

    keys: tuple[str, ...]
    table: str
    edge_keys: str
    edge: str
    descending: bool = False


BY_NAME = Source(
    ("t.sort_name", "t.id"),
    "tenancies_tenancy t WHERE t.landlord_id = %(landlord)s",
    "a.sort_name, a.id",
    "tenancies_tenancy a WHERE true",
)
BY_BUILDING = Source(
    (BUILDING.format("t"), "t.sort_name", "t.id"),
    "tenancies_tenancy t WHERE t.landlord_id = %(landlord)s",
    BUILDING.format("a") + ", a.sort_name, a.id",
    "tenancies_tenancy a WHERE true",
)
_ENTRIES = (
    "declarations_campaignentry e JOIN tenancies_tenancy t ON t.id = e.tenancy_id"
    " WHERE e.landlord_id = %(landlord)s AND e.year = %(year)s AND {0}"
)
_ENTRY_EDGE = (
    "declarations_campaignentry x JOIN tenancies_tenancy a ON a.id = x.tenancy_id"
    " WHERE x.landlord_id = %(landlord)s AND x.year = %(year)s"
)
OPEN_ENTRIES = Source(
    ("e.sort_name", "e.tenancy_id"),
    _ENTRIES.format("e.state_group IS NOT NULL"),
    "x.sort_name, x.tenancy_id",
    _ENTRY_EDGE,
)
BY_GROUP = Source(
    ("e.state_group", "e.sort_name", "e.tenancy_id"),
    _ENTRIES.format("e.state_group IS NOT NULL"),
    "x.state_group, x.sort_name, x.tenancy_id",
    _ENTRY_EDGE,
)
# Of two lines of aid for one month, the larger one stands for the tenancy.
BY_AID = Source(
    ("p.amount_cents", "p.tenancy_id"),
    "tenancies_payment p JOIN tenancies_tenancy t ON t.id = p.tenancy_id AND t.landlord_id = p.landlord_id AND t.direct_payment"
    f" WHERE p.landlord_id = %(landlord)s AND p.kind = 'aid' AND p.month = {LATEST_MONTH}"
    " AND NOT EXISTS (SELECT 1 FROM tenancies_payment o WHERE o.tenancy_id = p.tenancy_id AND o.month = p.month"
    " AND o.kind = 'aid' AND o.landlord_id = p.landlord_id"
    " AND (o.amount_cents, o.payment_ref) > (p.amount_cents, p.payment_ref))",
    "max(x.amount_cents), x.tenancy_id",
    "tenancies_payment x JOIN tenancies_tenancy a ON a.id = x.tenancy_id"
    f" WHERE x.landlord_id = %(landlord)s AND x.kind = 'aid' AND x.month = {LATEST_MONTH}",
    descending=True,
)

_DECLARED = (
    "t.id = ANY(ARRAY(SELECT d.tenancy_id FROM declarations_declaration d WHERE d.landlord_id = %(landlord)s AND d.kind = '{0}'"
    " AND d.submitted_at IS NOT NULL AND NOT (d.kind IN ('july_rent', 'previous_july_rent'))"
    " AND d.state IN ('submitted', 'sent', 'manual', 'integrated')))"
)
DECLARED = {"leaving": _DECLARED.format("move_out"), "arrears": _DECLARED.format("arrears")}
"""What was declared of it, read first: by the index of one kind of one landlord's declarations, a few of however many tenancies."""
AID_STOPPED = (
    "t.direct_payment AND NOT EXISTS (SELECT 1 FROM tenancies_payment p WHERE p.tenancy_id = t.id AND p.kind = 'aid'"
    f" AND p.landlord_id = t.landlord_id AND p.month >= {LATEST_MONTH} - interval '1 month')"
)
"""Looked at row by row, because no index knows it; so are those below."""
# Aids of one month are paid on two days, weeks apart: the latest month of each tenancy, which is that of the landlord or the one before.
_LATEST_TWO = (
    "EXISTS (SELECT 1 FROM (SELECT p.month, sum(p.amount_cents) AS cents FROM tenancies_payment p WHERE p.tenancy_id = t.id"
    " AND p.kind = 'aid' AND p.landlord_id = t.landlord_id AND p.month >= {month} - interval '1 month'"
    " GROUP BY p.month ORDER BY p.month DESC LIMIT 1) n"
    " CROSS JOIN LATERAL (SELECT COALESCE(sum(b.amount_cents), 0) AS cents FROM tenancies_payment b WHERE b.tenancy_id = t.id"
    " AND b.kind = 'aid' AND b.landlord_id = t.landlord_id AND b.month < n.month AND b.month >= n.month - interval '1 month') b"
    " WHERE {test})"
)
_TESTS = {
    "any": "n.cents <> b.cents",
    "more": "n.cents > b.cents AND b.cents > 0",
    "less": "n.cents < b.cents",
    "new": "n.cents > 0 AND b.cents = 0",
}
VARIATIONS = {word: _LATEST_TWO.format(month=LATEST_MONTH, test=test) for word, test in _TESTS.items()}
"""How the latest aid paid to the landlord differs from that of the month before it."""
