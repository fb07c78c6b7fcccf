"""What the list of tenants is asked: search, filters and place, read from the address and written back into it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.http import urlencode

from parvis.declarations.selectors.tenant_list import TenantFilters
from parvis.tenancies.rules import read_search

LONGEST_SEARCH = 120


@dataclass(frozen=True, slots=True)
class TenantListAddress:
    """The question of one page of the list. What cannot be read is left out: a list never fails for its address."""

    search: str = ""
    everywhere: bool = False
    to_declare: bool = False
    direct_payment: bool = False
    after: UUID | None = None
    before: UUID | None = None

    @classmethod
    def read(cls, query: QueryDict) -> TenantListAddress:
        """Read ``?q=…&ou=partout&loyer=a-declarer&versement=direct&apres=…&avant=…``."""
        return cls(
            search=" ".join(query.get("q", "").replace("\x00", "").split())[:LONGEST_SEARCH],
            everywhere=query.get("ou") == "partout",
            to_declare=query.get("loyer") == "a-declarer",
            direct_payment=query.get("versement") == "direct",
            after=_reference(query.get("apres", "")),
            before=_reference(query.get("avant", "")),
        )

    def filters(self, *, former: bool) -> TenantFilters:
        """The same, as the selector wants it."""
        return TenantFilters(
            search=read_search(self.search),
            everywhere=self.everywhere,
            to_declare=self.to_declare,
            direct_payment=self.direct_payment,
            former=former,
        )

    def query(self, **changes: Any) -> str:
        """The address with ``changes``, from the first page on unless a place is given; ``?`` alone when all is plain."""
        asked = replace(self, **{"after": None, "before": None, **changes})
        pairs = {
            "q": asked.search,
            "ou": "partout" if asked.everywhere and asked.search else "",
            "loyer": "a-declarer" if asked.to_declare else "",
            "versement": "direct" if asked.direct_payment else "",
            "apres": str(asked.after or ""),
            "avant": str(asked.before or ""),
        }
        return "?" + urlencode({name: value for name, value in pairs.items() if value})

    @property
    def is_plain(self) -> bool:
        """Whether neither search nor filter narrows the list."""
        return not (self.search or self.to_declare or self.direct_payment)


def _reference(written: str) -> UUID | None:
    try:
        return UUID(written) if written else None
    except ValueError:
        return None
