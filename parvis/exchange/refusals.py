"""How the exchange says no: to a delivery as a whole, to a release."""

from __future__ import annotations

from parvis.kit.refusals import ActNotPossible, Refusal


class DeliveryRefused(Refusal):
    """A structural fault: nothing of the delivery may go in. The sentence tells the operator what to do."""


class AlreadyRunning(Refusal):
    """Another import is at work."""

    def __init__(self) -> None:
        super().__init__("Un autre chargement est en cours. Rien n’a été fait : attendez qu’il se termine.")


class NotHeld(ActNotPossible):
    """Only a held delivery can be released."""

    def __init__(self, sequence: int) -> None:
        super().__init__(f"La livraison {sequence:06d} n’est pas retenue : il n’y a rien à libérer.")


class AlreadyAsked(ActNotPossible):
    """Somebody asks for its release already."""

    def __init__(self) -> None:
        super().__init__("La libération est déjà demandée\u00a0: un autre agent peut la valider.")


class SecondAgentNeeded(ActNotPossible):
    """Who asks for a release does not agree to it."""

    def __init__(self) -> None:
        super().__init__("Vous avez demandé cette libération\u00a0: un autre agent doit la valider.")


class ReasonMissing(Refusal):
    """A release must say why."""

    def __init__(self) -> None:
        super().__init__("Dites pourquoi cette livraison peut passer, en 300 caractères au plus.", field="reason")


class NoSuchDelivery(Refusal):
    """No delivery of that number."""

    def __init__(self, sequence: int) -> None:
        super().__init__(f"Aucune livraison ne porte le numéro {sequence:06d}.")


class NotIdentical(Refusal):
    """What the database kept of an outgoing delivery is no longer what was sealed."""

    def __init__(self, sequence: int) -> None:
        super().__init__(
            f"La livraison sortante {sequence:06d} ne correspond plus à son empreinte : rien n’a été écrit. "
            "Prévenez l’exploitant : la base a été modifiée hors de Parvis."
        )


class LinesLost(ActNotPossible):
    """A delivery found again after a restore: this database has not all its lines, and would spoil the good copy."""

    def __init__(self, sequence: int) -> None:
        super().__init__(
            f"La livraison sortante {sequence:06d} a été retrouvée après une remise de la base, qui n’en a plus toutes les lignes. "
            "La bonne copie est celle du dossier d’envoi\u00a0: redonnez-la telle quelle."
        )
