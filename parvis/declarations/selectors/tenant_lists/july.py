"""Where a July rent stands, as the list of tenants shows it and filters it."""

from __future__ import annotations

from parvis.declarations.models import EntryState
from parvis.declarations.rules import OPEN_ENTRY, entry_in

STATES = {
    "to_type": entry_in("to_declare"),
    "suspended": entry_in("to_declare"),
    "typed": entry_in("drafted", "to_confirm"),
    "to_confirm": entry_in("to_confirm"),
    "to_correct": entry_in("to_correct", "rejected"),
    "rejected": entry_in("rejected"),
    "submitted": entry_in("submitted"),
    "integrated": entry_in("integrated"),
    "open": OPEN_ENTRY,
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
