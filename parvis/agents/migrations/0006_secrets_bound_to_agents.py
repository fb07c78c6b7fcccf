"""The keys of time-based codes are bound to their agent (security.md T52)."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from parvis.kit.merging import rebind

COLUMN = "'agents_agent.time_secret'"
ROW = f"{COLUMN} || '|' || reference::text"
READ = "SELECT id, time_secret, {}, {} FROM agents_agent WHERE id > %s AND time_secret IS NOT NULL ORDER BY id LIMIT %s"
WRITE = """
UPDATE agents_agent a SET time_secret = v.newer FROM unnest(%s::bigint[], %s::bytea[], %s::bytea[]) v (id, former, newer)
WHERE a.id = v.id AND a.time_secret = v.former
"""


def forth(*_: Any) -> None:
    """Close anew what is bound to its column only."""
    rebind(READ.format(COLUMN, ROW), WRITE)


def back(*_: Any) -> None:
    """As the former code opens it."""
    rebind(READ.format(ROW, COLUMN), WRITE)


class Migration(migrations.Migration):
    """A key copied to another agent opens no more."""

    atomic = False
    dependencies = [("agents", "0005_alert_offices")]
    operations = [migrations.RunPython(forth, back)]
