"""A proved mailbox that its server says nobody has: it gives no password back until its owner types a code read in it."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction

from parvis.audit.journal import record
from parvis.correspondence.models import Message
from parvis.correspondence.returns import bounces
from parvis.correspondence.returns.bounces import Bounce
from parvis.identity import events
from parvis.identity.models import Account, Credential
from parvis.kit.actors import Actor, ActorKind

_NOBODY = re.compile(r"5\.(1\.(1|2|3|6|10)|2\.1)")
"""What servers answer where there is no such mailbox, or a domain that takes no mail (RFC 3463, RFC 7505): not one that is full. Nor
5.4.4, « no route »: a relay of ours that cannot ask the DNS says it of everybody."""


@transaction.atomic
def note(bounce: Bounce, *, at: datetime) -> bool:
    """Note a mail that came back, and the mailbox if nobody has it; says whether the report was news."""
    if not bounces.note(bounce, at=at):
        return False
    if _NOBODY.fullmatch(bounce.status):
        _refuse(Message.objects.values_list("to_email", flat=True).get(reference=bounce.reference), at=at)
    return True


def hear(email: str, status: str, *, at: datetime) -> None:
    """What a server answered while the mail was handed to it counts as what a report says hours later."""
    if _NOBODY.fullmatch(status):
        _refuse(email, at=at)


def _refuse(email: str, *, at: datetime) -> None:
    if not Credential.objects.filter(email=email.lower(), email_refused_at=None).update(email_refused_at=at):
        return
    for account in Account.objects.filter(credential__email=email.lower()).order_by("pk"):
        by = Actor(ActorKind.SYSTEM, "bounces", account_id=account.pk, partner_id=account.partner_id)
        record(events.MAILBOX_REFUSED, subject=account.login_id, by=by, at=at)
