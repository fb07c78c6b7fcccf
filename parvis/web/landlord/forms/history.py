"""What « Mes déclarations » is asked, read from the address and written back into it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.http import QueryDict
from django.utils.http import urlencode

from parvis.declarations.models import Kind
from parvis.declarations.selectors.history import STATES, HistoryFilters
from parvis.kit.clock import PARIS
from parvis.kit.days import read_day
from parvis.kit.refusals import Refusal
from parvis.web.landlord.forms.july import clean, reference

LONGEST_SEARCH = 80
UNREAD_DAY = "Écrivez une date, comme 06/07/2026."
_NUMBER = re.compile(r"(?:D|AR)-[0-9A-Z-]{4,30}", re.ASCII)


@dataclass(frozen=True, slots=True)
class HistoryAddress:
    """``?quoi=…&etat=…&q=…&du=…&au=…&vigueur=oui&apres=…&avant=…``; what cannot be read is left out, a day has its sentence."""

    kind: str = ""
    state: str = ""
    words: str = ""
    first: str = ""
    last: str = ""
    in_force: bool = False
    after: UUID | None = None
    before: UUID | None = None

    @classmethod
    def read(cls, query: QueryDict) -> HistoryAddress:
        """Read it."""
        kind, state = query.get("quoi", ""), query.get("etat", "")
        words = " ".join(clean(query.get("q", "")).split())[:LONGEST_SEARCH]
        first, last = (clean(query.get(name, ""))[:20] for name in ("du", "au"))
        after, before = (reference(query.get(name, "")) for name in ("apres", "avant"))
        return cls(
            kind if kind in Kind.values else "",
            state if state in STATES else "",
            words,
            first,
            last,
            query.get("vigueur") == "oui",
            after,
            before,
        )

    @property
    def has_choices(self) -> bool:
        """Whether something is chosen besides the words."""
        return bool(self.kind or self.state or self.first or self.last or self.in_force)

    @property
    def is_plain(self) -> bool:
        """Whether nothing narrows the list."""
        return not (self.words or self.has_choices)

    @property
    def number(self) -> str:
        """The number of a declaration or of a receipt, where the words are one."""
        written = self.words.upper().replace(" ", "")
        return written if _NUMBER.fullmatch(written) else ""

    @property
    def errors(self) -> dict[str, str]:
        """The sentence of each day that cannot be read."""
        return {name: UNREAD_DAY for name, text in (("du", self.first), ("au", self.last)) if text and not _day(text)}

    def filters(self, tenancies: tuple[UUID, ...] | None) -> HistoryFilters:
        """What the list is asked; ``tenancies`` are those the words name, None where they name no tenant."""
        first, last = _day(self.first), _day(self.last)
        until = _midnight(last + timedelta(days=1)) if last and last < date.max else None
        since = _midnight(first) if first else None
        return HistoryFilters(self.kind, self.state, tenancies, self.number, since, until, self.in_force)

    def query(self, **place: UUID) -> str:
        """The address of the same question, at another place."""
        asked = replace(self, after=None, before=None)
        pairs = {
            "quoi": asked.kind,
            "etat": asked.state,
            "q": asked.words,
            "du": asked.first,
            "au": asked.last,
            "vigueur": "oui" if asked.in_force else "",
            **place,
        }
        return "?" + urlencode({name: str(value) for name, value in pairs.items() if value})


def _day(written: str) -> date | None:
    try:
        return read_day(written) if written else None
    except Refusal:
        return None


def _midnight(of: date) -> datetime:
    return datetime.combine(of, time.min, PARIS)
