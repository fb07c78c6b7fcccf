"""Who acts: made by a way in, handed down to every service and selector."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from parvis.kit.refusals import DutyMissing, NotIndependent


class ActorKind(StrEnum):
    """What kind of being acts; workflows say which kinds may do an act."""

    PARTNER = "partner"
    AGENT = "agent"
    SYSTEM = "system"


class Right(StrEnum):
    """What an account may do for its landlord (product.md §2.8)."""

    CONSULT = "consult"
    DECLARE = "declare"
    PAYMENTS = "payments"
    BANK_DETAILS = "bank_details"
    ADMINISTER = "administer"
    CONSULT_FILES = "consult_files"

    @property
    def label(self) -> str:
        """The right as the screens name it."""
        return RIGHT_LABELS[self]


RIGHT_LABELS = {
    Right.CONSULT: "Consulter",
    Right.DECLARE: "Déclarer",
    Right.PAYMENTS: "Paiements",
    Right.BANK_DETAILS: "Coordonnées bancaires",
    Right.ADMINISTER: "Administrer",
    Right.CONSULT_FILES: "Consulter dossier",
}


class Duty(StrEnum):
    """What an agent may do for an office (product.md §4)."""

    OPEN_FILES = "open_files"
    VIEW_AS = "view_as"
    SEND_CREDENTIALS = "send_credentials"
    UNLOCK = "unlock"
    REGISTER_PAPER = "register_paper"
    NOTE_RETURNED_LETTER = "note_returned_letter"
    ANSWER_MESSAGES = "answer_messages"
    DECIDE_DECLARATIONS = "decide_declarations"
    DECIDE_BANK_DETAILS = "decide_bank_details"
    SUSPEND_ACCOUNTS = "suspend_accounts"
    REPLACE_ADMINISTRATORS = "replace_administrators"
    CORRECT_EMAILS = "correct_emails"
    READ_JOURNAL = "read_journal"
    READ_OPINIONS = "read_opinions"
    SEE_CAMPAIGN = "see_campaign"
    RUN_CAMPAIGN = "run_campaign"
    BATCH_LETTERS = "batch_letters"
    RUN_FEEDS = "run_feeds"
    EDIT_TEXTS = "edit_texts"
    SET_PARAMETERS = "set_parameters"
    WATCH_CLOCKWORK = "watch_clockwork"
    MANAGE_AGENTS = "manage_agents"

    @property
    def label(self) -> str:
        """The duty as the screens name it."""
        return DUTY_LABELS[self]


DUTY_LABELS = {
    Duty.OPEN_FILES: "Ouvrir un dossier",
    Duty.VIEW_AS: "Voir comme le bailleur",
    Duty.SEND_CREDENTIALS: "Renvoyer des identifiants",
    Duty.UNLOCK: "Débloquer un accès",
    Duty.REGISTER_PAPER: "Enregistrer une quittance papier",
    Duty.NOTE_RETURNED_LETTER: "Noter un courrier revenu",
    Duty.ANSWER_MESSAGES: "Répondre aux messages",
    Duty.DECIDE_DECLARATIONS: "Traiter les déclarations manuelles",
    Duty.DECIDE_BANK_DETAILS: "Décider des coordonnées bancaires",
    Duty.SUSPEND_ACCOUNTS: "Suspendre un compte",
    Duty.REPLACE_ADMINISTRATORS: "Remplacer un administrateur",
    Duty.CORRECT_EMAILS: "Corriger une adresse mail",
    Duty.READ_JOURNAL: "Lire le journal",
    Duty.READ_OPINIONS: "Lire les avis",
    Duty.SEE_CAMPAIGN: "Suivre la campagne",
    Duty.RUN_CAMPAIGN: "Conduire la campagne",
    Duty.BATCH_LETTERS: "Préparer les courriers",
    Duty.RUN_FEEDS: "Suivre les flux",
    Duty.EDIT_TEXTS: "Modifier les textes",
    Duty.SET_PARAMETERS: "Modifier les réglages",
    Duty.WATCH_CLOCKWORK: "Suivre les tâches",
    Duty.MANAGE_AGENTS: "Gérer les agents",
}


@dataclass(frozen=True, slots=True)
class Actor:
    """One who acts, and in whose name.

    ``label`` is what the journal and the receipts print: the login identifier of a partner, the name of a
    command for the system. ``partner_id`` limits every selector to one landlord,
    ``offices`` to some of its offices (all of them when it is empty). ``duties`` are what an agent may do, each with the
    office it is held at; an empty office is all of them. ``kin`` are the labels of the agents above this one in the line of
    who opened whose access, and below, for some levels: they are no second person to each other.
    """

    kind: ActorKind
    label: str
    account_id: int | None = None
    partner_id: UUID | None = None
    rights: frozenset[Right] = field(default_factory=frozenset)
    person: str = ""
    offices: frozenset[str] = field(default_factory=frozenset)
    duties: frozenset[tuple[Duty, str]] = field(default_factory=frozenset)
    kin: frozenset[str] = field(default_factory=frozenset)

    def may(self, right: Right) -> bool:
        """Whether this actor holds ``right`` on its landlord."""
        return right in self.rights

    def holds(self, duty: Duty, offices: Iterable[str] | None = None) -> bool:
        """Whether this agent holds ``duty`` at one of these offices; anywhere, when none is asked about."""
        if offices is None:
            return any(held is duty for held, _ in self.duties)
        return (duty, "") in self.duties or any((duty, office) in self.duties for office in offices)

    def offices_of(self, duty: Duty) -> frozenset[str] | None:
        """The offices ``duty`` is held at; None for all of them, an empty set for none."""
        if (duty, "") in self.duties:
            return None
        return frozenset(office for held, office in self.duties if held is duty)


def check_holds(by: Actor, duty: Duty, offices: Iterable[str] | None = None) -> None:
    """Refuse an agent who does not hold ``duty`` at one of these offices, and every partner. The system may do all."""
    if by.kind is not ActorKind.SYSTEM and not by.holds(duty, offices):
        raise DutyMissing(duty.label)


def check_independent(by: Actor, first: str) -> None:
    """Refuse, as the second of two persons, one in whose line of opened accesses the first one stands (security.md T67).

    Whoever may open accesses could otherwise be both. That they are not one and the same each act says in its own words.
    """
    if first in by.kin:
        raise NotIndependent


def operator(label: str) -> Actor:
    """Somebody of the office at the command line: every duty, everywhere; two acts that need two people still do."""
    return Actor(ActorKind.AGENT, label, duties=frozenset((duty, "") for duty in Duty))


def system(label: str) -> Actor:
    """The office's own machinery: a command, a feed, the worker."""
    return Actor(kind=ActorKind.SYSTEM, label=label)
