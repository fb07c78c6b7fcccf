"""E-mails that come back hours after they were taken: the reports of mail servers (RFC 3464), read and noted.

A report is written by whoever wants to: only its three facts are believed, and only about a message that was sent.
"""

from __future__ import annotations

import re
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import NamedTuple, Protocol

from django.db import transaction

from parvis.audit.journal import record
from parvis.correspondence import events
from parvis.correspondence.models import Channel, Message, MessageState
from parvis.correspondence.rendering.emails import REFERENCE_HEADER
from parvis.kit.actors import Actor, ActorKind

LONGEST = 1_000_000
_REFERENCE = re.compile(r"M-[0-9A-Za-z]{6,14}")
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")


class Hears(Protocol):
    """Is told what a server said of an address while a mail was handed to it: its enhanced code, as in reports."""

    def __call__(self, email: str, status: str, /, *, at: datetime) -> None:
        """Note it."""


_hear: list[Hears] = []


def register(hears: Hears) -> None:
    """Say who knows whose mailbox it is: a room above."""
    if hears not in _hear:
        _hear.append(hears)


def refused_at_once(email: str, status: str, *, at: datetime) -> None:
    """A server refused the address itself, without any report to come."""
    for hears in _hear:
        hears(email, status, at=at)


class Bounce(NamedTuple):
    """What a report says: which message, the code of the server, whether it is final."""

    reference: str
    status: str
    is_final: bool


def read(content: bytes) -> Bounce | None:
    """What a report says; None for anything that is none, or not about a message of ours."""
    report = message_from_bytes(content[:LONGEST], policy=policy.default)
    parts = list(report.walk())
    statuses = [
        block for part in parts if part.get_content_type() == "message/delivery-status" for block in _blocks(part)
    ]
    about = next((block for block in statuses if block.get("Status")), None)
    reference = next((found for part in parts[1:] if (found := _reference(part))), "")
    status = _STATUS.search(str(about["Status"])) if about is not None else None
    if about is None or status is None or not reference:
        return None
    is_final = str(about.get("Action", "")).strip().lower() == "failed" and status[0].startswith("5")
    return Bounce(reference, status[0], is_final)


@transaction.atomic
def note(bounce: Bounce, *, at: datetime) -> bool:
    """Say in the file that the mail came back. A delay, or a report told twice, changes nothing."""
    if not bounce.is_final:
        return False
    sent = Message.objects.filter(reference=bounce.reference, channel=Channel.EMAIL, state=MessageState.SENT)
    message = sent.select_for_update().first()
    if message is None:
        return False
    failure = f"La boîte du destinataire a refusé ce mail (code {bounce.status})."
    sent.update(state=MessageState.BOUNCED, bounced_at=at, failure=failure)
    by = Actor(ActorKind.SYSTEM, "bounces", account_id=message.account_id, partner_id=message.partner_id)
    record(events.BOUNCED, subject=message.reference, by=by, at=at, template=message.template, code=bounce.status)
    return True


def _blocks(part: EmailMessage) -> list[EmailMessage]:
    payload = part.get_payload()
    return [block for block in payload if isinstance(block, EmailMessage)] if isinstance(payload, list) else []


def _reference(part: EmailMessage) -> str:
    """Our reference in the headers of the message that came back, whole or as headers alone."""
    if part.get_content_type() == "text/rfc822-headers":
        headers = message_from_bytes(part.get_payload(decode=True) or b"", policy=policy.default)  # type: ignore[arg-type]
        part = headers if isinstance(headers, EmailMessage) else part
    said = f"{part.get(REFERENCE_HEADER, '')} {part.get('Message-ID', '')}"
    found = _REFERENCE.search(said)
    return found[0] if found else ""
