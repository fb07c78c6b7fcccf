"""Lines of a checked file that the bounds, moved since, refuse: set aside before anything of it is kept."""

from __future__ import annotations

from collections import Counter

from django.db import connection, transaction

from parvis.declarations.bulk import blocks
from parvis.declarations.bulk.models import FileState, RentFile
from parvis.declarations.rules import OUT_OF_BOUNDS
from parvis.declarations.selectors.grid.norms import bounds, have_moved

_IN_BLOCKS = f"""
SELECT u.line FROM declarations_rentfileblock b CROSS JOIN LATERAL {blocks.UNNESTED}
WHERE b.file_id = %(file)s AND {OUT_OF_BOUNDS.format("u.cents")}
"""
_SET_ASIDE = f"""
WITH old AS (
  SELECT r.line, r.state FROM declarations_rentfilerow r WHERE r.file_id = %(file)s AND r.state IN ('ready', 'to_confirm')
    AND ({OUT_OF_BOUNDS.format("r.cents")} OR {OUT_OF_BOUNDS.format("r.previous_cents")})),
aside AS (
  UPDATE declarations_rentfilerow r SET state = 'to_correct' FROM old WHERE r.file_id = %(file)s AND r.line = old.line RETURNING old.state)
SELECT state, count(*)::int FROM aside GROUP BY state
"""


def set_aside(file: RentFile) -> int:
    """Lines out of the bounds in force are to be corrected, and counted so; answers how many there were.

    The file is one of the actor's own; where the bounds never moved, or nothing is to be confirmed, nothing is read.
    """
    if not have_moved() or file.state not in (FileState.READY, FileState.CONFIRMING):
        return 0
    return _set_aside(file)


@transaction.atomic
def _set_aside(file: RentFile) -> int:
    locked = RentFile.objects.defer("content").select_for_update().get(pk=file.pk)
    values = {**bounds(), "file": file.pk}
    with connection.cursor() as cursor:
        cursor.execute(_IN_BLOCKS, values)
        blocks.take_out(locked, [line for (line,) in cursor.fetchall()])
        cursor.execute(_SET_ASIDE, values)
        moved = dict(cursor.fetchall())
    count = sum(moved.values())
    if count and locked.state == file.state:
        counts = Counter(locked.counts)
        counts.subtract(moved)
        counts["to_correct"] += count
        file.counts = {state: lines for state, lines in counts.items() if lines}
        RentFile.objects.filter(pk=file.pk).update(counts=file.counts)
    return count
