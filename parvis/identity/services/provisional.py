"""Provisional passwords: drawn when their message is made, known to nobody before, dead when a newer one is drawn."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction

from parvis.audit.journal import record
from parvis.correspondence.secrets import SecretNoLongerNeeded
from parvis.identity import events, passwords, rules
from parvis.identity.models import Account, Credential, Nature
from parvis.kit.actors import system
from parvis.kit.clock import day_in_paris
from parvis.kit.periods import long_day
from parvis.parameters.catalogue import VALID_BY_EMAIL, VALID_BY_LETTER
from parvis.parameters.selectors import duration

_DRAWER = system("correspondence")


def draw(credential_id: int, *, at: datetime) -> dict[str, str]:
    """Draw the password of a message about to leave: 14 days to use it by e-mail, 60 by post (product.md §2.1)."""
    account = Account.objects.select_related("partner").filter(credential_id=credential_id).order_by("pk").first()
    if account is None:
        raise SecretNoLongerNeeded
    secret = "".join(secrets.choice(rules.PROVISIONAL_SIGNS) for _ in range(rules.PROVISIONAL_LENGTH))
    corporate = account.partner.nature == Nature.CORPORATE
    by_email = rules.reached_by_email(corporate=corporate, email=account.claimed_email)
    until = at + duration(VALID_BY_EMAIL if by_email else VALID_BY_LETTER)
    kept = passwords.hashed(secret)
    with transaction.atomic():
        # Somebody who chose a password of their own meanwhile keeps it.
        waiting = Credential.objects.filter(pk=credential_id, password_changed_at=None)
        if not waiting.update(password=kept, provisional_until=until):
            raise SecretNoLongerNeeded
        record(events.PROVISIONAL_DRAWN, subject=account.login_id, by=_DRAWER, at=at)
    return {"password": rules.shown_provisional(secret), "valid_until": long_day(day_in_paris(until))}
