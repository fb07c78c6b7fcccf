"""What everybody is told of a bank change: asked, agreed to, stopped. Of an account, four signs; of several asked together, one mail
a person and landlord, and a letter for each office."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from parvis.changes.models import ChangeRequest, StopLink
from parvis.changes.selectors.people import told_of_bank_change
from parvis.changes.services.telling import STOP_CODE, write, write_letter
from parvis.identity.models import Account
from parvis.kit.actors import Actor


def tell_asked(changes: Sequence[ChangeRequest], *, at: datetime) -> None:
    """« IBAN modifié : à vérifier » to all administrators, to mailboxes left lately, and by letter; each can stop it.

    While a second agreement is awaited (no hold yet), the day that is told is the last one for it: the hold is told with it.
    """
    for same in _alike(changes):
        first = same[0]
        until = first.held_until or first.agreement_until or at
        waits = first.held_until is None and first.agreement_until is not None
        _tell_everybody("bank_asked", same, {"until": until.isoformat(), "waits": waits}, at=at)


def tell_agreed(changes: Sequence[ChangeRequest], *, by: Actor, at: datetime) -> None:
    """Tell everybody who heard of the change that a colleague agreed, and until when it can be stopped: the hold begins now."""
    for same in _alike(changes):
        until = (same[0].held_until or at).isoformat()
        words = {"until": until, "who": by.person or by.label, "agreed": at.isoformat()}
        _tell_everybody("bank_agreed", same, words, at=at)


def tell_stopped(
    changes: Sequence[ChangeRequest],
    *,
    why: str,
    reason: str = "",
    but_asker: bool = False,
    by_post: bool = False,
    at: datetime,
) -> None:
    """Whoever heard of the change hears that it was stopped; ``by_post`` where the landlord's people did not do it themselves.

    ``reason`` is the office's, in a sentence; ``but_asker`` leaves out whoever is told otherwise.
    """
    for same in _of_each_landlord(changes):
        first, several = same[0], _named(same)
        words: dict[str, Any] = {"last4": first.iban_last4, "why": why, "when": at.isoformat(), "reason": reason}
        known = first.account.credential.email if but_asker else None
        for account, to in told_of_bank_change(first.landlord_id, first.account, at=at):
            if to != known:
                write(account, to, "bank_stopped", first, at=at, several=several, **words)
        for change in same if by_post else ():
            write_letter(change, "bank_stopped", at=at, person=change.person, number=change.number, **words)


def ask_agreement(changes: Sequence[ChangeRequest], other: Account, *, at: datetime) -> None:
    """Ask another holder of the right for the second agreement: of all that one may agree to, one mail."""
    if not other.credential.email:
        return
    for same in _alike(changes):
        first = same[0]
        until = (first.agreement_until or at).isoformat()
        words = {"last4": first.iban_last4, "until": until, "account_reference": other.reference}
        write(other, other.credential.email, "agreement_asked", first, at=at, several=_named(same), **words)


def _tell_everybody(name: str, changes: Sequence[ChangeRequest], words: dict[str, Any], *, at: datetime) -> None:
    """A mail to each and a letter from each office, each with its own way to stop what it tells of."""
    first, several = changes[0], _named(changes)
    words = {"last4": first.iban_last4, **words}
    for account, to in told_of_bank_change(first.landlord_id, first.account, at=at):
        link = StopLink.objects.create(change=first, made_at=at)
        write(account, to, name, first, at=at, stop_link=link, phone=first.office.phone, several=several, **words)
    for change in changes:
        link = StopLink.objects.create(change=change, made_at=at)
        said = {"person": change.person, "asked": change.asked_at.isoformat(), "several": len(changes) > 1, **words}
        write_letter(change, name, at=at, secret=STOP_CODE, secret_subject=link.pk, **said)


def _named(changes: Sequence[ChangeRequest]) -> list[list[str]]:
    """Each office with the number of its request, where there are several."""
    return [[change.office.name, change.number] for change in changes] if len(changes) > 1 else []


def _of_each_landlord(changes: Sequence[ChangeRequest]) -> Iterator[list[ChangeRequest]]:
    ordered = sorted(changes, key=lambda change: (str(change.landlord_id), change.pk))
    for _, same in groupby(ordered, key=lambda change: change.landlord_id):
        yield list(same)


def _alike(changes: Sequence[ChangeRequest]) -> Iterator[list[ChangeRequest]]:
    """Of each landlord, those of which the same is to be told: one may wait for an agreement that another does not need."""
    for same in _of_each_landlord(changes):
        kinds = {(change.held_until, change.agreement_until) for change in same}
        for held, agreement in sorted(kinds, key=str):
            yield [change for change in same if (change.held_until, change.agreement_until) == (held, agreement)]
