"""What the list of users is asked, read from the address and written back into it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import QueryDict
from django.utils.http import urlencode

LONGEST_SEARCH = 120


@dataclass(frozen=True, slots=True)
class UsersAddress:
    """The question of one page of the list. What cannot be read is left out: a list never fails for its address."""

    search: str = ""
    after: str = ""
    before: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> UsersAddress:
        """Read ``?q=…&apres=…&avant=…``."""
        search = " ".join(query.get("q", "").replace("\x00", "").split())[:LONGEST_SEARCH]
        return cls(search, _reference(query.get("apres", "")), _reference(query.get("avant", "")))

    def query(self, *, after: str = "", before: str = "") -> str:
        """The address of another page of the same list."""
        asked = replace(self, after=after, before=before)
        pairs = {"q": asked.search, "apres": asked.after, "avant": asked.before}
        return "?" + urlencode({name: value for name, value in pairs.items() if value})


def _reference(written: str) -> str:
    return written if written.isascii() and written.isalnum() and len(written) <= 12 else ""
