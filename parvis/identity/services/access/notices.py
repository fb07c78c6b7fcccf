"""What people are told when how they come in has changed: their mailbox, and for thirty days the one they left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from parvis.audit.journal import Event, record
from parvis.correspondence.services import queue_email
from parvis.identity import events, rules
from parvis.identity.models import Account, Credential, FormerMailbox, Purpose, Session
from parvis.identity.selectors.accounts import words_of
from parvis.identity.services import limits
from parvis.identity.services.access import freezing
from parvis.kit.actors import Actor, system
from parvis.kit.db import all_rows, one_row

TOLD_AFTER_LEAVING = timedelta(days=30)
_OURSELVES = system("notice")


def tell(
    account: Account,
    event: Event,
    template: str,
    context: dict[str, Any],
    *,
    also: Iterable[str] = (),
    of_all: bool = False,
    at: datetime,
) -> None:
    """Tell the mailboxes of an account's credential of ``event``; each mail has its own « Ce n’est pas moi ».

    The link follows the account should it part, unless what is told is ``of_all`` that share the credential.
    ``also`` adds addresses that have just stopped, or just begun, to be the credential's. One mail an address, whatever
    the number of accounts that share it.
    """
    credential = Credential.objects.get(pk=account.credential_id)
    former = FormerMailbox.objects.filter(credential=credential, told_until__gt=at).values_list("email", flat=True)
    addresses = dict.fromkeys(address for address in (credential.email, *also, *former) if address)
    for address in addresses:
        link = freezing.link_for(credential.pk, event.code, at=at, account_id=None if of_all else account.pk)
        queue_email(
            to=address,
            template=template,
            context={**words_of(account), "when": at.isoformat(), **context},
            secret="freeze_link",  # noqa: S106
            secret_subject=link.pk,
            account_id=account.pk,
            partner_id=account.partner_id,
            at=at,
        )


_TRIES = "tries"


def note_tries(session: Session, tries: int) -> None:
    """Keep how many passwords were wrong before this session, where there were enough to be told of."""
    if tries >= rules.TRIES_TOLD:
        session.notes = {**session.notes, _TRIES: tries}
        session.save(update_fields=["notes"])


def tell_of_entry(session: Session, *, known: bool, by: Actor, at: datetime) -> None:
    """Tell of somebody who is all the way in after several wrong passwords, or in a browser that was not ``known``.

    One mail at most. In a remembered browser, without wrong passwords, nothing is read and nothing is told.
    """
    noted = int(session.notes.get(_TRIES, 0))
    if known and not noted:
        return
    mine = [_Mine(*row) for row in all_rows(_MINE, [session.holder_id])]
    tries = noted or limits.counted([limits.of_value(value) for value in _values_of(mine)], at=at)
    # Whoever never came in before has no other browser: everything is new to them.
    if tries < rules.TRIES_TOLD and not any(one.came_before for one in mine):
        return
    key = next((one.id for one in mine if one.id == by.account_id), mine[0].id)
    account = Account.objects.select_related("credential").get(pk=key)
    context: dict[str, Any] = {"browser": session.browser}
    if tries >= rules.TRIES_TOLD:
        record(events.AFTER_TRIES, subject=account.login_id, by=by, at=at, tries=tries)
        context |= {"tries": tries, "known": known}
        tell(account, events.AFTER_TRIES, "identity/emails/after_tries", context, of_all=len(mine) > 1, at=at)
    else:
        _tell_of_browser(account, session.browser, of_all=len(mine) > 1, by=by, at=at)


class _Mine(NamedTuple):
    """An account as the telling needs it: asked at each entry from a new browser, most of which nobody is told of."""

    id: int
    login_id: str
    came_before: bool
    email: str


_MINE = """
SELECT a.id, a.login_id, a.previous_sign_in_at IS NOT NULL, COALESCE(c.email, '')
FROM identity_account a JOIN identity_credential c ON c.id = a.credential_id WHERE a.credential_id = %s ORDER BY a.id
"""


def _values_of(accounts: Sequence[_Mine]) -> list[str]:
    """Everything that may be typed to sign in with these accounts."""
    return [*(account.login_id for account in accounts), accounts[0].email]


def tell_of_first_code(account: Account, browser: str, *, by: Actor, at: datetime) -> None:
    """Tell of a browser validated by a code before the password: it is remembered from then on."""
    mine = Account.objects.filter(credential_id=account.credential_id)
    if mine.filter(last_signed_in_at__isnull=False).exists():
        _tell_of_browser(account, browser, of_all=mine.count() > 1, by=by, at=at)


def _tell_of_browser(account: Account, browser: str, *, of_all: bool, by: Actor, at: datetime) -> None:
    record(events.NEW_BROWSER, subject=account.login_id, by=by, at=at, browser=browser)
    tell(account, events.NEW_BROWSER, "identity/emails/new_browser", {"browser": browser}, of_all=of_all, at=at)


# The journal, for a session that ends takes its codes along; a code that served says who asked for those before it.
_ASKED = """
WITH seen AS (
  SELECT event, at, details ->> 'purpose' AS purpose FROM audit_entry
  WHERE subject = ANY(%(subjects)s) AND at > %(since)s AND at <= %(asked_at)s AND event = ANY(%(events)s)
)
SELECT count(*) FROM seen WHERE event = %(asked)s AND purpose = %(purpose)s AND at > GREATEST(
  %(since)s,
  (SELECT max(at) FROM seen WHERE event <> %(asked)s AND COALESCE(purpose, %(purpose)s) = %(purpose)s),
  (SELECT max(used_at) FROM identity_onetimecode WHERE credential_id = %(credential)s AND purpose = %(purpose)s))
