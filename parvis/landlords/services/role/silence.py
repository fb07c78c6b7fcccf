"""An organisation that nobody administers any more is told so, once, before it needs it (ux.md, line 15)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from parvis.audit.journal import record_many
from parvis.correspondence.services import Draft, queue_many
from parvis.identity.models import Account, AccountState, Nature
from parvis.kit.actors import Actor, Right
from parvis.landlords import events
from parvis.landlords.models import Habilitation, Landlord
from parvis.landlords.services.users.deciding import address_of, frame_of, name_of
from parvis.parameters.catalogue import ADMINISTRATOR_SILENCE
from parvis.parameters.selectors import duration

# The organisations of several people whose administrators have all been away for too long, and who have not been told since
# the last of them left. The condition on the row is the lock: of two workers, one tells.
_FALLEN_SILENT = """
WITH used AS (
  SELECT a.partner_id, max(GREATEST(a.last_signed_in_at, a.opened_at, h.granted_at)) AS at
    FROM identity_account a JOIN landlords_habilitation h ON h.account_id = a.id
   WHERE a.state = %(active)s AND h.right = %(administer)s AND (h.ended_at IS NULL OR h.ended_at > %(at)s)
   GROUP BY a.partner_id HAVING max(GREATEST(a.last_signed_in_at, a.opened_at, h.granted_at)) <= %(before)s
)
UPDATE landlords_landlord l SET silence_told_at = %(at)s
  FROM used JOIN identity_partner p ON p.id = used.partner_id
 WHERE l.partner_id = used.partner_id AND p.nature = %(corporate)s
   AND (l.silence_told_at IS NULL OR l.silence_told_at <= used.at)
   AND (SELECT count(*) FROM identity_account one WHERE one.partner_id = used.partner_id AND one.state = %(active)s) > 1
RETURNING l.partner_id, used.at
"""


@transaction.atomic
def notice_silent_administrators(*, by: Actor, at: datetime) -> int:
    """Tell the users of every organisation fallen silent; returns how many organisations. Told once in a silence."""
    since = _fallen_silent(at)
    landlords = {landlord.pk: landlord for landlord in Landlord.objects.filter(pk__in=since)}
    holding = Habilitation.objects.filter(right=Right.ADMINISTER, account__partner_id__in=since)
    hold = set(holding.exclude(ended_at__lte=at).values_list("account_id", flat=True))
    rows = Account.objects.filter(
        partner_id__in=since, state=AccountState.ACTIVE, credential__frozen_at=None
    ).select_related("credential", "membership")
    people: dict[UUID, list[Account]] = {}
    for account in rows.order_by("pk"):
        people.setdefault(account.partner_id, []).append(account)
    drafts = [
        draft
        for partner_id, accounts in people.items()
        for draft in _notices(landlords[partner_id], accounts, hold, since[partner_id])
    ]
    queue_many(drafts, at=at)
    subjects = [(landlords[pk].reference_key[:40], {"since": last.isoformat()}) for pk, last in since.items()]
    record_many(events.ADMINISTRATORS_SILENT, subjects=subjects, by=by, at=at)
    return len(since)


def _fallen_silent(at: datetime) -> dict[UUID, datetime]:
    """Organisations to be told now, each with the last time one of its administrators was there."""
    values: dict[str, Any] = {
        "at": at,
        "before": at - duration(ADMINISTRATOR_SILENCE),
        "active": AccountState.ACTIVE.value,
        "administer": Right.ADMINISTER.value,
        "corporate": Nature.CORPORATE.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(_FALLEN_SILENT, values)
        return dict(cursor.fetchall())


def _notices(landlord: Landlord, accounts: list[Account], hold: set[int], since: datetime) -> list[Draft]:
    """One message for each person of an organisation, each told what they can do."""
    administrators = [name_of(account) for account in accounts if account.pk in hold]
    deputies = [account for account in accounts if account.pk not in hold and _is_deputy(account)]
    shared: dict[str, Any] = {
        "since": since.isoformat(),
        "administrators": administrators,
        "deputies": [name_of(account) for account in deputies],
    }
    return [
        Draft(
            "landlords/emails/nobody_administers",
            {
                **frame_of(landlord, account),
                **shared,
                "role": "administrator" if account.pk in hold else "deputy" if account in deputies else "user",
                "reference": account.reference,
            },
            to=address_of(account),
            account_id=account.pk,
            partner_id=landlord.pk,
        )
        for account in accounts
        if address_of(account)
    ]


def _is_deputy(account: Account) -> bool:
    return hasattr(account, "membership") and bool(account.membership.is_deputy)
