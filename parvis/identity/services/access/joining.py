"""Who may share a credential, and the moving of accounts from one to another (product.md §2.4).

True at every moment: one mailbox, one credential; no credential holds two accounts of one partner; an individual's
credential holds accounts of one NIR only. The database refuses the rest (identity migrations 0002 and 0005).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import F

from parvis.identity import refusals
from parvis.identity.models import Account, Credential, FormerMailbox, FreezeLink, Nature, PendingChange, Session
from parvis.identity.services import sessions
from parvis.kit.refusals import ChangedMeanwhile


def locked(credential_ids: Collection[int]) -> dict[int, Credential]:
    """Lock credentials in the order of their numbers, always the same, so that two who link never wait for each other.

    Refuses when one of them is gone meanwhile.
    """
    rows = Credential.objects.select_for_update().filter(pk__in=set(credential_ids)).order_by("pk")
    found = {credential.pk: credential for credential in rows}
    if len(found) != len(set(credential_ids)):
        raise ChangedMeanwhile
    return found


def why_not(accounts: Sequence[Account], target: Credential) -> str:
    """Why these accounts may not join a credential, in the words said once the mailbox is proved; empty if they may."""
    there = list(Account.objects.select_related("partner").filter(credential=target))
    everybody = [*accounts, *there]
    if any(account.partner.nature == Nature.INDIVIDUAL for account in everybody):
        persons = {bytes(account.partner.person_index or b"") for account in everybody}
        one_person = len(persons) == 1 and b"" not in persons
        return "" if one_person else refusals.TAKEN_BY_INDIVIDUAL
    if {account.partner_id for account in accounts} & {account.partner_id for account in there}:
        return refusals.TAKEN_BY_COLLEAGUE
    return ""


def move(accounts: Sequence[Account], source: Credential, target: Credential, *, but: int) -> None:
    """Put accounts of ``source`` under ``target``; a source left empty disappears with its sessions and codes.

    Both must be locked. Every proof of the source becomes void; the session ``but`` stays, to be carried over.
    """
    moved = Account.objects.filter(pk__in=[account.pk for account in accounts], credential=source)
    if moved.update(credential=target) != len(accounts):
        raise ChangedMeanwhile
    if Account.objects.filter(credential=source).exists():
        sessions.end_all_of(source, but=but)
        return
    Session.objects.filter(credential=source).exclude(pk=but).delete()
    Session.objects.filter(pk=but).update(credential=None)
    # What was promised to former mailboxes goes on: their links freeze the accounts where they are now.
    FreezeLink.objects.filter(credential=source).update(credential=target)
    FormerMailbox.objects.filter(credential=source).update(credential=target)
    Credential.objects.filter(pk=source.pk).delete()


def carry(session: Session, target: Credential, *, at: datetime, code_satisfied: bool = True) -> str:
    """Let the visit that just proved a mailbox go on under another credential; returns its new token."""
    target.refresh_from_db(fields=["version"])
    session.credential = target
    session.credential_version = target.version
    session.code_satisfied_at = at if code_satisfied else session.code_satisfied_at
    session.notes = {key: value for key, value in session.notes.items() if key not in ("link", "typed_email")}
    session.save(update_fields=["credential", "credential_version", "code_satisfied_at", "notes"])
    PendingChange.objects.filter(session=session, done_at=None).delete()
    return sessions.renew(session, at=at)


def void_proofs(credential: Credential) -> None:
    """Older sessions, codes and browsers of a credential open nothing any more."""
    Credential.objects.filter(pk=credential.pk).update(version=F("version") + 1)
