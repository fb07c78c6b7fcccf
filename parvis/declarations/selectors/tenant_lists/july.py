"""Where a July rent stands, as the list of tenants shows it and filters it."""

from __future__ import annotations

from parvis.declarations.models import EntryState

GROUPS = {
    "to_type": 0, "suspended": 0, "to_correct": 1, "rejected": 1, "typed": 2, "to_confirm": 2, "submitted": 3, "integrated": 4,
}  # fmt: skip
"""What the filter says, and the groups of states that one index holds (models.ENTRY_GROUP)."""
OPEN = "open"
SUSPENDED = "suspended"
"""Shown in the place of « to declare » once its want suspends the aid (ux.md B0); no state of its own."""
_IS_SUSPENDED = "t.caf_code = ANY(%(suspended)s)"
_STATE = "EXISTS (SELECT 1 FROM declarations_campaignentry s WHERE s.tenancy_id = t.id AND s.year = %(year)s AND s.state = '{0}')"
TESTS = {state: _STATE.format(state) for state in ("rejected", "to_confirm")}
"""The states that share their group with another one: looked at row by row."""
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
