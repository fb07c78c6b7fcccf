"""« Adresses à vérifier »: letters that came back and that nobody has settled, for agents."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from parvis.kit.actors import Actor, Duty

PAGE = 50


class DoubtfulAddress(NamedTuple):
    """A letter that came back; ``now`` is the address the offices know today, which may be another one."""

    number: str
    partner_id: UUID
    name: str
    user_number: str
    window: list[str]
    now: list[str]
    reason: str
    noted_at: datetime
    noted_by: str
    held: int
    key: int


_DOUBTFUL = """
SELECT m.number, r.partner_id, COALESCE(NULLIF(l.company_name, ''), btrim(l.first_name || ' ' || l.last_name)),
  COALESCE(m.context ->> 'user_number', ''), r.to_address, n.address, r.reason, r.noted_at, r.noted_by,
  (SELECT count(*) FROM correspondence_message h WHERE h.partner_id = r.partner_id AND h.state = 'failed'
     AND h.to_address = r.to_address), r.id
FROM correspondence_returnedletter r JOIN correspondence_message m ON m.id = r.message_id
JOIN landlords_landlord l ON l.partner_id = r.partner_id
LEFT JOIN LATERAL (
  SELECT array_remove(ARRAY[x.address_1, x.address_2, x.address_3, btrim(x.postcode || ' ' || x.city)]::text[], '') AS address
  FROM landlords_thirdpartynumber x WHERE x.landlord_id = r.partner_id
  ORDER BY x.user_number <> m.context ->> 'user_number', x.absent_since NULLS FIRST, x.id LIMIT 1) n ON true
WHERE r.settled_at IS NULL AND (r.noted_at, r.id) > (%(since)s, %(beyond)s)
  AND (%(everywhere)s OR EXISTS (SELECT 1 FROM landlords_thirdpartynumber y WHERE y.landlord_id = r.partner_id
    AND y.office_id = ANY(%(offices)s)))
ORDER BY r.noted_at, r.id LIMIT %(limit)s
"""
BEGINNING = datetime.fromisoformat("1970-01-01T00:00:00+00:00"), 0


def doubtful_addresses(
    actor: Actor, *, after: tuple[datetime, int] = BEGINNING, limit: int = PAGE
) -> list[DoubtfulAddress]:
    """The oldest first, beyond (noted_at, key) of the last one seen: a pile is noted at one moment."""
    held = actor.offices_of(Duty.NOTE_RETURNED_LETTER)
    since, beyond = after
    values: dict[str, Any] = {"everywhere": held is None, "offices": list(held or ()), "since": since, "beyond": beyond}
    with connection.cursor() as cursor:
        cursor.execute(_DOUBTFUL, {**values, "limit": limit})
        return [_read(row) for row in cursor.fetchall()]


def _read(row: tuple[Any, ...]) -> DoubtfulAddress:
    window, now = row[4], row[5]
    lines = json.loads(window) if isinstance(window, str) else window
    return DoubtfulAddress._make((*row[:4], lines, list(now or []), *row[6:]))
