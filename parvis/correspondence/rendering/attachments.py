"""Who makes the papers that e-mails carry. Rooms above register themselves; the worker asks when the message leaves.

A message keeps the name of its maker and the number of what the paper is about, never the paper: one that must be found again
is made again by whoever registered; the same where it proves something, else as things stand when the message leaves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import structlog

from parvis.correspondence.models import Message

MOST_BYTES = 5_000_000
"""Beyond, mail servers send messages back. Such a message leaves without its paper, which its button still opens."""
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,70}\.pdf", re.ASCII)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Attached:
    """One PDF that leaves with an e-mail, under the name its reader sees."""

    name: str
    content: bytes


class Make(Protocol):
    """Makes the paper about ``subject_id`` for a mailbox. Runs outside any transaction; what it raises keeps the message from
    leaving."""

    def __call__(self, subject_id: int, /, *, to: str, account_id: int | None, at: datetime) -> Attached | None:
        """The paper as it is ``at``, when the message leaves; None where that mailbox is nobody's to read it any more."""


_makers: dict[str, Make] = {}


def register(name: str, make: Make) -> None:
    """Say who makes the papers called ``name``."""
    _makers[name] = make


def is_registered(name: str) -> bool:
    """Whether somebody makes these papers."""
    return name in _makers


def attached_to(message: Message, *, at: datetime) -> Attached | None:
    """What leaves with this message: nothing where nothing was asked for, or where it would not go through."""
    if not message.attachment:
        return None
    make, about = _makers[message.attachment], message.attachment_subject or 0
    made = make(about, to=message.to_email, account_id=message.account_id, at=at)
    if made is None:
        return None
    if not NAME.fullmatch(made.name):
        raise ValueError(f"{made.name!r} is no name of a PDF.")
    if len(made.content) > MOST_BYTES:
        log.error("attachment_too_long", reference=message.reference, name=made.name, bytes=len(made.content))
        return None
    return made
