"""Erasing what the journal need not keep: the oldest seals first, whole, their heads kept."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from parvis.audit.models import Link, Seal
from parvis.kit.merging import execute, rows

_ERASE = """
DELETE FROM audit_entry e USING audit_link l WHERE l.entry_id = e.id AND l.position <= %s
"""
_YOUNG = "SELECT min(l.position) FROM audit_link l JOIN audit_entry e ON e.id = l.entry_id WHERE e.at >= %s"


@transaction.atomic
def purge(*, before: datetime) -> int:
    """Erase the entries older than this that are in seals older than this; how many. The chain then begins after them."""
    young = rows(_YOUNG, [before])[0][0]
    old = Seal.objects.filter(made_at__lt=before, purged=False)
    if young is not None:
        old = old.filter(position__lt=young)
    last = old.order_by("-position").first()
    if last is None:
        return 0
    execute("SELECT set_config('parvis.purges_before', %s, true)", [before.isoformat()])
    erased = execute(_ERASE, [last.position])
    Link.objects.filter(position__lte=last.position).delete()
    Seal.objects.filter(position__lte=last.position).update(purged=True)
    execute("SELECT set_config('parvis.purges_before', '', true)")
    return erased
