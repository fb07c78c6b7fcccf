"""The mails that say what the office decided: one a person and file of outcomes, in sets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from parvis.correspondence.services import Draft, queue_many
from parvis.declarations.models import OF_JULY, Kind
from parvis.declarations.reasons import rejection_sentence

MOST_REASONS = 10
VOID = "Annulation d’un loyer de juillet de l’année précédente"
REVISED = "Correction demandée"

# Counted by the database: of ten thousand refusals for one reason, one row. No tenant is named in a mail.
_DECIDED = """
SELECT d.account_id, o.kind, o.reason_code, d.kind = 'previous_july_rent' AND d.year IS NULL, o.revises, count(*),
       a.login_id, a.user_number, a.reference, a.partner_id,
       COALESCE(NULLIF(l.company_name, ''), btrim(l.first_name || ' ' || l.last_name)), c.email
FROM declarations_outcome o
JOIN declarations_declaration d ON d.id = o.id
JOIN identity_account a ON a.id = d.account_id
JOIN identity_credential c ON c.id = a.credential_id
JOIN landlords_landlord l ON l.partner_id = a.partner_id
WHERE o.applies AND o.status = %s{which} AND c.email IS NOT NULL AND a.state = 'active'
GROUP BY d.account_id, o.kind, o.reason_code, 4, o.revises, a.id, l.partner_id, c.email
ORDER BY d.account_id, count(*) DESC, o.kind, o.reason_code
"""


class _Counted(NamedTuple):
    """So many declarations of a kind, decided for one reason. ``voids``: they take back a July of the year before, and are of no
    year; ``revises``: they correct what was taken in."""

    kind: str
    code: str
    voids: bool
    revises: bool
    many: int

    @property
    def label(self) -> str:
        """What they are called."""
        kind = str(Kind(self.kind).label)
        if self.revises:
            return f"{REVISED}\u00a0: {kind[0].lower()}{kind[1:]}"
        return VOID if self.voids else kind


def queue_refused(*, at: datetime) -> int:
    """Write to each person whose declarations are refused in ``declarations_outcome``, in the transaction of the decision."""
    return _queue("rejected", "", _refused, at)


def queue_taken_in(*, at: datetime) -> int:
    """Tell each person what was taken in; not of July rents, which come in by the thousand and show it in the grid, but of those
    that somebody asked to correct."""
    july = ", ".join(f"'{kind}'" for kind in OF_JULY)
    return _queue("integrated", f" AND (o.revises OR NOT (o.kind IN ({july})))", _taken_in, at)


def _queue(status: str, which: str, words: Callable[[list[_Counted]], dict[str, Any]], at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_DECIDED.format(which=which), [status])
        rows = cursor.fetchall()
    by_account: dict[int, list[_Counted]] = {}
    accounts = {}
    for account_id, kind, code, voids, revises, count, *who in rows:
        by_account.setdefault(account_id, []).append(_Counted(kind, code, voids, revises, count))
        accounts[account_id] = who
    template = "declarations/emails/refused" if status == "rejected" else "declarations/emails/taken_in"
    drafts = [_draft(template, found, accounts[found], words(decided)) for found, decided in by_account.items()]
    if drafts:
        queue_many(drafts, at=at)
    return len(drafts)


def _refused(decided: list[_Counted]) -> dict[str, Any]:
    reasons: Counter[tuple[str, str]] = Counter()
    first = [line for line in decided if not line.revises]
    for line in decided:
        reasons[line.label, rejection_sentence(line.code)] += line.many
    return {
        "count": reasons.total(),
        "rents": any(line.kind == Kind.JULY_RENT for line in first),
        "previous": any(line.kind == Kind.PREVIOUS_JULY_RENT and not line.voids for line in first),
        "voids": any(line.voids for line in decided),
        "revisions": len(first) < len(decided),
        "others": any(line.kind not in OF_JULY for line in first),
        "reasons": [[label, count, sentence] for (label, sentence), count in reasons.most_common(MOST_REASONS)],
    }


def _taken_in(decided: list[_Counted]) -> dict[str, Any]:
    kinds: Counter[str] = Counter()
    for line in decided:
        kinds[line.label] += line.many
    return {"count": kinds.total(), "kinds": [[label, count] for label, count in kinds.most_common()]}


def _draft(template: str, account_id: int, who: list[Any], words: dict[str, Any]) -> Draft:
    login_id, user_number, reference, partner_id, landlord, email = who
    context = {
        "account_name": landlord,
        "login_id": login_id,
        "user_number": user_number,
        "account_reference": reference,
        **words,
    }
    return Draft(template, context, to=str(email), account_id=account_id, partner_id=partner_id)
