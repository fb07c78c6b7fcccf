"""What stands above the list of tenants, in one statement: how many there are, at which offices, and the campaign of the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from parvis.declarations.selectors.campaign import CampaignCard, card_query
from parvis.kit.actors import Actor
from parvis.kit.clock import day_in_paris
from parvis.tenancies.selectors.scope import kept_count, seen_by, within


@dataclass(frozen=True, slots=True)
class ListHead:
    """The counts kept by the writes; ``offices`` are codes and names, as far as the actor sees them; ``card`` as campaign_card."""

    current: int
    former: int
    offices: tuple[tuple[str, str], ...]
    card: CampaignCard | None


_HEAD = """
SELECT COALESCE({current}, 0), COALESCE({former}, 0),
       ARRAY(SELECT DISTINCT ARRAY[f.name, f.caf_code::text] FROM landlords_thirdpartynumber own
             JOIN landlords_office f ON f.caf_code = own.office_id
             WHERE own.landlord_id = %(landlord)s AND own.absent_since IS NULL{within} ORDER BY 1), card.*
FROM (SELECT 1) one
LEFT JOIN tenancies_portfoliocount c ON c.landlord_id = %(landlord)s
LEFT JOIN LATERAL ({card}) card ON true
"""


def list_head(actor: Actor, *, at: datetime) -> ListHead:
    """The head of the landlord's list at ``at``."""
    query = _HEAD.format(
        current=f"({kept_count(actor, 'current')})" if actor.offices else "c.current",
        former=f"({kept_count(actor, 'former')})" if actor.offices else "c.former",
        within=within(actor, "own.office_id"),
        card=card_query(actor),
    )
    with connection.cursor() as cursor:
        cursor.execute(query, {**seen_by(actor), "today": day_in_paris(at)})
        row = cursor.fetchone()
    assert row is not None
    current, former, offices, *card = row
    named = tuple((code, name) for name, code in offices)
    return ListHead(current, former, named, CampaignCard(*card) if card[0] is not None else None)
