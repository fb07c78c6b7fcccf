"""Rights limited to some offices: what a limited actor's statements add, and what everybody else's do not carry.

The office of a tenancy is part of its key and never changes, so it is read on the tenancy itself.
"""

from __future__ import annotations

from typing import Any

from parvis.kit.actors import Actor, ActorKind, Right

_WHOLE = "SELECT {column} FROM tenancies_portfoliocount WHERE landlord_id = %(landlord)s"
_SHARE = "SELECT sum({column})::int FROM tenancies_portfolioofficecount WHERE landlord_id = %(landlord)s"


def seen_by(actor: Actor) -> dict[str, Any]:
    """The values every statement of an actor takes: the landlord, the offices the actor is limited to, whether aids may be told
    (or guessed from a sentence), and bank accounts named: never to an agent who reads as the landlord would (security.md §2.11)."""
    return {
        "landlord": actor.partner_id,
        "offices": sorted(actor.offices),
        "sees_aid": Right.PAYMENTS in actor.rights,
        "sees_accounts": actor.kind is not ActorKind.AGENT,
    }


def within(actor: Actor, column: str) -> str:
    """`` AND column is one of the actor's offices``; nothing for an actor who has them all."""
    return f" AND {column} = ANY(%(offices)s)" if actor.offices else ""


def of_tenancy(actor: Actor, column: str) -> str:
    """The same for a row that names a tenancy: its office is looked up row by row, so that lists stay read in their order."""
    return within(actor, f"(SELECT own.caf_code FROM tenancies_tenancy own WHERE own.id = {column})")


def kept_count(actor: Actor, column: str) -> str:
    """The kept count ``current`` or ``former`` of what the actor sees, as a subquery of one row."""
    query = _SHARE + within(actor, "caf_code") if actor.offices else _WHOLE
    return query.format(column=column)
