"""The side menu: what this account may do, where one is."""

from __future__ import annotations

from dataclasses import dataclass, field

from parvis.declarations.selectors import campaign_card
from parvis.identity.kinds import Nature
from parvis.identity.steps import next_step
from parvis.kit.actors import Right
from parvis.landlords.selectors import Standing
from parvis.web.frame.requests import PageRequest
from parvis.web.frame.templating import address

REMAINING = "Reste à déclarer\u00a0: "


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One line of the menu; ``current`` is this very page, ``in_path`` one below it."""

    label: str
    url: str
    icon: str = ""
    current: bool = False
    in_path: bool = False
    count: int | None = None
    count_label: str = ""
    children: list[MenuItem] = field(default_factory=list)


def menu_for(request: PageRequest, standing: Standing) -> list[MenuItem]:
    """The menu of the account in the address; nothing while steps are owed."""
    if next_step(standing.progress) is not None:
        return []
    here, extras = request.path, request.frame_extras
    if "campaign" not in extras:
        extras["campaign"] = campaign_card(standing.actor, at=request.now)
    card = extras["campaign"]

    def item(label: str, name: str, icon: str = "", *, count: int = 0, below: tuple[MenuItem, ...] = ()) -> MenuItem:
        url = address(name, standing.account_reference)
        within = here.startswith(url) and here != url and name != "welcome"
        return MenuItem(label, url, icon, here == url, within, count or None, REMAINING, list(below))

    landlord_pages = (
        item("Mes locataires", "tenants"),
        item("Loyers de juillet", "july-rents", count=card.remaining if card else 0),
        item("Mes déclarations", "declarations"),
        *([item("Paiements", "payments")] if standing.actor.may(Right.PAYMENTS) else []),
        item("Mes accusés", "receipts"),
        item("Documents", "documents"),
        *([item("Versement direct", "direct-payment")] if standing.actor.may(Right.DECLARE) else []),
        *([item("Mes informations", "my-information")] if standing.actor.may(Right.DECLARE) else []),
        *([item("Coordonnées bancaires", "bank-details")] if standing.actor.may(Right.BANK_DETAILS) else []),
        item("Mes demandes", "changes"),
    )
    administers = standing.actor.may(Right.ADMINISTER)
    people = ("Utilisateurs et droits", "users") if administers else ("Qui administre\u00a0?", "role")
    organisation = (item(*people, "users"),) if standing.nature == Nature.CORPORATE else ()
    return [
        item("Bienvenue", "welcome", "home"),
        item("Espace bailleur", "landlord-home", "building", below=landlord_pages),
        *([item("Consulter dossier", "file-lookup", "search")] if standing.actor.may(Right.CONSULT_FILES) else []),
        *organisation,
        item("Mon profil", "profile", "user"),
        item("Règles d’usage", "usage-rules", "rules"),
    ]
