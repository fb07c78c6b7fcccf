"""The people of the demonstration: the same in the demonstration, the tests and the documentation. All invented."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from parvis.landlords.models import ThirdPartyNumber


@dataclass(frozen=True, slots=True)
class Role:
    """Someone of the demonstration deliveries, found by third-party number."""

    title: str
    story: str
    caf_code: str
    number: str


@dataclass(frozen=True, slots=True)
class Person:
    """Someone one can sign in as today."""

    title: str
    story: str
    login_id: str
    password_hint: str
    url: str


JEAN_LUC_MOREAU = Role(
    "Jean-Luc Moreau, particulier",
    "Cinq logements en Loire-Atlantique. Ses identifiants sont arrivés par mail.",
    "441",
    "0005067",
)
TROIS_TILLEULS = Role(
    "Agence des Trois Tilleuls, organisme",
    "Six locataires, dont Lina Moreau (n° 1593739). Ses identifiants sont arrivés par courrier.",
    "441",
    "0004647",
)
CONSEIL_GESTION = Role(
    "Société Internationale de Conseil en Gestion de Projets, organisme",
    "325 locataires à Paris. Ses identifiants sont arrivés par courrier.",
    "751",
    "0004010",
)
ROLES = (JEAN_LUC_MOREAU, TROIS_TILLEULS, CONSEIL_GESTION)


def people() -> list[Person]:
    """Who can be signed in as, with where the password is found."""
    found = []
    for role in ROLES:
        account = _account_of(role)
        if account is None:
            continue
        login_id, opened = account
        hint = (
            "Celui que vous avez choisi."
            if opened
            else "Dans la boîte de démonstration, «\u00a0mot de passe provisoire\u00a0»."
        )
        address = f"{settings.PUBLIC_URL}/demonstration/boite/?q={login_id}"
        found.append(Person(role.title, role.story, login_id, hint, address))
    return found


def _account_of(role: Role) -> tuple[str, bool] | None:
    row = (
        ThirdPartyNumber.objects.filter(office_id=role.caf_code, number=role.number)
        .order_by("landlord__partner__accounts__created_at")
        .values_list("landlord__partner__accounts__login_id", "landlord__partner__accounts__opened_at")
        .first()
    )
    return (row[0], row[1] is not None) if row and row[0] else None
