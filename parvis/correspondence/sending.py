"""Handing over: e-mails to the mail server, letters to the folder of the printing house. Never inside a transaction."""

from __future__ import annotations

import os
import re
import smtplib
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.validators import validate_email


class NotSent(Exception):
    """The message did not leave; ``reason`` is the sentence agents read."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Refused(NotSent):
    """Trying again would change nothing. ``status`` is what the server said of the mailbox, as reports write it: 5.1.1."""

    def __init__(self, reason: str, *, status: str = "") -> None:
        super().__init__(reason)
        self.status = status


class NotNow(NotSent):
    """Worth trying again. ``may_have_left``: the answer was lost, the message perhaps not. ``closed``: no e-mail leaves."""

    def __init__(self, reason: str, *, may_have_left: bool = False, closed: bool = False) -> None:
        super().__init__(reason)
        self.may_have_left = may_have_left
        self.closed = closed


KEPT_SECONDS = 20.0
"""How long a connection is kept for the next e-mail: codes come one by one, and calling costs more than what is sent."""
SURE_SECONDS = 1.0
"""So long after an e-mail the server is believed to be there still; later it is asked first."""


class Counter:
    """The way to the mail server: one connection for as long as messages follow one another, or nearly."""

    def __init__(self) -> None:
        self._connection: Any = None
        self._served_at = 0.0

    def send(self, email: EmailMultiAlternatives) -> None:
        """Hand one e-mail over, or say why not."""
        try:
            validate_email(email.to[0])
        except ValidationError as error:
            raise Refused("L’adresse mail n’est pas valable.") from error
        self._open()
        try:
            self._connection.send_messages([email])
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise _not_sent(error) from error
        self._served_at = time.monotonic()

    def rest(self) -> None:
        """Hang up if nothing has left for a while."""
        if self._connection is not None and time.monotonic() - self._served_at > KEPT_SECONDS:
            self.close()

    def close(self) -> None:
        """Hang up; the next e-mail calls again."""
        if self._connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._connection.close()
            self._connection = None

    def _open(self) -> None:
        if self._connection is not None and not self._is_there():
            self.close()
        if self._connection is not None:
            return
        connection = get_connection()
        try:
            connection.open()
        except (smtplib.SMTPException, OSError) as error:
            raise NotNow("Le serveur de mail ne répond pas.", closed=True) from error
        self._connection, self._served_at = connection, time.monotonic()

    def _is_there(self) -> bool:
        """Whether a server that was silent has not hung up: nothing was handed over yet, so that it can be called again."""
        line = getattr(self._connection, "connection", None)
        if line is None or time.monotonic() - self._served_at < SURE_SECONDS:
            return True
        try:
            return bool(line.noop()[0] == 250)
        except (smtplib.SMTPException, OSError):
            return False


def _not_sent(error: smtplib.SMTPException | OSError) -> NotSent:
    match error:
        case smtplib.SMTPRecipientsRefused(recipients=answers):
            code, words = max(answers.values(), default=(450, b""))
            if code >= 500:
                return Refused(f"Le serveur de mail refuse cette adresse (code {code}).", status=_status(words))
            return NotNow(f"La boîte du destinataire ne reçoit pas pour l’instant (code {code}).")
        case smtplib.SMTPDataError(smtp_code=code) if code >= 500:
            return Refused(f"Le serveur de mail refuse ce message (code {code}).")
        case smtplib.SMTPResponseException(smtp_code=code):
            return NotNow(f"Le serveur de mail ne prend pas ce message pour l’instant (code {code}).")
    return NotNow("La connexion au serveur de mail s’est coupée.", may_have_left=True)


_ENHANCED = re.compile(rb"\s*(5\.\d{1,3}\.\d{1,3})\b")


def _status(words: bytes | str) -> str:
    """The enhanced code of an answer (RFC 3463). Without one it says nothing of the mailbox: RFC 5321 gives 550 to policy too."""
    found = _ENHANCED.match(words.encode() if isinstance(words, str) else words)
    return found[1].decode() if found else ""


def deposit(pdf: bytes, number: str) -> None:
    """Put a letter into the folder under its number, whole or not at all; a repeat replaces the same file."""
    folder: Path = settings.LETTERS
    path = folder / f"{number}.pdf"
    part = folder / f".{number}.{os.getpid()}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            file.write(pdf)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        _keep_name(folder)
    except OSError as error:
        raise NotNow("Le dossier des courriers ne peut pas être écrit.") from error


def _keep_name(folder: Path) -> None:
    """A new name outlives a power cut only once its folder is written too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
