"""« Mail perdu » for individuals: the letter, and the one that says that it has served (ux.md B8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from parvis.audit.journal import record
from parvis.identity.events import CAME_BACK_BY_LETTER
from parvis.identity.models import Account, Nature
from parvis.identity.services import limits, sessions
from parvis.identity.services.access import freezing, mailbox_letters, meant
from parvis.identity.services.birth import Newcomer
from parvis.kit.actors import Actor, Duty
from parvis.kit.refusals import ActNotPossible
from parvis.landlords import events
from parvis.landlords.selectors.addressees import accounts_under, addressee_of
from parvis.landlords.services import credentials
from parvis.landlords.services.by_agent import held_account, said
from parvis.landlords.services.users.posting import post_to


def ask_letter(user_number: str, postcode: str, *, address: str, at: datetime) -> None:
    """A letter to the address on file, for whoever knows the user number and the postcode; told to the old mailbox.

    Nothing answers the one who asks, and the password in use goes on working.
    """
    buckets = [limits.of_recoveries("mailbox letter", user_number), limits.of_recoveries_from(address)]
    if limits.admit(buckets, at=at).paused_until is not None:
        return
    for account in accounts_under(user_number):
        found = addressee_of(account)
        if found is not None and credentials.same_postcode(found[1], postcode):
            _ask(account, found[0], at=at)


@transaction.atomic
def _ask(account: Account, who: Newcomer, *, at: datetime) -> None:
    if not mailbox_letters.may_ask(account, at=at) or not credentials.may_write_today(account, at=at):
        return
    _begin(account, who, at=at)


def _begin(account: Account, who: Newcomer, *, at: datetime) -> None:
    letter = mailbox_letters.begin(account, at=at)
    post_to(account, who, "landlords/letters/mailbox_lost", at=at, secret=("mailbox_letter", letter.pk))


@transaction.atomic
def send_letter(partner_id: UUID, reference: str, *, reason: str, by: Actor, at: datetime) -> None:
    """The same letter, asked by an agent for somebody at the telephone. It goes to the address on file and nowhere else."""
    words = said(reason)
    by = replace(by, partner_id=partner_id)
    account = held_account(partner_id, reference, Duty.SEND_CREDENTIALS, by=by)
    if account.partner.nature != Nature.INDIVIDUAL:
        raise ActNotPossible(
            "Pour un organisme\u00a0: son administrateur ferme l’accès et invite à nouveau, ou remplacez l’administrateur."
        )
    if account.credential.email is None or not meant.may_come_back(account):
        raise ActNotPossible(
            "Cet accès n’a pas d’adresse validée, ou il est fermé ou bloqué. Renvoyez les identifiants."
        )
    found = addressee_of(account)
    if found is None:
        raise ActNotPossible("Aucune adresse postale n’est connue pour ce compte.")
    if not mailbox_letters.may_ask(account, at=at):
        raise ActNotPossible("Une lettre est déjà partie il y a peu\u00a0: attendez-la.")
    if not credentials.may_write_today(account, at=at):
        raise ActNotPossible(
            "Le nombre de lettres du jour est atteint. Elles partiront demain\u00a0: recommencez alors."
        )
    record(events.MAILBOX_LETTER_SENT, subject=account.login_id, by=by, at=at, reason=words)
    _begin(account, found[0], at=at)


@transaction.atomic
def come_back(
    typed: str, password: str, *, address: str, browser: str, at: datetime
) -> tuple[Account, sessions.NewSession] | None:
    """The password of the letter was typed; once right, another letter says so, with a code that stops it all."""
    found = mailbox_letters.come_back(typed, password, address=address, browser=browser, at=at)
    who = addressee_of(found[0]) if found else None
    if found is not None and who is not None:
        link = freezing.link_for(found[0].credential_id, CAME_BACK_BY_LETTER.code, at=at)
        words = {"opened": at.isoformat()}
        post_to(found[0], who[0], "landlords/letters/came_back", at=at, secret=("stop_code", link.pk), **words)
    return found
