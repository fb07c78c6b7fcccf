"""Rights nobody has used for a year sleep: told before and after, woken by an administrator in one click (security.md T60)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

import structlog
from django.db import IntegrityError, transaction

from parvis.audit.journal import record
from parvis.identity.models import Account, AccountState, Nature
from parvis.kit.actors import Actor, Right
from parvis.kit.clock import day_in_paris
from parvis.kit.db import all_rows
from parvis.kit.periods import long_day
from parvis.kit.refusals import ActNotPossible
from parvis.landlords import events, rules
from parvis.landlords.models import Habilitation, Landlord, UnusedWarning
from parvis.landlords.rules import Wish
from parvis.landlords.selectors.supervised import taken_from
from parvis.landlords.selectors.users import administrators
from parvis.landlords.services.role import appointing
from parvis.landlords.services.supervision import suspending
from parvis.landlords.services.users import deciding
from parvis.landlords.services.users import rights as of_users
from parvis.landlords.services.users.deciding import name_of, write_to
from parvis.parameters.catalogue import RIGHTS_UNUSED, RIGHTS_UNUSED_TOLD
from parvis.parameters.selectors import duration

log = structlog.get_logger(__name__)
MOST_A_RUN = 2_000
"""Of one run of the clockwork; the next one goes on."""
NAMED = 20


class Unused(NamedTuple):
    """A user of an organisation who has not come since ``since``."""

    account_id: int
    partner_id: UUID
    since: datetime


# Who administers sleeps only where somebody else administers and comes: an organisation that nobody administers is told so
# otherwise (services/role/silence.py). Individuals have one account, and declare once a year: they are nobody's colleague.
_UNUSED = """
SELECT a.id, a.partner_id, used.at
FROM identity_account a JOIN identity_credential c ON c.id = a.credential_id AND c.frozen_at IS NULL
JOIN identity_partner p ON p.id = a.partner_id AND p.nature = %(corporate)s
JOIN LATERAL (
  SELECT GREATEST(a.last_signed_in_at, a.opened_at, max(h.granted_at)) AS at, bool_or(h.right = %(administer)s) AS administers
  FROM landlords_habilitation h WHERE h.account_id = a.id AND (h.ended_at IS NULL OR h.ended_at > %(at)s) HAVING count(*) > 0
) used ON used.at <= %(before)s
LEFT JOIN landlords_unusedwarning w ON w.account_id = a.id AND w.warned_at > used.at
WHERE a.state = %(active)s AND {condition} AND (NOT used.administers OR EXISTS (
  SELECT 1 FROM identity_account o JOIN identity_credential k ON k.id = o.credential_id AND k.frozen_at IS NULL
  JOIN landlords_habilitation r ON r.account_id = o.id AND r.right = %(administer)s AND r.ended_at IS NULL
  WHERE o.partner_id = a.partner_id AND o.id <> a.id AND o.state = %(active)s
    AND GREATEST(o.last_signed_in_at, o.opened_at, r.granted_at) > %(before)s))
