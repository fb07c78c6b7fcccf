"""What the lists of changes are asked, read from the address and written back into it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import QueryDict
from django.utils.http import urlencode

from parvis.web.landlord.forms.july import clean, reference
from parvis.web.landlord.forms.tenants import chosen

LONGEST_SEARCH = 120


@dataclass(frozen=True, slots=True)
class PaymentAddress:
    """The question of « Versement direct ». What cannot be read is left out."""

    search: str = ""
    to_tenant: bool = False
    after: UUID | None = None
    before: UUID | None = None
    ticked: tuple[UUID, ...] = ()

    @classmethod
    def read(cls, query: QueryDict) -> PaymentAddress:
        """Read ``?q=…&a=locataire&apres=…&avant=…``, and the rows ticked in the list of tenants (``choix``)."""
        return cls(
            " ".join(clean(query.get("q", "")).split())[:LONGEST_SEARCH],
            query.get("a") == "locataire",
            reference(query.get("apres", "")),
            reference(query.get("avant", "")),
            tuple(chosen(query)),
        )

    def query(self, **place: UUID) -> str:
        """The address of the same question at another place."""
        pairs = {"q": self.search, "a": "locataire" if self.to_tenant else "", **place}
        return "?" + urlencode({name: str(value) for name, value in pairs.items() if value})
