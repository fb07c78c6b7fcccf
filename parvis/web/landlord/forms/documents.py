"""What the list of documents is asked, read from the address and written back into it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.http import QueryDict
from django.utils.http import urlencode

from parvis.declarations.selectors.tenant_lists.named import NamedPlace
from parvis.kit.clock import PARIS
from parvis.kit.days import read_day
from parvis.kit.refusals import Refusal
from parvis.web.landlord.documents import Place, Wanted
from parvis.web.landlord.forms.july import clean, reference

LONGEST_SEARCH = 80
FIRST_YEAR, LAST_YEAR = 2000, 3000
"""Nothing was ever received outside them."""
PRESENT, FORMER = "p", "a"
"""Before the reference of a tenancy: whether it is looked for among those in place or the former ones."""
UNREAD_DAY = "Écrivez une date, comme 06/07/2026."


@dataclass(frozen=True, slots=True)
class DocumentsAddress:
    """``?q=…&genre=…&locataire=…&du=…&au=…&noms=…&avant=…``; what cannot be read is left out, a day that cannot has its sentence."""

    words: str = ""
    kind: str = ""
    tenant: UUID | None = None
    first: str = ""
    last: str = ""
    place: Place | None = None
    names: NamedPlace | None = None

    @classmethod
    def read(cls, query: QueryDict, kinds: dict[str, str]) -> DocumentsAddress:
        """Read it; a tenant leaves no room for words."""
        tenant = reference(query.get("locataire", ""))
        words = " ".join(clean(query.get("q", "")).split())[:LONGEST_SEARCH]
        kind = query.get("genre", "")
        first, last = (clean(query.get(name, ""))[:20] for name in ("du", "au"))
        place = _place(query.get("avant", ""))
        names = _names(query.get("noms", "")) if words and not tenant else None
        return cls("" if tenant else words, kind if kind in kinds else "", tenant, first, last, place, names)

    @property
    def is_plain(self) -> bool:
        """Whether nothing narrows the list."""
        return not (self.words or self.kind or self.tenant or self.first or self.last)

    @property
    def errors(self) -> dict[str, str]:
        """The sentence of each day that cannot be read."""
        return {name: UNREAD_DAY for name, text in (("du", self.first), ("au", self.last)) if text and not _day(text)}

    def wanted(self, *, now: datetime, called: str = "", named: tuple[UUID, ...] = ()) -> Wanted:
        """What the sources are asked; ``called`` is the name of the tenant it is limited to."""
        first, last = _day(self.first), _day(self.last)
        end = _midnight(last + timedelta(days=1)) if last and last < date.max else now + timedelta(days=1)
        before = min(self.place, Place(end)) if self.place else Place(end)
        since = _midnight(first) if first else None
        return Wanted(before, since, self.kind, self.tenant, called, self.words, named)

    def query(self, place: Place | None = None, **other: object) -> str:
        """The address of the same question, at another place or with a part changed."""
        asked = replace(self, **other) if other else self  # type: ignore[arg-type]
        pairs = {
            "q": asked.words,
            "genre": asked.kind,
            "locataire": str(asked.tenant or ""),
            "du": asked.first,
            "au": asked.last,
            "noms": f"{FORMER if asked.names.is_former else PRESENT}{asked.names.reference}" if asked.names else "",
            "avant": f"{place.at.isoformat()}|{place.key}" if place else "",
        }
        return "?" + urlencode({name: value for name, value in pairs.items() if value})


def _place(written: str) -> Place | None:
    moment, _, key = written[:100].partition("|")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    is_known = at.tzinfo is not None and FIRST_YEAR <= at.year < LAST_YEAR
    return Place(at, key.replace("\x00", "")) if is_known else None


def _names(written: str) -> NamedPlace | None:
    place = reference(written[1:]) if written[:1] in (PRESENT, FORMER) else None
    return NamedPlace(written[0] == FORMER, place) if place else None


def _day(written: str) -> date | None:
    try:
        return read_day(written) if written else None
    except Refusal:
        return None


def _midnight(of: date) -> datetime:
    return datetime.combine(of, time.min, PARIS)
