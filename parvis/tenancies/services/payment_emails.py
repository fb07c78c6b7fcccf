"""The mails that say what was paid, by choice: one a person and block of transfers, each transfer told once (ux.md B15).

Told on the day of the payment or when its delivery comes, never later than some days: the history an office delivers at first
is nobody's news. The worker asks; nothing here slows a delivery down.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from parvis.correspondence.services import Draft, queue_many
from parvis.identity.models import PaymentEmails
from parvis.kit.clock import day_in_paris
from parvis.kit.merging import rows
from parvis.tenancies.selectors.payments import ADDED_UP_TO
from parvis.tenancies.selectors.payments.transfers import MONTH_BEFORE, SAME_PAY_DAY, THIS_MONTH

NEWS_FOR = timedelta(days=10)
BLOCK = 1_000
MOST_NAMED = 10

_CLAIM = """
UPDATE tenancies_transfer SET told_at = %(at)s WHERE reference IN (
  SELECT reference FROM tenancies_transfer WHERE told_at IS NULL AND paid_on > %(since)s AND paid_on <= %(today)s
  ORDER BY paid_on, landlord_id LIMIT %(block)s FOR UPDATE SKIP LOCKED)
RETURNING reference
"""
# Only who may see payments, at that office, with a proved mailbox, and wishes it. Nobody is named in a mail but accounts.
_TOLD = f"""
SELECT c.id, c.email, a.id, a.login_id, a.user_number, a.reference, a.partner_id, a.payment_emails,
       COALESCE(NULLIF(l.company_name, ''), btrim(l.first_name || ' ' || l.last_name)), t.reference, t.paid_on,
       t.total_cents, t.tenancies, same.cents - before.cents, missing.tenancies, COALESCE(o.name, '')
FROM tenancies_transfer t
LEFT JOIN landlords_office o ON o.caf_code = t.caf_code
JOIN identity_account a ON a.partner_id = t.landlord_id AND a.state = 'active' AND a.payment_emails <> 'none'
JOIN identity_credential c ON c.id = a.credential_id AND c.email IS NOT NULL AND c.frozen_at IS NULL
JOIN landlords_landlord l ON l.partner_id = t.landlord_id
LEFT JOIN landlords_membership m ON m.account_id = a.id
LEFT JOIN LATERAL (SELECT sum(b.total_cents)::bigint AS cents FROM tenancies_transfer b
                   WHERE {SAME_PAY_DAY} AND {THIS_MONTH}) same ON true
LEFT JOIN LATERAL (SELECT sum(b.total_cents)::bigint AS cents, sum(b.tenancies) AS tenancies FROM tenancies_transfer b
                   WHERE {SAME_PAY_DAY} AND {MONTH_BEFORE}) before ON true
LEFT JOIN LATERAL (
  SELECT count(DISTINCT p.tenancy_id)::int AS tenancies FROM tenancies_transfer b
  JOIN tenancies_payment p ON p.landlord_id = b.landlord_id AND p.paid_on = b.paid_on AND p.transfer_ref = b.transfer_ref
  JOIN tenancies_tenancy x ON x.id = p.tenancy_id AND x.caf_code = b.caf_code AND x.landlord_id = b.landlord_id
  WHERE {SAME_PAY_DAY} AND {MONTH_BEFORE} AND p.kind = 'aid' AND p.amount_cents > 0
    AND x.end_on IS NULL AND x.absent_since IS NULL AND NOT EXISTS (
      SELECT 1 FROM tenancies_payment n WHERE n.tenancy_id = p.tenancy_id AND n.landlord_id = t.landlord_id
      AND n.kind = 'aid' AND n.amount_cents > 0 AND n.paid_on >= date_trunc('month', t.paid_on)::date)
) missing ON GREATEST(t.tenancies, before.tenancies) <= {ADDED_UP_TO}
WHERE t.reference = ANY(%(claimed)s) AND (COALESCE(cardinality(m.offices), 0) = 0 OR t.caf_code = ANY(m.offices))
  AND EXISTS (SELECT 1 FROM landlords_habilitation h WHERE h.account_id = a.id AND h.right = 'payments'
              AND (h.ended_at IS NULL OR h.ended_at > %(at)s))
ORDER BY c.id, a.id, t.paid_on, t.reference
"""


class Told(NamedTuple):
    """One transfer as one account is told of it; ``gap_cents`` is None for a first one, ``missing`` where it is not counted."""

    credential: int
    email: str
    account_id: int
    login_id: str
    user_number: str
    account: str
    partner_id: UUID
    wish: str
    name: str
    transfer: UUID
    paid_on: date
    cents: int
    tenancies: int
    gap_cents: int | None
    missing: int | None
    office: str

    @property
    def is_wanted(self) -> bool:
        """Whether the account wishes to hear of it: each transfer, or only those that differ from the month before."""
        return self.wish == PaymentEmails.EACH or bool(self.gap_cents) or bool(self.missing)


def tell_due(*, at: datetime) -> int:
    """Write of every transfer that has come and nobody was told of; how many mails leave. Run as often as wanted."""
    count, more = 0, True
    while more:
        more, told = _tell_block(at)
        count += told
    return count


@transaction.atomic
def _tell_block(at: datetime) -> tuple[bool, int]:
    today = day_in_paris(at)
    values: dict[str, Any] = {"at": at, "since": today - NEWS_FOR, "today": today, "block": BLOCK}
    claimed = [row[0] for row in rows(_CLAIM, values)]
    if not claimed:
        return False, 0
    found = [Told._make(row) for row in rows(_TOLD, {"claimed": claimed, "at": at})]
    wanted = [line for line in found if line.is_wanted]
    drafts = [_draft(list(lines)) for _, lines in groupby(wanted, key=lambda line: line.credential)]
    if drafts:
        queue_many(drafts, at=at)
    return len(claimed) == BLOCK, len(drafts)


def _draft(lines: Sequence[Told]) -> Draft:
    """Of one transfer, the mail says it all; of several (a manager of many companies), one mail counts and names them."""
    first = lines[0]
    context: dict[str, Any] = {
        "account_name": first.name,
        "login_id": first.login_id,
        "user_number": first.user_number,
        "account_reference": first.account,
        "offices": sorted({line.office for line in lines if line.office}),
    }
    if len(lines) == 1:
        template = "tenancies/emails/paid"
        context |= {
            "transfer": str(first.transfer),
            "paid_on": first.paid_on.isoformat(),
            "cents": first.cents,
            "tenancies": first.tenancies,
            "gap_cents": first.gap_cents or 0,
            "missing": first.missing or 0,
        }
    else:
        template = "tenancies/emails/paid_several"
        context |= {
            "count": len(lines),
            "cents": sum(line.cents for line in lines),
            "changed": sum(bool(line.gap_cents) for line in lines),
            "missing": sum(line.missing or 0 for line in lines),
            "lines": [[line.name, line.paid_on.isoformat(), line.cents] for line in lines[:MOST_NAMED]],
            "is_one_account": len({line.account_id for line in lines}) == 1,
        }
    return Draft(template, context, to=first.email, account_id=first.account_id, partner_id=first.partner_id)
