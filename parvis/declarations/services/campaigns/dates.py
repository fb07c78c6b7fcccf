"""The dates of a campaign, as agents change them: for all offices, or for one that has its own."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from parvis.audit.journal import record
from parvis.declarations import events
from parvis.declarations.models import RentCampaign
from parvis.declarations.refusals import DatesNotPossible
from parvis.declarations.rules import Dates, check_dates
from parvis.kit.actors import Actor, ActorKind, Duty, check_holds
from parvis.kit.clock import day_in_paris
from parvis.kit.db import change_exactly_one
from parvis.kit.refusals import ChangedMeanwhile, NotFound
from parvis.landlords.models import Office

SHORTEST_REASON, LONGEST_REASON = 10, 300


def check_may_run(by: Actor, office: str) -> None:
    """Refuse an agent who does not run the campaign there; an empty office is all of them at once."""
    check_holds(by, Duty.RUN_CAMPAIGN)
    if by.kind is ActorKind.AGENT and not by.holds(Duty.RUN_CAMPAIGN, [office] if office else []):
        raise NotFound


def dates_of(year: int, office: str) -> Dates | None:
    """The dates an office has of its own, or with an empty office those of all others."""
    found = RentCampaign.objects.filter(year=year, office_id=office or None)
    row = found.values_list("opens_on", "deadline_on", "suspension_on").first()
    return Dates(*row) if row else None


def check_change(
    year: int, office: str, dates: Dates, *, by: Actor, at: datetime, reason: str | None = None
) -> Dates | None:
    """Whether these dates may be set; gives those they replace, or those of all offices where it had none of its own.

    Without ``reason`` none is asked yet.
    """
    check_may_run(by, office)
    if office and not Office.objects.filter(pk=office).exists():
        raise NotFound
    now = dates_of(year, office) or dates_of(year, "")
    check_dates(year, dates, now, today=day_in_paris(at))
    if now == dates:
        raise DatesNotPossible("Ces dates sont déjà en place\u00a0: rien ne change.")
    if reason is not None and not SHORTEST_REASON <= len(reason.strip()) <= LONGEST_REASON:
        sentence = f"Dites en quelques mots pourquoi ({SHORTEST_REASON} à {LONGEST_REASON} caractères)."
        raise DatesNotPossible(sentence, field="reason")
    return now


@transaction.atomic
def set_dates(
    year: int, office: str, dates: Dates, *, seen: Dates | None, reason: str, by: Actor, at: datetime
) -> None:
    """Change the dates of a campaign, or give an office its own; ``seen`` are those the agent was shown there, if any."""
    now = check_change(year, office, dates, by=by, at=at, reason=reason)
    own = RentCampaign.objects.filter(year=year, office_id=office or None)
    if seen is None:
        first = {**dates._asdict(), "own_since": at if office else None}
        _, is_new = RentCampaign.objects.get_or_create(year=year, office_id=office or None, defaults=first)
        if not is_new:
            raise ChangedMeanwhile
    else:
        as_seen = own.filter(opens_on=seen.opens_on, deadline_on=seen.deadline_on, suspension_on=seen.suspension_on)
        change_exactly_one(as_seen, **dates._asdict())
    told = {
        "before": [day.isoformat() for day in now] if now else None,
        "after": [day.isoformat() for day in dates],
        "reason": reason.strip(),
    }
    subject = f"campaign:{year}" + (f":{office}" if office else "")
    record(events.DATES_CHANGED, subject=subject, by=by, at=at, **told)
