"""How long web processes wait for the database (security.md §2.14): for others' locks, for one answer, in an idle transaction."""

from __future__ import annotations

from typing import Any

LOCK_SECONDS = 2
STATEMENT_SECONDS = 5
IDLE_SECONDS = 60

SETTINGS = {
    "lock_timeout": f"{LOCK_SECONDS}s",
    "statement_timeout": f"{STATEMENT_SECONDS}s",
    "idle_in_transaction_session_timeout": f"{IDLE_SECONDS}s",
}
"""What a connection of the web is set to, by itself or by its role (``parvis roles``)."""


def hold(database: dict[str, Any]) -> None:
    """Have the connections of this database ask for the limits as they open, beside what its address asks for already."""
    options = database["OPTIONS"]
    asked = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
    options["options"] = f"{options.get('options', '')} {asked}".strip()
