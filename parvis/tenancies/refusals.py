"""How this room says no."""

from __future__ import annotations

from datetime import datetime

from parvis.kit.periods import moment
from parvis.kit.refusals import Refusal
from parvis.tenancies.rules import LONGEST_OWN_REFERENCE


class WrongClaimantNumber(Refusal):
    """What was typed is no claimant number; the sentence says what is wrong."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, field="number")


class OfficeNotYours(Refusal):
    """The office asked is none of the landlord's, or none of the user's."""

    def __init__(self) -> None:
        super().__init__("Choisissez une des caisses proposées.", field="office")


class ReasonMissing(Refusal):
    """« Autre » was chosen, and nothing was said."""

    def __init__(self) -> None:
        super().__init__("Dites en quelques mots pourquoi vous consultez ce dossier.", field="note")


class TooManyLooks(Refusal):
    """The account used up its looks of the hour."""

    def __init__(self, limit: int, until: datetime) -> None:
        super().__init__(
            f"Vous avez atteint la limite de {limit} consultations en une heure. "
            f"Vous pourrez consulter d’autres dossiers à partir du {moment(until)}."
        )


class UnknownSiret(Refusal):
    """No landlord has this SIRET."""

    def __init__(self, siret: str) -> None:
        super().__init__(f"Aucun bailleur n’a le SIRET «\u00a0{siret}\u00a0».")


class AlreadyAllowed(Refusal):
    """Nothing to change."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)


class OwnReferenceTooLong(Refusal):
    """The landlord's own reference does not fit."""

    def __init__(self) -> None:
        super().__init__(f"{LONGEST_OWN_REFERENCE} caractères au maximum.", field="own_reference")
