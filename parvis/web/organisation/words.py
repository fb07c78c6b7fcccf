"""How users are named on the pages."""

from __future__ import annotations

from typing import Any

from parvis.kit.actors import Actor, Right
from parvis.kit.clock import day_in_paris
from parvis.kit.periods import day, long_day
from parvis.landlords import rules
from parvis.landlords.rules import Wish
from parvis.landlords.selectors.users import UserLine, UserState, offices_of_landlord

RIGHT_SENTENCES = {
    Right.CONSULT: "Voir les locataires, leurs fiches et les accusés.",
    Right.DECLARE: "Déclarer les loyers et signaler les changements.",
    Right.PAYMENTS: "Voir les versements.",
    Right.BANK_DETAILS: "Changer les coordonnées bancaires.",
    Right.ADMINISTER: "Inviter des collègues et régler leurs droits.",
    Right.CONSULT_FILES: "Consulter le dossier d’un allocataire, avec un motif.",
}
"""What each right lets one do, as somebody who has never been there can read it."""


def pill_of(user: UserLine) -> tuple[str, str]:
    """Kind and words of the pill of a user."""
    if user.state is UserState.ACTIVE:
        return ("ok", "Actif")
    if user.state is UserState.INVITED and user.invited_at:
        return ("info", f"Invité le {day(day_in_paris(user.invited_at))}")
    return {
        UserState.EXPIRED: ("warm", "Invitation expirée"),
        UserState.NEVER: ("", "Jamais connecté"),
        UserState.FROZEN: ("bad", "Bloqué"),
    }.get(user.state, ("", "Désactivé"))


def rights_in_words(user: UserLine) -> str:
    """The rights of a user, in one line."""
    return ", ".join(rules.labels(user.rights)) or "Aucun droit"


def offices_in_words(codes: tuple[str, ...] | frozenset[str], offices: list[tuple[str, str]]) -> str:
    """The offices somebody is limited to, by name."""
    return ", ".join(name for code, name in offices if code in codes) or "Toutes les caisses"


def row_of(user: UserLine) -> dict[str, Any]:
    """A user as one line of the list."""
    kind, label = pill_of(user)
    until = f"jusqu’au {day(user.end_on)}" if user.end_on and user.rights else ""
    return {"user": user, "rights": rights_in_words(user), "until": until, "pill_kind": kind, "pill_label": label}


def wish_in_words(wish: Wish, actor: Actor) -> list[tuple[str, str]]:
    """Rights, offices and end, as a check page lists them."""
    return [
        ("Droits", ", ".join(rules.labels(wish.rights)) or "Aucun droit"),
        ("Caisses", offices_in_words(wish.offices, offices_of_landlord(actor))),
        ("Fin du droit", f"Après le {long_day(wish.end_on)}" if wish.end_on else "Sans date de fin"),
    ]
