"""What an organisation decides about its users: profiles of rights, addresses of one person, who may decide. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from parvis.kit.actors import RIGHT_LABELS, Right
from parvis.landlords.refusals import RightsNotPossible

RESEND_AFTER = timedelta(minutes=10)
"""How long an invitation rests before it may be sent again."""

ASK_AGAIN_AFTER = timedelta(days=1)
"""How long somebody waits before asking for the same right again."""
LONGEST_END = timedelta(days=5 * 366)

CUSTOM = "custom"
PROFILES: dict[str, tuple[str, frozenset[Right]]] = {
    "reading": ("Lecture", frozenset({Right.CONSULT})),
    "declaring": ("Déclaration", frozenset({Right.CONSULT, Right.DECLARE})),
    "accounting": ("Comptabilité", frozenset({Right.CONSULT, Right.PAYMENTS})),
    "everything": (
        "Gestion complète",
        frozenset({Right.CONSULT, Right.DECLARE, Right.PAYMENTS, Right.BANK_DETAILS}),
    ),
    CUSTOM: ("Sur mesure", frozenset()),
}

_DESKS = (
    "accueil admin administration administrateur agence bailleur bonjour bureau caf commercial compta "
    "comptabilite contact contacts courrier direction documents facturation gerance gestion hello info "
    "information informations infos juridique location locations mail mairie no-reply noreply office "
    "postmaster reception recouvrement rh secretariat service services standard support syndic webmaster"
)
_OF_NOBODY = frozenset(_DESKS.split())
_SEPARATORS = str.maketrans("", "", "._-")


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody shall be allowed: rights, the offices they are limited to (empty: all), the last day."""

    rights: frozenset[Right]
    offices: frozenset[str] = frozenset()
    end_on: date | None = None

    @property
    def administers(self) -> bool:
        """Whether it makes an administrator."""
        return Right.ADMINISTER in self.rights


def is_generic(email: str) -> bool:
    """Whether an address belongs to a desk rather than to a person: ``contact@``, ``info@``, ``service.gestion@``."""
    local = email.partition("@")[0].partition("+")[0]
    words = local.replace(".", " ").replace("_", " ").replace("-", " ").split()
    plain = {word.rstrip("0123456789") for word in words}
    return local.translate(_SEPARATORS).rstrip("0123456789") in _OF_NOBODY or (bool(plain) and plain <= _OF_NOBODY)


def check_wish(wish: Wish, *, possible: Collection[Right], offices: Collection[str], today: date) -> None:
    """Refuse rights, offices or an end that cannot be."""
    if not wish.rights:
        raise RightsNotPossible(
            "Choisissez au moins un droit. Pour retirer tout accès, fermez l’accès.", field="rights"
        )
    if not wish.rights <= set(possible):
        raise RightsNotPossible("Ce droit n’existe pas pour votre organisme.", field="rights")
    if not wish.offices <= set(offices):
        raise RightsNotPossible("Choisissez parmi les caisses de votre organisme.", field="offices")
    if wish.administers and wish.offices:
        raise RightsNotPossible(
            "Un administrateur agit pour toutes les caisses. Ne cochez aucune caisse.", field="offices"
        )
    if wish.administers and wish.end_on is not None:
        raise RightsNotPossible("Le droit «\u00a0Administrer\u00a0» n’a pas de date de fin.", field="end_on")
    check_end(wish.end_on, today=today)


def check_end(end_on: date | None, *, today: date) -> None:
    """Refuse an end that is past, or too far away to be meant."""
    if end_on is not None and end_on < today:
        raise RightsNotPossible("La date de fin est passée. Choisissez aujourd’hui ou un jour à venir.", field="end_on")
    if end_on is not None and end_on > today + LONGEST_END:
        raise RightsNotPossible("Choisissez une date de fin dans les cinq ans.", field="end_on")


def may_appoint(granted_at: datetime, waits: timedelta, *, at: datetime) -> bool:
    """Whether an administrator since ``granted_at`` may already appoint and remove administrators."""
    return granted_at + waits <= at


def labels(rights: Collection[Right]) -> list[str]:
    """The rights as the screens name them, always in the same order."""
    return [label for right, label in RIGHT_LABELS.items() if right in rights]


def with_consulting(rights: Collection[Right]) -> frozenset[Right]:
    """Rights with the one they rest on: whoever may do something may see what it is done to."""
    return frozenset(rights) | ({Right.CONSULT} if rights else frozenset())
