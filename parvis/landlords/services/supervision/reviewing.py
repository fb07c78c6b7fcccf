"""Once a year an administrator looks at who may do what, and confirms it; ignored, it is asked again, then agents see it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from parvis.audit.journal import record
from parvis.identity.models import AccountState, Nature
from parvis.kit.actors import Actor, Right
from parvis.kit.clock import day_in_paris
from parvis.kit.db import all_rows
from parvis.kit.references import fingerprint
from parvis.kit.refusals import ChangedMeanwhile
from parvis.landlords import events
from parvis.landlords.models import Landlord, RightsReview
from parvis.landlords.selectors.supervised import Review, review_of
from parvis.landlords.selectors.users import administrators
from parvis.landlords.services.users import deciding
from parvis.landlords.services.users.deciding import write_to
from parvis.parameters.catalogue import RIGHTS_REVIEW, RIGHTS_REVIEW_LATE
from parvis.parameters.selectors import duration

MOST_A_RUN = 2_000
"""Organisations asked by one run of the clockwork: on the first day of this rule, all of them are due."""

# Organisations of several people that somebody administers, whose last review, or first right, is a year old.
_DUE = """
SELECT l.partner_id FROM landlords_landlord l JOIN identity_partner p ON p.id = l.partner_id AND p.nature = %(corporate)s
WHERE NOT EXISTS (SELECT 1 FROM landlords_rightsreview r WHERE r.landlord_id = l.partner_id
                  AND (r.confirmed_at IS NULL OR r.confirmed_at > %(before)s))
  AND (SELECT count(*) FROM identity_account one WHERE one.partner_id = l.partner_id AND one.state = %(active)s) > 1
  AND (SELECT min(h.granted_at) FROM landlords_habilitation h JOIN identity_account a ON a.id = h.account_id
       WHERE a.partner_id = l.partner_id AND h.right = %(administer)s) <= %(before)s
ORDER BY l.partner_id LIMIT %(most)s
"""


def ask_due(*, by: Actor, at: datetime) -> int:
    """Ask the administrators of every organisation whose review is due, and again those who let it wait; returns how many."""
    words = {
        "corporate": Nature.CORPORATE.value,
        "active": AccountState.ACTIVE.value,
        "administer": Right.ADMINISTER.value,
    }
    due = all_rows(_DUE, {**words, "before": at - duration(RIGHTS_REVIEW), "most": MOST_A_RUN})
    for (partner_id,) in due:
        with transaction.atomic():
            review, made = RightsReview.objects.get_or_create(
                landlord_id=partner_id, confirmed_at=None, defaults={"due_on": day_in_paris(at), "told_at": at}
            )
            if made:
                _tell(review, again=False, by=by, at=at)
    return len(due) + _ask_again(by=by, at=at)


def _ask_again(*, by: Actor, at: datetime) -> int:
    late = RightsReview.objects.filter(
        confirmed_at=None, told_again_at=None, due_on__lte=day_in_paris(at - duration(RIGHTS_REVIEW_LATE))
    ).select_related("landlord")
    asked = 0
    for review in late.order_by("pk")[:MOST_A_RUN]:
        with transaction.atomic():
            live = RightsReview.objects.filter(pk=review.pk, told_again_at=None, confirmed_at=None)
            if live.update(told_again_at=at):
                _tell(review, again=True, by=by, at=at)
                asked += 1
    return asked


def _tell(review: RightsReview, *, again: bool, by: Actor, at: datetime) -> None:
    landlord = Landlord.objects.get(pk=review.landlord_id)
    users = landlord.partner.accounts.filter(state=AccountState.ACTIVE).count()
    for account in administrators(landlord.pk, at=at):
        words = {"again": again, "users": users, "reference": account.reference}
        write_to(account, "landlords/emails/review_due", landlord, at=at, **words)
    record(events.REVIEW_DUE, subject=landlord.reference_key[:40], by=by, at=at, again=again)


def as_seen(review: Review) -> str:
    """What a page showed, for the click that confirms it."""
    return fingerprint("|".join(f"{user.id}:{user.as_seen}" for user in review.users)).hex()[:32]


@transaction.atomic
def confirm(seen: str, *, by: Actor, at: datetime) -> bool:
    """Confirm that everybody may do what the page showed; before the day too. A second click changes nothing: False then.

    Refuses (ChangedMeanwhile) where it is no longer what was shown.
    """
    decision = deciding.begin(by=by, at=at)
    review = review_of(by, at=decision.at)
    if as_seen(review) != seen:
        raise ChangedMeanwhile
    done = {"confirmed_at": decision.at, "confirmed_by": decision.administrator, "users": len(review.users)}
    live = RightsReview.objects.filter(landlord=decision.landlord, confirmed_at=None)
    if not live.update(**done):
        if review.confirmed_at is not None and day_in_paris(review.confirmed_at) == day_in_paris(at):
            return False
        RightsReview.objects.create(landlord=decision.landlord, due_on=day_in_paris(at), told_at=at, **done)
    subject = decision.landlord.reference_key[:40]
    record(events.REVIEW_CONFIRMED, subject=subject, by=by, at=decision.at, count=len(review.users))
    return True
