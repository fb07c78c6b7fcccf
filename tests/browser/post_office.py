"""What people receive: the worker runs on demand, e-mails and letters are read as a person reads them."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pypdf
from django.conf import settings
from django.core import mail

from parvis.correspondence import worker


def deliver(*, at: datetime) -> None:
    """Let everything that is due leave."""
    worker.run_until_empty(at=at)


def email_to(address: str, about: str) -> str:
    """The newest e-mail to ``address`` whose subject holds ``about``: subject and plain text."""
    found = [message for message in mail.outbox if message.to == [address] and about in message.subject]
    assert found, f"nothing about « {about} » for {address}: {[(m.to, m.subject) for m in mail.outbox]}"
    return f"{found[-1].subject}\n{found[-1].body}"


def letters_to(name: str) -> list[str]:
    """The letters whose window begins with ``name``, oldest first."""
    read = (_text(path) for path in sorted(Path(settings.LETTERS).glob("*.pdf")))
    return [text for text in read if name in text]


def letter_to(name: str, about: str) -> str:
    """The newest letter to ``name`` whose text holds ``about``."""
    found = [text for text in letters_to(name) if about in text]
    assert found, f"no letter about « {about} » for {name}"
    return found[-1]


def _text(path: Path) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages)


def value(text: str, label: str) -> str:
    """What stands beside or under ``label``: an identifier, a password."""
    found = re.search(rf"{label}\s*:?\s*\n?\s*(\S+)", text)
    assert found is not None, f"no {label} in {text!r}"
    return found[1]


def code(text: str) -> str:
    """The six digits of a code."""
    found = re.search(r"\b(\d{3})\s?(\d{3})\b", text)
    assert found is not None, text
    return found[1] + found[2]
