"""The people of the demonstration: the same in the demonstration, the tests and the documentation. All invented."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.utils.http import urlencode

from parvis.demo import opened
from parvis.identity.models import Account


@dataclass(frozen=True, slots=True)
class Role:
    """Someone of the demonstration deliveries who has not signed in yet, found by office and third-party number."""

    title: str
    story: str
    caf_code: str
    number: str


@dataclass(frozen=True, slots=True)
class Regular:
    """Someone who signed in before, found by their mailbox."""

    title: str
    story: str
    member: opened.Member


@dataclass(frozen=True, slots=True)
class Person:
    """Someone one can sign in as today: what to type, where the password is, and the mailbox to read.

    ``reference`` names their account (their first one), for the page that signs in with one click.
    """

    title: str
    story: str
    login_id: str
    password_hint: str
    url: str
    reference: str


JEAN_LUC_MOREAU = Role(
    "Jean-Luc Moreau, particulier",
    "Cinq logements en Loire-Atlantique. Ses identifiants sont arrivés par mail.",
    "441",
    "0005067",
)
INES_ROUX = Role(
    "Inès Roux, particulière sans adresse mail",
    "Cinq logements dans l’Hérault. Ses identifiants sont arrivés par courrier, elle n’a jamais donné d’adresse mail.",
    "341",
    "0005081",
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
ALLIANCE_FAMILIALE = ("441", "0004045")
NEWCOMERS = (JEAN_LUC_MOREAU, INES_ROUX, TROIS_TILLEULS, CONSEIL_GESTION)
REGULARS = (
    Regular(
        "Camille Rivière, gérante de 138 organismes",
        "138 comptes rapprochés sur une seule adresse mail\u00a0: un mot de passe, un choix de compte.",
        opened.CAMILLE,
    ),
    Regular(
        "Yvan Abdallah, particulier dans trois départements",
        "Trois caisses connaissent son numéro de sécurité sociale\u00a0: ses trois comptes partagent un mot de passe.",
        opened.YVAN,
    ),
    Regular(
        "Léa Fontaine, particulière sans numéro de sécurité sociale connu",
        "Un seul compte, une adresse mail qui ne peut servir à aucun autre.",
        opened.LEA,
    ),
    Regular(
        "Nadia Benali, administratrice de l’association Alliance Familiale",
        "Elle invite des collègues, règle leurs droits, et peut consulter des dossiers.",
        opened.NADIA,
    ),
    Regular("Paul Girard, suppléant", "Il déclare, administre, et prendrait le relais de Nadia Benali.", opened.PAUL),
    Regular("Solène Marchand, comptable", "Elle voit les paiements, mais ne déclare pas.", opened.SOLENE),
    Regular("Tom Lefort, stagiaire", "Il déclare, jusqu’à la fin de son stage seulement.", opened.TOM),
)


def people() -> list[Person]:
    """Who can be signed in as, with where the password is found."""
    return [*_newcomers(), *_regulars()]


def _newcomers() -> Iterator[Person]:
    for role in NEWCOMERS:
        numbers = Account.objects.filter(
            partner__landlord__third_party_numbers__office=role.caf_code,
            partner__landlord__third_party_numbers__number=role.number,
        )
        found = numbers.order_by("created_at").values_list("login_id", "opened_at", "reference").first()
        if found is not None:
            login_id, opened_at, reference = found
            first = "Dans la boîte de démonstration, «\u00a0mot de passe provisoire\u00a0»."
            hint = "Celui que vous avez choisi." if opened_at else first
            yield Person(role.title, role.story, login_id, hint, _mailbox(login_id), reference)


def _regulars() -> Iterator[Person]:
    for regular in REGULARS:
        email = regular.member.email
        accounts = Account.objects.filter(credential__email=email).order_by("pk")
        found = accounts.values_list("login_id", "reference").first()
        if found is not None:
            login_id, reference = found
            typed = email if accounts[1:2] else login_id
            yield Person(regular.title, regular.story, typed, opened.PASSWORD, _mailbox(email), reference)


def _mailbox(words: str) -> str:
    return f"{settings.PUBLIC_URL}/demonstration/boite/?{urlencode({'q': words})}"
