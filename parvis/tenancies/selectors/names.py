"""How names are found by their beginning, whatever statement looks for them."""

from __future__ import annotations

from parvis.tenancies.rules import Search

LAST_CHARACTER = "\U0010ffff"
"""After every word that begins the same."""
READ_AT_MOST = 1_000
# Word for word as the partial index tenancy_by_joined_name has it (migration 0011): few names are of several words. Read first and
# by that index alone, or the planner would go through the whole list, in its order, for the few it finds.
_JOINED = f"""{{0}} = ANY(ARRAY(SELECT j.id FROM tenancies_tenancy j
WHERE j.landlord_id = %(landlord)s AND translate(j.last_name, ' ''’-', '') <> j.last_name
  AND replace(j.sort_name, ' ', '') >= %(joined_low)s AND replace(j.sort_name, ' ', '') < %(joined_high)s
ORDER BY replace(j.sort_name, ' ', '') LIMIT {READ_AT_MOST}))"""


def is_joined(tenancy: str) -> str:
    """That the name of a tenancy, of several words, begins as the search is written in one: « dalmeida » finds D’Almeida."""
    return _JOINED.format(tenancy)


def joined_values(search: Search) -> dict[str, str]:
    """The values :func:`is_joined` takes."""
    return {"joined_low": search.joined, "joined_high": search.joined + LAST_CHARACTER}
