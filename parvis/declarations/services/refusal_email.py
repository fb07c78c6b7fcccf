"""The mail that says what the office refused, why and what to do: one a person and file of outcomes, in sets."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.db import connection

from parvis.correspondence.services import Draft, queue_many
from parvis.declarations.models import OF_JULY, Kind
from parvis.declarations.reasons import rejection_sentence

MOST_REASONS = 10

# Counted by the database: of ten thousand refusals for one reason, one row. No tenant is named in a mail.
_REFUSED = """
SELECT d.account_id, o.kind, o.reason_code, count(*), a.login_id, a.user_number, a.reference, a.partner_id,
       COALESCE(NULLIF(l.company_name, ''), btrim(l.first_name || ' ' || l.last_name)), c.email
FROM declarations_outcome o
JOIN declarations_declaration d ON d.id = o.id
JOIN identity_account a ON a.id = d.account_id
JOIN identity_credential c ON c.id = a.credential_id
JOIN landlords_landlord l ON l.partner_id = a.partner_id
WHERE o.applies AND o.status = 'rejected' AND c.email IS NOT NULL AND a.state = 'active'
GROUP BY d.account_id, o.kind, o.reason_code, a.id, l.partner_id, c.email
ORDER BY d.account_id, count(*) DESC, o.kind, o.reason_code
"""


def queue(*, at: datetime) -> int:
    """Write to each person whose declarations are refused in ``declarations_outcome``, in the transaction of the decision."""
    with connection.cursor() as cursor:
        cursor.execute(_REFUSED)
        rows = cursor.fetchall()
    by_account: dict[int, list[tuple[str, str, int]]] = {}
    accounts = {}
    for account_id, kind, code, count, *who in rows:
        by_account.setdefault(account_id, []).append((kind, code, count))
        accounts[account_id] = who
    drafts = [_draft(account_id, accounts[account_id], refused) for account_id, refused in by_account.items()]
    if drafts:
        queue_many(drafts, at=at)
    return len(drafts)


def _draft(account_id: int, who: list[object], refused: list[tuple[str, str, int]]) -> Draft:
    login_id, user_number, reference, partner_id, landlord, email = who
    reasons: Counter[tuple[str, str]] = Counter()
    for kind, code, count in refused:
        reasons[str(Kind(kind).label), rejection_sentence(code)] += count
    context = {
        "account_name": landlord,
        "login_id": login_id,
        "user_number": user_number,
        "account_reference": reference,
        "count": reasons.total(),
        "rents": all(kind in OF_JULY for kind, _, _ in refused),
        "reasons": [[label, count, sentence] for (label, sentence), count in reasons.most_common(MOST_REASONS)],
    }
    return Draft(
        template="declarations/emails/refused",
        context=context,
        to=str(email),
        account_id=account_id,
        partner_id=partner_id,  # type: ignore[arg-type]
    )
