"""Messages that did not leave, and mails that came back, for agents: which, to whom, why."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from parvis.correspondence.returns.services import ADDRESS_DOUBTFUL
from parvis.identity.rules import masked
from parvis.kit.actors import Actor, Duty
from parvis.kit.refusals import NotFound

PAGE = 25


class UnsentMessage(NamedTuple):
    """A message in trouble: ``moment`` is when it should have left, or when it came back. Its mailbox is masked.

    ``name`` is empty for one to nobody of a landlord's; ``awaits_address``: it leaves once its address is settled.
    """

    key: int
    reference: str
    template: str
    subject: str
    moment: datetime
    failure: str
    to: str
    partner_id: UUID | None
    name: str
    user_number: str

    @property
    def awaits_address(self) -> bool:
        """Whether a letter came back from the address it is for."""
        return self.failure == ADDRESS_DOUBTFUL


_MOMENT = {"failed": "due_at", "bounced": "bounced_at"}
_WHICH = """
SELECT m.id, m.reference, m.template, m.subject, m.{moment}, m.failure, m.to_email, m.partner_id,
  COALESCE(NULLIF(l.company_name, ''), btrim(l.first_name || ' ' || l.last_name), ''), COALESCE(m.context ->> 'user_number', '')
FROM correspondence_message m LEFT JOIN landlords_landlord l ON l.partner_id = m.partner_id
WHERE m.state = '{state}' AND {seen}
"""
_IN_TROUBLE = (
    _WHICH
    + """
  AND (%(moment)s::timestamptz IS NULL OR (m.{moment}, m.id) < (%(moment)s, %(key)s))
ORDER BY m.{moment} DESC, m.id DESC LIMIT %(limit)s
"""
)
_ONE = _WHICH + " AND m.reference = %(reference)s"
SEEN = """(%(everywhere)s OR EXISTS (SELECT 1 FROM landlords_thirdpartynumber y WHERE y.landlord_id = m.partner_id
  AND y.office_id = ANY(%(offices)s)))"""
"""Whether a message ``m`` is to somebody of an office where the agent holds the duty."""


def scope_of(actor: Actor) -> dict[str, Any]:
    """The values ``SEEN`` asks for."""
    held = actor.offices_of(Duty.RUN_FEEDS)
    return {"everywhere": held is None, "offices": sorted(held or ())}


def in_trouble(
    actor: Actor, state: str, *, before: tuple[datetime, int] | None = None, limit: int = PAGE
) -> list[UnsentMessage]:
    """Those ``failed`` or ``bounced``, the latest first; ``before`` is (moment, key) of the last one seen."""
    moment, key = before or (None, 0)
    statement = _IN_TROUBLE.format(state=state, moment=_MOMENT[state], seen=SEEN)
    with connection.cursor() as cursor:
        cursor.execute(statement, {**scope_of(actor), "moment": moment, "key": key, "limit": limit})
        return [_read(row) for row in cursor.fetchall()]


def one_in_trouble(actor: Actor, reference: str) -> tuple[UnsentMessage, str]:
    """One of them with its state; raises :class:`NotFound` for one of other offices, and for one that fares well."""
    for state, moment in _MOMENT.items():
        statement = _ONE.format(state=state, moment=moment, seen=SEEN)
        with connection.cursor() as cursor:
            cursor.execute(statement, {**scope_of(actor), "reference": reference})
            row = cursor.fetchone()
        if row is not None:
            return _read(row), state
    raise NotFound


def _read(row: tuple[Any, ...]) -> UnsentMessage:
    to = masked(row[6]) if row[6] else "Par courrier"
    return UnsentMessage._make((*row[:6], to, *row[7:]))
