"""What the list of tenants is asked: search, filters, order and place, read from the address and written back into it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.http import urlencode

from parvis.declarations.selectors.tenant_list import TenantFilters
from parvis.design.forms import Form
from parvis.tenancies.rules import LONGEST_OWN_REFERENCE, read_search

LONGEST_SEARCH = 120
MOST_CHOSEN = 100
_CODE = re.compile(r"[0-9A-Z]{3}")

# The words of the address, as the selector names them.
JULY = {
    "a-declarer": ("open", "À déclarer"),
    "a-saisir": ("to_type", "À saisir"),
    "a-confirmer": ("to_confirm", "À confirmer"),
    "a-corriger": ("to_correct", "À corriger, refusé"),
    "refuses": ("rejected", "Refusé"),
    "saisis": ("typed", "Saisi, non transmis"),
    "transmis": ("submitted", "Transmis"),
    "pris-en-compte": ("integrated", "Pris en compte"),
    "suspendue": ("suspended", "Aide suspendue"),
}
PAID_TO = {"direct": ("landlord", "Versement à moi"), "locataire": ("tenant", "Versement au locataire")}
SITUATIONS = {
    "depart": ("leaving", "Départ annoncé"),
    "impaye": ("arrears", "Impayé signalé"),
    "aide-arretee": ("aid_stopped", "Aide arrêtée"),
}
VARIATIONS = {
    "change": ("any", "Aide qui change"),
    "hausse": ("more", "Aide en hausse"),
    "baisse": ("less", "Aide en baisse"),
    "nouvelle": ("new", "Aide nouvelle ou reprise"),
}
ORDERS = {"": "Nom", "immeuble": "Immeuble", "aide": "Aide", "a-declarer": "Reste à déclarer"}
_ORDERS = {"immeuble": "building", "aide": "aid", "a-declarer": "to_declare"}


@dataclass(frozen=True, slots=True)
class TenantListAddress:
    """The question of one page of the list. What cannot be read is left out: a list never fails for its address."""

    search: str = ""
    everywhere: bool = False
    july: str = ""
    paid_to: str = ""
    situation: str = ""
    variation: str = ""
    building: UUID | None = None
    office: str = ""
    order: str = ""
    after: UUID | None = None
    before: UUID | None = None

    @classmethod
    def read(cls, query: QueryDict) -> TenantListAddress:
        """Read ``?q=…&ou=partout&loyer=…&versement=…&situation=…&variation=…&immeuble=…&caisse=…&tri=…&apres=…&avant=…``."""
        office = query.get("caisse", "")
        return cls(
            search=" ".join(query.get("q", "").replace("\x00", "").split())[:LONGEST_SEARCH],
            everywhere=query.get("ou") == "partout",
            july=_known(query.get("loyer", ""), JULY),
            paid_to=_known(query.get("versement", ""), PAID_TO),
            situation=_known(query.get("situation", ""), SITUATIONS),
            variation=_known(query.get("variation", ""), VARIATIONS),
            building=_reference(query.get("immeuble", "")),
            office=office if _CODE.fullmatch(office) else "",
            order=_known(query.get("tri", ""), ORDERS),
            after=_reference(query.get("apres", "")),
            before=_reference(query.get("avant", "")),
        )

    def filters(self, *, former: bool) -> TenantFilters:
        """The same, as the selector wants it."""
        return TenantFilters(
            search=read_search(self.search),
            everywhere=self.everywhere,
            july=JULY[self.july][0] if self.july else "",
            paid_to=PAID_TO[self.paid_to][0] if self.paid_to else "",
            situation=SITUATIONS[self.situation][0] if self.situation else "",
            variation=VARIATIONS[self.variation][0] if self.variation and not former else "",
            building=self.building,
            office=self.office,
            former=former,
            order=_ORDERS.get(self.order, "name"),
        )

    def query(self, **changes: Any) -> str:
        """The address with ``changes``, from the first page on unless a place is given; ``?`` alone when all is plain."""
        asked = replace(self, **{"after": None, "before": None, **changes})
        pairs = {
            "q": asked.search,
            "ou": "partout" if asked.everywhere and asked.search else "",
            "loyer": asked.july,
            "versement": asked.paid_to,
            "situation": asked.situation,
            "variation": asked.variation,
            "immeuble": str(asked.building or ""),
            "caisse": asked.office,
            "tri": asked.order,
            "apres": str(asked.after or ""),
            "avant": str(asked.before or ""),
        }
        return "?" + urlencode({name: value for name, value in pairs.items() if value})

    @property
    def is_plain(self) -> bool:
        """Whether neither search nor filter narrows the list."""
        narrowed = self.search or self.july or self.paid_to or self.situation or self.variation
        return not (narrowed or self.building or self.office)

    @property
    def has_choices(self) -> bool:
        """Whether a filter or an order was chosen, beyond what is searched for."""
        return bool(self.july or self.paid_to or self.situation or self.variation or self.office or self.order)

    def chips(self, *, building: str, offices: dict[str, str]) -> list[tuple[str, str]]:
        """The filters in force: what each says, and the address without it."""
        everywhere = ", adresses comprises" if self.everywhere else ""
        asked: list[tuple[Any, dict[str, Any]]] = [
            (self.search and f"«\u00a0{self.search}\u00a0»{everywhere}", {"search": "", "everywhere": False}),
            (self.july and JULY[self.july][1], {"july": ""}),
            (self.paid_to and PAID_TO[self.paid_to][1], {"paid_to": ""}),
            (self.situation and SITUATIONS[self.situation][1], {"situation": ""}),
            (self.variation and VARIATIONS[self.variation][1], {"variation": ""}),
            (self.building and (building or "Immeuble inconnu"), {"building": None}),
            (self.office and offices.get(self.office, f"Caisse {self.office}"), {"office": ""}),
        ]
        return [(str(words), self.query(**without)) for words, without in asked if words]


def chosen(query: QueryDict) -> list[UUID]:
    """The rows ticked (``choix``), in their order, once each; what is no reference is left out."""
    found = [_reference(text) for text in query.getlist("choix")[:MOST_CHOSEN]]
    return list(dict.fromkeys(reference for reference in found if reference is not None))


class OwnReferenceForm(Form):
    """The landlord's own words for a tenancy: a lot, a file number."""

    own_reference = forms.CharField(
        label="Votre référence",
        max_length=LONGEST_OWN_REFERENCE,
        required=False,
        help_text="Un lot, un numéro de dossier\u00a0: 40\u00a0signes au plus. Elle ne sert qu’à vous.",
    )


def _known(word: str, words: dict[str, Any]) -> str:
    return word if word in words else ""


def _reference(written: str) -> UUID | None:
    try:
        return UUID(written) if written else None
    except ValueError:
        return None
