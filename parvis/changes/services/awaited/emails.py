"""The mails about papers the office awaits: to whoever sent what they are about. No tenant is named in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from parvis.changes.models import AwaitedPaper
from parvis.changes.reasons import paper_words
from parvis.correspondence.services import Draft, queue_many
from parvis.identity.models import Account, AccountState
from parvis.landlords.models import Landlord, Office

MOST_NAMED = 10
"""Papers a mail names one by one."""


def tell_awaited(papers: Sequence[AwaitedPaper], *, at: datetime) -> None:
    """« Votre caisse attend une pièce »: one mail a person, in the transaction of the decision."""
    by_account: dict[int, list[AwaitedPaper]] = {}
    for paper in papers:
        by_account.setdefault(paper.account_id, []).append(paper)
    names = dict(Office.objects.filter(pk__in={paper.office_id for paper in papers}).values_list("pk", "name"))
    drafts = []
    for account in _to_be_told(list(by_account)):
        theirs = sorted(by_account[account.pk], key=lambda paper: paper.answer_by)
        words = {
            "count": len(theirs),
            "papers": [
                [paper_words(one.paper), one.title, one.subject, one.answer_by.isoformat()]
                for one in theirs[:MOST_NAMED]
            ],
            "more": max(0, len(theirs) - MOST_NAMED),
            "opaque": str(theirs[0].opaque) if len(theirs) == 1 else "",
            "offices": sorted({names[one.office_id] for one in theirs}),
        }
        drafts.append(_draft("paper_awaited", account, theirs[0], words))
    if drafts:
        queue_many(drafts, at=at)


def tell_given(paper: AwaitedPaper, *, at: datetime) -> None:
    """« Pièce reçue », to whoever gave it."""
    words = {"paper": paper_words(paper.paper), "title": paper.title, "subject": paper.subject, "at": at.isoformat()}
    drafts = [
        _draft("paper_given", account, paper, {**words, "opaque": str(paper.opaque), "office": paper.office.name})
        for account in _to_be_told([paper.given_by_id or 0])
    ]
    if drafts:
        queue_many(drafts, at=at)


def _to_be_told(accounts: Sequence[int]) -> list[Account]:
    rows = Account.objects.filter(pk__in=accounts, state=AccountState.ACTIVE, credential__email__isnull=False)
    return list(rows.select_related("credential").order_by("pk"))


def _draft(name: str, account: Account, paper: AwaitedPaper, words: dict[str, Any]) -> Draft:
    context = {
        "account_name": Landlord.objects.get(pk=paper.landlord_id).name,
        "login_id": account.login_id,
        "user_number": account.user_number,
        "account_reference": account.reference,
        **words,
    }
    return Draft(
        f"changes/emails/{name}",
        context,
        to=account.credential.email or "",
        account_id=account.pk,
        partner_id=paper.landlord_id,
    )
