"""Lines that were set aside are bound to their row (security.md T52)."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from parvis.kit.merging import rebind

COLUMN = "'exchange_setasideline.line'"
ROW = f"{COLUMN} || '|' || file_id || ':' || number"
READ = "SELECT id, line, {}, {} FROM exchange_setasideline WHERE id > %s ORDER BY id LIMIT %s"
WRITE = """
UPDATE exchange_setasideline l SET line = v.newer FROM unnest(%s::bigint[], %s::bytea[], %s::bytea[]) v (id, former, newer)
WHERE l.id = v.id AND l.line = v.former
"""


def forth(*_: Any) -> None:
    """Close anew what is bound to its column only."""
    rebind(READ.format(COLUMN, ROW), WRITE)


def back(*_: Any) -> None:
    """As the former code opens it."""
    rebind(READ.format(ROW, COLUMN), WRITE)


class Migration(migrations.Migration):
    """A line copied to another row opens no more."""

    atomic = False
    dependencies = [("exchange", "0006_answers_counted")]
    operations = [migrations.RunPython(forth, back)]
