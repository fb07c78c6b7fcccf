"""Who acts: made by a way in, handed down to every service and selector."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


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


@dataclass(frozen=True, slots=True)
class Actor:
    """One who acts, and in whose name.

    ``label`` is what the journal and the receipts print: the login identifier of a partner, the name of a
    command for the system. ``partner_id`` limits every selector to one landlord,
    ``offices`` to some of its offices (all of them when it is empty).
    """

    kind: ActorKind
    label: str
    account_id: int | None = None
    partner_id: UUID | None = None
    rights: frozenset[Right] = field(default_factory=frozenset)
    person: str = ""
    offices: frozenset[str] = field(default_factory=frozenset)

    def may(self, right: Right) -> bool:
        """Whether this actor holds ``right`` on its landlord."""
        return right in self.rights


def system(label: str) -> Actor:
    """The office's own machinery: a command, a feed, the worker."""
    return Actor(kind=ActorKind.SYSTEM, label=label)
