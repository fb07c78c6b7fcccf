"""E-mails: from words to a message with its plain part and its HTML part."""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from jinja2 import Environment, PackageLoader, StrictUndefined, Template, select_autoescape

from parvis.correspondence.models import Message
from parvis.correspondence.rendering.attachments import Attached
from parvis.correspondence.rendering.blocks import Words
from parvis.correspondence.rendering.plain import plain_text
from parvis.kit.clock import PARIS

REPEAT_HEADER = "X-Parvis-Repeat"
REFERENCE_HEADER = "X-Parvis-Reference"


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("parvis.correspondence"),
        auto_reload=False,
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html"]),
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _frame(part: str) -> Template:
    return _environment().get_template(f"correspondence/emails/frame.{part}")


def text_of(message: Message, words: Words, attached: Attached | None = None) -> str:
    """The plain part: all there is to know, without any markup."""
    return _frame("txt").render(_frame_words(message, words, attached)).strip() + "\n"


def email_of(
    message: Message, words: Words, attached: Attached | None = None, *, at: datetime
) -> EmailMultiAlternatives:
    """The e-mail that leaves, with its PDF where it carries one. Its Message-ID is the reference's: a repeat can be recognised as such."""
    headers = {
        "Message-ID": f"<{message.reference}@{_domain()}>",
        "Date": format_datetime(at.astimezone(PARIS)),
        "Auto-Submitted": "auto-generated",
        REFERENCE_HEADER: message.reference,
    }
    if message.repeated:
        headers[REPEAT_HEADER] = "1"
    text = text_of(message, words, attached)
    email = EmailMultiAlternatives(words.title, text, to=[message.to_email], headers=headers)
    email.attach_alternative(_frame("html").render(_frame_words(message, words, attached)), "text/html")
    if attached is not None:
        email.attach(attached.name, attached.content, "application/pdf")
    return email


def _frame_words(message: Message, words: Words, attached: Attached | None) -> dict[str, Any]:
    """What the frame says beside the text. The identifier never stands beside a secret: one finds the other's use."""
    context = message.context
    return {
        "words": words,
        "text": plain_text(words),
        "site": context.get("site", settings.PUBLIC_URL),
        "to": message.to_email,
        "attached": attached.name if attached else "",
        "account_name": context["account_name"],
        "user_number": context["user_number"],
        "login_id": "" if message.secret else context["login_id"],
    }


def _domain() -> str:
    """The domain of the sender's address."""
    return str(settings.DEFAULT_FROM_EMAIL).rpartition("@")[2].strip("> ")
