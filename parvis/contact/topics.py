"""What one may write about, and at which desk of the office it is read first. Pure."""

from __future__ import annotations

from typing import NamedTuple

from parvis.kit.actors import Duty


class Desk(NamedTuple):
    """Who reads at an office: the name, and the duty without which nobody answers there."""

    code: str
    label: str
    duty: Duty


RECEPTION = Desk("reception", "Accueil", Duty.ANSWER_MESSAGES)
CASEWORK = Desk("casework", "Gestionnaires", Duty.DECIDE_DECLARATIONS)
RIGHTS = Desk("rights", "Référents habilitations", Duty.SUSPEND_ACCOUNTS)
DESKS = {desk.code: desk for desk in (RECEPTION, CASEWORK, RIGHTS)}


class Topic(NamedTuple):
    """One subject of the list: its words, where it arrives, what the help centre is asked meanwhile."""

    code: str
    label: str
    desk: Desk
    asked: str


TOPICS = {
    topic.code: topic
    for topic in (
        Topic("sign_in", "Me connecter, mes identifiants", RECEPTION, "connexion identifiant mot de passe"),
        Topic("july_rent", "Un loyer de juillet", CASEWORK, "loyer de juillet"),
        Topic("declaration", "Une déclaration", CASEWORK, "déclaration enregistrée transmise"),
        Topic("tenant", "Un locataire", CASEWORK, "locataire"),
        Topic("payment", "Un paiement", CASEWORK, "versement montant"),
        Topic("bank", "Mes coordonnées bancaires", CASEWORK, "coordonnées bancaires IBAN"),
        Topic("direct_payment", "Le versement direct", CASEWORK, "versement direct"),
        Topic("address", "Mon adresse, mon téléphone", RECEPTION, "changer adresse"),
        Topic("users", "Les utilisateurs et leurs droits", RIGHTS, "administrateur utilisateurs droits"),
        Topic("paper", "Un formulaire papier", RECEPTION, "papier formulaire"),
        Topic("personal_data", "Mes données personnelles", RIGHTS, "données personnelles"),
        Topic("accessibility", "Une page que je ne peux pas utiliser", RECEPTION, "accessibilité"),
        Topic("other", "Autre chose", RECEPTION, "contacter ma caisse"),
    )
}


def topic_label(code: str) -> str:
    """The words of a topic; its code, for one that is no more in the list."""
    return TOPICS[code].label if code in TOPICS else code


def desk_of(code: str) -> Desk:
    """A desk by its code; the first one that reads, for one that is no more."""
    return DESKS.get(code, RECEPTION)