ORDER BY a.partner_id, a.id LIMIT %(most)s
"""


def _found(condition: str, *, before: datetime, told_before: datetime, at: datetime) -> list[Unused]:
    values = {"at": at, "before": before, "told_before": told_before, "most": MOST_A_RUN}
    words = {"active": AccountState.ACTIVE, "corporate": Nature.CORPORATE, "administer": Right.ADMINISTER}
    rows = all_rows(_UNUSED.replace("{condition}", condition), {**values, **{k: v.value for k, v in words.items()}})
    return [Unused(*row) for row in rows]


def tell_soon(*, by: Actor, at: datetime) -> int:
    """Tell those whose rights will sleep, once for each absence; returns how many."""
    notice = duration(RIGHTS_UNUSED_TOLD)
    found = _found("w.account_id IS NULL", before=at - (duration(RIGHTS_UNUSED) - notice), told_before=at, at=at)
    for landlord, people in _by_landlord(found):
        with transaction.atomic():
            for account, since in people:
                UnusedWarning.objects.update_or_create(account=account, defaults={"warned_at": at})
                until = long_day(day_in_paris(max(since + duration(RIGHTS_UNUSED), at + notice)))
                words = {"since": since.isoformat(), "until": until}
                write_to(account, "landlords/emails/rights_unused_soon", landlord, at=at, **words)
                record(events.UNUSED_TOLD, subject=account.login_id, by=by, at=at, since=since.isoformat())
    return len(found)


def suspend(*, by: Actor, at: datetime) -> int:
    """Suspend what is unused and was announced in time; returns of how many users. They and their administrators are told."""
    told_before = at - duration(RIGHTS_UNUSED_TOLD)
    condition = "w.warned_at <= %(told_before)s"
    found = _found(condition, before=at - duration(RIGHTS_UNUSED), told_before=told_before, at=at)
    return sum(_suspend_or_tell(landlord.pk, dict(people), by=by, at=at) for landlord, people in _by_landlord(found))


def _suspend_or_tell(partner_id: UUID, people: dict[Account, datetime], *, by: Actor, at: datetime) -> int:
    """What stands in the way of one organisation keeps no other from its turn; the log says which one."""
    try:
        return _suspend(partner_id, people, by=by, at=at)
    except IntegrityError:
        log.exception("landlords.unused_not_suspended", partner_id=str(partner_id))
        return 0


def _by_landlord(found: list[Unused]) -> Iterator[tuple[Landlord, list[tuple[Account, datetime]]]]:
    for partner_id, group in groupby(found, key=lambda one: one.partner_id):
        since = {one.account_id: one.since for one in group}
        rows = Account.objects.select_related("credential").filter(pk__in=since).order_by("pk")
        yield Landlord.objects.get(pk=partner_id), [(account, since[account.pk]) for account in rows]


@transaction.atomic
def _suspend(partner_id: UUID, people: dict[Account, datetime], *, by: Actor, at: datetime) -> int:
    landlord = appointing.locked(partner_id)
    asleep = []
    for account, since in people.items():
        # Who came meanwhile is awake: the row says so under its lock.
        now = Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
        if now.state != AccountState.ACTIVE or (now.last_signed_in_at is not None and now.last_signed_in_at > since):
            continue
        held = list(Habilitation.objects.filter(account=account).exclude(ended_at__lte=at).order_by("pk"))
        for row in held:
            suspending.take(account, row, by_office=False, reason="", by=by, at=at)
        labels = rules.labels({Right(row.right) for row in held})
        record(events.UNUSED_SUSPENDED, subject=account.login_id, by=by, at=at, since=since.isoformat(), rights=labels)
        words = {"since": since.isoformat(), "rights": labels}
        write_to(account, "landlords/emails/rights_unused", landlord, at=at, **words)
        asleep.append(name_of(account))
    if asleep:
        _tell_the_others(landlord, asleep, at=at)
    return len(asleep)


def _tell_the_others(landlord: Landlord, names: list[str], *, at: datetime) -> None:
    for one in administrators(landlord.pk, at=at):
        words = {"names": names[:NAMED], "more": max(0, len(names) - NAMED), "reference": one.reference}
        write_to(one, "landlords/emails/rights_unused_others", landlord, at=at, **words)


@transaction.atomic
def give_back(reference: str, *, by: Actor, at: datetime) -> bool:
    """Wake the rights of a user, in one click of an administrator; False if none sleeps. They are told."""
    decision = deciding.begin(by=by, at=at)
    at = decision.at
    user = decision.user(reference)
    account = Account.objects.select_related("credential").get(pk=user.id)
    asleep = taken_from(user.id, at=at).unused_rights
    if not asleep:
        return False
    if account.state != AccountState.ACTIVE:
        raise ActNotPossible("L’accès de cette personne est fermé. Rouvrez-le d’abord.")
    if Right.ADMINISTER in asleep:
        decision.check_may_appoint()
    suspending.lift(account, asleep, by=by, at=at)
    record(events.UNUSED_GIVEN_BACK, subject=account.login_id, by=by, at=at, rights=rules.labels(asleep))
    anew = decision.user(reference)
    words = of_users.in_words(decision, Wish(anew.rights, frozenset(anew.offices), anew.end_on))
    words["administrator"] = name_of(decision.administrator)
    write_to(account, "landlords/emails/rights_changed", decision.landlord, at=at, **words)
    deciding.tell_administrators(decision, anew, what="retrouve ses droits inutilisés")
    return True
