"""The demonstration's mailbox: what the mail server received and what the printing house would print.

Files are read once and remembered by their time of writing; only names found in the two folders are ever opened.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Literal, TypeAlias

from django.conf import settings

from parvis.correspondence.rendering.emails import REFERENCE_HEADER, REPEAT_HEADER
from parvis.correspondence.selectors import Label, labels
from parvis.kit.text import fold

Kind: TypeAlias = Literal["mail", "courrier"]
KINDS: tuple[Kind, ...] = ("mail", "courrier")


@dataclass(frozen=True, slots=True)
class Item:
    """One e-mail or letter. ``kept`` is what the portal kept of its words: secrets masked; ``attached`` names its PDF."""

    name: str
    kind: Kind
    path: Path
    to: str
    account_name: str
    login_id: str
    subject: str
    at: datetime
    text: str
    kept: str
    repeated: bool
    attached: str = ""

    @property
    def searched(self) -> str:
        """All that a search looks at."""
        told = (self.to, self.account_name, self.login_id, self.name, self.subject, self.attached, self.text)
        return fold(" ".join(told))


@dataclass(frozen=True, slots=True)
class _Known:
    written: int
    item: Item
    searched: str


_known: dict[str, _Known] = {}
_EMPTIED = ".emptied"
"""A file whose time of writing says up to when nothing is shown."""


def items(search: str = "", kind: str = "") -> list[Item]:
    """Everything, newest first; ``search`` finds recipients, identifiers, names and words."""
    wanted = fold(search)
    words, glued = wanted.split(), wanted.replace(" ", "")
    found = [
        known.item
        for known in _refreshed().values()
        if (not kind or known.item.kind == kind)
        and (all(word in known.searched for word in words) or glued in known.searched)
    ]
    return sorted(found, key=lambda item: (item.at, item.name), reverse=True)


def item_of(name: str) -> Item | None:
    """The item of that name, if it is in one of the folders."""
    known = _refreshed().get(name)
    return known.item if known else None


def empty() -> None:
    """Show nothing of what is there now. The files stay: letters wait in them for their batch, and all may be shown again."""
    settings.MAILBOX.mkdir(parents=True, exist_ok=True)
    (settings.MAILBOX / _EMPTIED).touch()


def show_again() -> None:
    """Show all there is, what the mailbox was emptied of too."""
    (settings.MAILBOX / _EMPTIED).unlink(missing_ok=True)


def was_emptied() -> bool:
    """Whether something may be hidden."""
    return bool(_emptied_at())


def _emptied_at() -> int:
    try:
        return (settings.MAILBOX / _EMPTIED).stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def attachment_of(item: Item) -> bytes | None:
    """The PDF an e-mail carried, read again from the e-mail."""
    part = _attachment(_parsed(item.path)) if item.kind == "mail" else None
    content = part.get_payload(decode=True) if part else None
    return content if isinstance(content, bytes) else None


def _attachment(email: EmailMessage) -> EmailMessage | None:
    """Our mails carry one PDF at most; anything else an e-mail may hold is none of ours."""
    parts = (part for part in email.iter_attachments() if part.get_content_type() == "application/pdf")
    return next((part for part in parts if isinstance(part, EmailMessage)), None) if email.is_multipart() else None


def _refreshed() -> dict[str, _Known]:
    """What is in the folders now; reads only what is new."""
    global _known
    since = _emptied_at()
    everything = {**_listed(settings.MAILBOX, ".eml"), **_listed(settings.LETTERS, ".pdf")}
    there = {name: found for name, found in everything.items() if found[1] > since}
    known = {name: old for name, old in _known.items() if name in there and there[name][1] == old.written}
    new = {name: there[name] for name in there.keys() - known.keys()}
    for item in _read(new):
        known[item.name] = _Known(there[item.name][1], item, item.searched)
    _known = known
    return known


def _listed(folder: Path, ending: str) -> dict[str, tuple[Path, int]]:
    """Names with their time of writing; hidden names are files being written."""
    try:
        with os.scandir(folder) as entries:
            return {
                entry.name: (Path(entry.path), entry.stat().st_mtime_ns)
                for entry in entries
                if entry.name.endswith(ending) and not entry.name.startswith(".") and entry.is_file()
            }
    except FileNotFoundError:
        return {}


def _read(new: dict[str, tuple[Path, int]]) -> Iterator[Item]:
    emails = {name: _parsed(path) for name, (path, _) in new.items() if name.endswith(".eml")}
    numbers = {Path(name).stem: name for name in new if name.endswith(".pdf")}
    references = [str(email[REFERENCE_HEADER] or "") for email in emails.values()]
    found = labels(references=references, numbers=numbers) if new else []
    by_reference = {label.reference: label for label in found}
    for name, email in emails.items():
        yield _email(name, new[name][0], email, by_reference.get(str(email[REFERENCE_HEADER] or "")))
    for label in found:
        if label.number in numbers and label.sent_at is not None:
            yield _letter(numbers[label.number], new[numbers[label.number]][0], label, label.sent_at)


def _parsed(path: Path) -> EmailMessage:
    return message_from_bytes(path.read_bytes(), policy=policy.default)


def _email(name: str, path: Path, email: EmailMessage, label: Label | None) -> Item:
    part, attachment = email.get_body(("plain",)), _attachment(email)
    return Item(
        name=name,
        kind="mail",
        path=path,
        to=str(email["To"] or ""),
        account_name=label.account_name if label else "",
        login_id=label.login_id if label else "",
        subject=str(email["Subject"] or ""),
        at=parsedate_to_datetime(str(email["Date"])),
        text=part.get_content().replace("\r\n", "\n").strip() if part else "",
        kept=label.body if label else "",
        repeated=REPEAT_HEADER in email,
        attached=(attachment.get_filename() or "") if attachment else "",
    )


def _letter(name: str, path: Path, label: Label, sent_at: datetime) -> Item:
    return Item(
        name=name,
        kind="courrier",
        path=path,
        to=", ".join(label.address),
        account_name=label.account_name,
        login_id=label.login_id,
        subject=label.subject,
        at=sent_at,
        text=label.body,
        kept=label.body,
        repeated=False,
    )
