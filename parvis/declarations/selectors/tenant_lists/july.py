"""Where a July rent stands, as the list of tenants shows it and filters it."""

from __future__ import annotations

from parvis.declarations.models import EntryState
from parvis.declarations.selectors import entries

STATES = {
    "to_type": "e.state_group = 0 AND e.state = 'to_declare'",
    "suspended": "e.state_group = 0 AND e.state = 'to_declare'",
    "typed": "e.state_group = 0 AND e.state IN ('drafted', 'to_confirm')",
    "to_confirm": "e.state_group = 0 AND e.state = 'to_confirm'",
    "to_correct": "e.state_group = 1",
    "rejected": "e.state_group = 1 AND e.state = 'rejected'",
    "submitted": "e.state_group = 2",
    "integrated": "e.state_group = 3",
    "open": entries.of_groups(entries.OPEN),
}
"""What the filter says of an entry ``e``, as the one index finds it."""
OPEN = "open"
SUSPENDED = "suspended"
"""Shown in the place of « to declare » once its want suspends the aid (ux.md B0); no state of its own."""
_IS_SUSPENDED = "t.caf_code = ANY(%(suspended)s)"
CONDITIONS = {SUSPENDED: _IS_SUSPENDED}
SHOWN = (
    f"CASE WHEN e.state = 'to_declare' AND {_IS_SUSPENDED} AND t.end_on IS NULL AND t.absent_since IS NULL"
    f" THEN '{SUSPENDED}' ELSE e.state END"
)
LABELS = {
    **{state.value: str(state.label) for state in EntryState if state is not EntryState.OUT},
    SUSPENDED: "Aide suspendue",
}
"""The words of each, as the screens name them; of one outside the campaign there are none."""
