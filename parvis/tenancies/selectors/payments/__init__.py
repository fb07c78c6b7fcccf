"""What a landlord was paid: transfers, their statements, what was withheld, the history of a tenant, the year.

Everything needs the right « Paiements », and shows payments made to the actor's landlord only (domain.md §3.1, secrecy).
"""

from __future__ import annotations

from parvis.kit.actors import Actor, Right
from parvis.kit.refusals import NotAllowed

ADDED_UP_TO = 10_000
"""Beyond this many tenancies, nothing is added up line by line for a page: the totals kept with the transfers are shown."""

COMPARED_BEYOND = 1_000
"""A transfer of more tenancies is compared with the month before by the worker, once, and what changed is kept line by line;
a shorter one is compared when its page is read. The indexes of long transfers stand on this number (migration 0016)."""


def demand(actor: Actor) -> None:
    """Refuse who may not see payments."""
    if not actor.may(Right.PAYMENTS):
        raise NotAllowed(Right.PAYMENTS.label)
