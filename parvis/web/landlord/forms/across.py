"""What the grid across accounts is asked, and how what it posts is parted between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypedDict
from uuid import UUID

from django.http import QueryDict
from django.utils.http import urlencode

from parvis.declarations.selectors import Among, Edge
from parvis.declarations.services.july import Writing
from parvis.web.landlord.forms.july import Act

LONGEST_SEARCH = 100


class Edged(TypedDict):
    """Where a page begins or ends."""

    edge: str
    backward: bool


@dataclass(frozen=True, slots=True)
class AcrossAddress:
    """The question of the page, as its address asks it. What cannot be read is left out."""

    account: str = ""
    office: str = ""
    after: Edge | None = None
    before: Edge | None = None

    @classmethod
    def read(cls, query: QueryDict) -> AcrossAddress:
        """Read ``?compte=…&caisse=441&apres=compte.bail&avant=compte.bail``."""
        return cls(
            _plain(query, "compte", LONGEST_SEARCH),
            _plain(query, "caisse", 3),
            _edge(query.get("apres", "")),
            _edge(query.get("avant", "")),
        )

    @property
    def among(self) -> Among:
        """The accounts asked for."""
        return Among(self.account, self.office)

    @property
    def edge(self) -> Edged:
        """The account at the edge of the page, and on which side of it the page lies."""
        edge = self.before or self.after
        return {"edge": edge.account if edge else "", "backward": self.before is not None}

    def query(self, **place: Edge | None) -> str:
        """The address of the same question at another place."""
        pairs = {"compte": self.account, "caisse": self.office, **place}
        return "?" + urlencode({name: str(value) for name, value in pairs.items() if value})


@dataclass(slots=True)
class Posted:
    """What one account is told: its amounts, and the button of one of its lines."""

    rents: list[Writing] = field(default_factory=list)
    act: Act | None = None


def by_account(posted: QueryDict, rents: Sequence[Writing], act: Act | None) -> dict[str, Posted]:
    """Part what was posted between the accounts the form names (``compte-<tenancy>``). What a form claims gives no right:
    each account is asked for its own standing, and saves its own tenancies alone."""
    found: dict[str, Posted] = {}
    for writing in rents:
        reference = posted.get(f"compte-{writing.tenancy}", "")
        if reference:
            found.setdefault(reference, Posted()).rents.append(writing)
    reference = posted.get(f"compte-{act.tenancy}", "") if act else ""
    if reference:
        found.setdefault(reference, Posted()).act = act
    return found


def _plain(query: QueryDict, name: str, longest: int) -> str:
    return " ".join(query.get(name, "").replace("\0", "").split())[:longest]


def _edge(text: str) -> Edge | None:
    """Read ``compte.bail``; None if it is no such thing."""
    account, _, tenancy = text.partition(".")
    try:
        return Edge(account, UUID(tenancy)) if account.isalnum() else None
    except ValueError:
        return None
