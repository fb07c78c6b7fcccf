"""What a user may do, where and until when: decided by an administrator, told to the user and to the others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from parvis.audit.journal import record
from parvis.identity.models import Account
from parvis.kit.actors import Actor
from parvis.kit.clock import PARIS, day_in_paris
from parvis.kit.periods import long_day
from parvis.kit.refusals import ActNotPossible
from parvis.landlords import events, rules
from parvis.landlords.models import Habilitation, Membership, SuspendedRight
from parvis.landlords.refusals import RightsNotPossible
from parvis.landlords.rules import Wish
from parvis.landlords.selectors.supervised import taken_from
from parvis.landlords.selectors.users import UserLine, UserState, grantable_rights, offices_of_landlord
from parvis.landlords.services.supervision import removing
from parvis.landlords.services.users import deciding
from parvis.landlords.services.users.deciding import Decision


@dataclass(frozen=True, slots=True)
class Change:
    """A change of rights that may be made."""

    decision: Decision
    user: UserLine
    before: Wish
    after: Wish


@transaction.atomic
def change_rights(reference: str, wish: Wish, *, seen: str, by: Actor, at: datetime) -> bool:
    """Make the rights of a user what is wished; False if they are so already. ``seen`` is what the page showed."""
    change = foresee(reference, wish, seen=seen, by=by, at=at)
    if change is None:
        return False
    carry_out(change)
    _tell(change)
    return True


@transaction.atomic
def foresee(reference: str, wish: Wish, *, seen: str | None, by: Actor, at: datetime) -> Change | None:
    """The change a wish would make, refused as :func:`change_rights` would refuse it; None if it would change nothing."""
    decision = deciding.begin(by=by, at=at)
    user = decision.user(reference, seen=seen)
    if user.state is not UserState.ACTIVE:
        raise ActNotPossible("Les droits se changent quand l’accès est ouvert.")
    check(decision, wish)
    before = Wish(user.rights, frozenset(user.offices), user.end_on)
    if wish == before:
        return None
    refuse_what_is_taken(user, wish, at=decision.at)
    if wish.administers != before.administers:
        decision.check_may_appoint()
    if before.administers and not wish.administers:
        decision.check_one_stays(without=user.id)
    return Change(decision, user, before, wish)


def refuse_what_is_taken(user: UserLine, wish: Wish, *, at: datetime) -> None:
    """Refuse to give what the office has suspended or withdrawn: only an agent gives it back."""
    taken = taken_from(user.id, at=at)
    barred = wish.rights & taken.barred_rights
    if barred:
        said = ", ".join(rules.labels(barred))
        raise RightsNotPossible(f"Suspendu par votre caisse\u00a0: {said}. Elle seule le rend.", field="rights")
    if taken.barred_offices and (not wish.offices or wish.offices & taken.barred_offices):
        names = ", ".join(row.office.name for row in taken.withdrawn)
        raise RightsNotPossible(
            f"Cette personne ne peut plus agir pour\u00a0: {names}. Choisissez les autres caisses.", field="offices"
        )


def carry_out(change: Change) -> None:
    """Write a change foreseen in the same transaction, and record it."""
    by, at = change.decision.by, change.decision.at
    give(change.user.id, change.after, by=by, at=at)
    woken = SuspendedRight.objects.filter(account_id=change.user.id, lifted_at=None, right__in=change.after.rights)
    woken.update(lifted_at=at, lifted_by=by.label)
    if change.before.administers and not change.after.administers:
        removing.note(change.decision, change.user, was_closed=False)
    details = {"before": _kept(change.before), "after": _kept(change.after)}
    record(events.RIGHTS_CHANGED, subject=change.user.login_id, by=by, at=at, **details)


def check(decision: Decision, wish: Wish) -> None:
    """Refuse rights that cannot be in this organisation."""
    codes = {code for code, _ in offices_of_landlord(decision.by)}
    today = day_in_paris(decision.at)
    rules.check_wish(wish, possible=grantable_rights(decision.by), offices=codes, today=today)


def give(account_id: int, wish: Wish, *, by: Actor, at: datetime, granted_by: str = "") -> None:
    """Write rights, offices and end of an account; what it had beyond ends now."""
    held = Habilitation.objects.filter(account_id=account_id).exclude(ended_at__lte=at)
    kept = {right.value for right in wish.rights}
    held.exclude(right__in=kept).update(ended_at=at)
    ends_at = _end_of(wish)
    still = set(held.filter(right__in=kept).values_list("right", flat=True))
    held.filter(right__in=kept).exclude(ended_at=ends_at).update(ended_at=ends_at)
    Habilitation.objects.bulk_create(
        Habilitation(
            account_id=account_id, right=right, granted_at=at, granted_by=granted_by or by.label, ended_at=ends_at
        )
        for right in sorted(kept - still)
    )
    Membership.objects.update_or_create(account_id=account_id, defaults={"offices": sorted(wish.offices)})


def _end_of(wish: Wish) -> datetime | None:
    """The midnight after the last day, in Paris."""
    if wish.end_on is None:
        return None
    after = wish.end_on + timedelta(days=1)
    return datetime(after.year, after.month, after.day, tzinfo=PARIS)


def _kept(wish: Wish) -> dict[str, object]:
    """A wish as the journal keeps it."""
    return {
        "rights": sorted(wish.rights),
        "offices": sorted(wish.offices),
        "end_on": wish.end_on.isoformat() if wish.end_on else None,
    }


def in_words(decision: Decision, wish: Wish) -> dict[str, object]:
    """A wish as e-mails tell it: texts to list."""
    names = dict(offices_of_landlord(decision.by))
    return {
        "rights": rules.labels(wish.rights),
        "offices": [names[code] for code in sorted(wish.offices)],
        "end_on": long_day(wish.end_on) if wish.end_on else "",
    }


def _tell(change: Change) -> None:
    decision, user = change.decision, change.user
    account = Account.objects.select_related("credential").get(pk=user.id)
    deciding.write_to(
        account,
        "landlords/emails/rights_changed",
        decision.landlord,
        at=decision.at,
        administrator=deciding.name_of(decision.administrator),
        **in_words(decision, change.after),
    )
    deciding.tell_administrators(decision, user, what=what_changed(change))


def what_changed(change: Change) -> str:
    """A change as the other administrators are told it."""
    if change.after.administers == change.before.administers:
        return "a d’autres droits"
    return "est nommé administrateur" if change.after.administers else "n’est plus administrateur"
