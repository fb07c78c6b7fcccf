"""How much of a sent file is taken in, whoever sends it and whatever the page: known before any form has looked at it."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

from parvis.changes.rules.files import LARGEST_FILE as LARGEST_PAPER
from parvis.changes.services.attachments import MOST as MOST_PAPERS
from parvis.sheets.limits import LARGEST_FILE as LARGEST_TABLE
from parvis.web.frame.cookies import AGENT, SESSION

PAPERS = frozenset(("papers", "attachment"))
"""Fields that take papers; the others take tables."""
MOST_TAKEN = MOST_PAPERS + 1
"""Files of one form: as many papers as are kept, and one more by which their sentence tells that they are too many."""


class Bounded(FileUploadHandler):
    """Lets one byte more through than a file may have, which the form then refuses in its own words; nothing of strangers' files.

    What is not let through is read off the connection and kept nowhere. First among the handlers.
    """

    request: HttpRequest | None

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.count = 0
        self.most = 0

    def new_file(self, field_name: str, *args: Any, **kwargs: Any) -> None:
        """A file begins: how much of it is let through."""
        super().new_file(field_name, *args, **kwargs)
        self.count += 1
        is_known = self.request is not None and not {SESSION, AGENT}.isdisjoint(self.request.COOKIES)
        largest = LARGEST_PAPER if field_name in PAPERS else LARGEST_TABLE
        self.most = largest + 1 if is_known and self.count <= MOST_TAKEN else 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """What the handlers that keep it are given."""
        return raw_data[: self.most - start] if start < self.most else None

    def file_complete(self, file_size: int) -> UploadedFile[bytes] | None:
        """The next handler has the file."""
        return None