"""
_SERVED = (events.CODE_ACCEPTED, events.BROWSER_PROVED, events.PASSWORD_RECOVERED)


def tell_of_codes(credential_id: int, purpose: Purpose, *, asked_at: datetime, at: datetime) -> None:
    """Tell, once a day, of the third code asked within an hour for one purpose when none has served, whoever asks."""
    mine = list(Account.objects.filter(credential_id=credential_id).order_by("pk"))
    row = one_row(
        _ASKED,
        {
            "subjects": [account.login_id for account in mine],
            "since": asked_at - rules.CODES_TOLD_WITHIN,
            "asked_at": asked_at,
            "events": [events.CODE_ASKED.code, *(event.code for event in _SERVED)],
            "asked": events.CODE_ASKED.code,
            "purpose": purpose.value,
            "credential": credential_id,
        },
    )
    asked = row[0] if row else 0
    if asked < rules.CODES_TOLD:
        return
    if limits.admit([limits.of_once_a_day("codes asked", str(credential_id))], at=at).paused_until is not None:
        return
    record(events.CODES_REPEATED, subject=mine[0].login_id, by=_OURSELVES, at=at, purpose=purpose.value, codes=asked)
    context = {"codes": asked, "purpose": purpose.label, "asked": asked_at.isoformat()}
    tell(mine[0], events.CODES_REPEATED, "identity/emails/codes_repeated", context, of_all=len(mine) > 1, at=at)


def remember_mailbox(credential_id: int, email: str | None, *, at: datetime) -> None:
    """Note a mailbox that a credential has left: it is told of what happens for thirty days more."""
    if email:
        FormerMailbox.objects.create(
            credential_id=credential_id, email=email, left_at=at, told_until=at + TOLD_AFTER_LEAVING
        )


def copy_former_mailboxes(credential_id: int, apart_id: int, *, at: datetime) -> None:
    """Accounts that part take with them the mailboxes that are still to be told."""
    former = FormerMailbox.objects.filter(credential_id=credential_id, told_until__gt=at)
    FormerMailbox.objects.bulk_create(
        FormerMailbox(credential_id=apart_id, email=email, left_at=left_at, told_until=told_until)
        for email, left_at, told_until in former.values_list("email", "left_at", "told_until")
    )
