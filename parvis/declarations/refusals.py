"""How this room says no."""

from __future__ import annotations

from datetime import date, datetime

from parvis.kit.money import euros
from parvis.kit.periods import day, long_day
from parvis.kit.refusals import ActNotPossible, ChangedMeanwhile, Refusal


class RentOutOfBounds(Refusal):
    """What cannot be a monthly rent."""


class NotInCampaign(ActNotPossible):
    """The tenancy owes no July rent this year, or no longer."""

    def __init__(self, sentence: str = "Ce locataire n’est plus dans la campagne. Rechargez la page.") -> None:
        super().__init__(sentence)


class AlreadySubmitted(ActNotPossible):
    """The rent is with the office: it can be corrected, not edited."""

    def __init__(self, sentence: str = "Ce loyer est déjà transmis. Il ne peut plus être modifié ici.") -> None:
        super().__init__(sentence)


class NothingToSend(ActNotPossible):
    """No rent is ready."""

    def __init__(self, sentence: str = "Aucun loyer n’est prêt à être transmis.") -> None:
        super().__init__(sentence)


class RentsChanged(ChangedMeanwhile):
    """What the check page showed is no longer what would leave: nothing was sent."""

    def __init__(self) -> None:
        super().__init__(
            "Rien n’est transmis\u00a0: un loyer a changé depuis l’affichage de cette page. Vérifiez, puis recommencez."
        )


class JustSent(ChangedMeanwhile):
    """A colleague or another tab was faster with the very same ones; ``number`` is the receipt they got.

    Said of rents, or without ``rents`` of declarations.
    """

    def __init__(self, number: str, person: str, when: str, *, rents: bool = True) -> None:
        what = "Ces loyers ont déjà été transmis" if rents else "Ces déclarations ont déjà été transmises"
        super().__init__(f"{what} par {person}, le {when}. Voici l’accusé.")
        self.number = number


class KeyUsedOtherwise(ChangedMeanwhile):
    """The key of a form came back with other content."""

    def __init__(self) -> None:
        super().__init__("Cette page a déjà servi à transmettre d’autres loyers. Vérifiez ceux-ci, puis recommencez.")


class TooLateToCorrect(ActNotPossible):
    """The campaign's last day is over: what was sent stays as it is."""

    def __init__(self, deadline_on: date) -> None:
        super().__init__(
            f"Les loyers pouvaient être corrigés jusqu’au {long_day(deadline_on)}. Écrivez à votre caisse."
        )


class ReasonMissing(Refusal):
    """Nobody said why what the office took in is wrong."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, field="reason")


class ReceiptAltered(Refusal):
    """What is kept of a receipt is no longer what was sealed: it proves nothing, so it is not shown."""

    def __init__(self) -> None:
        super().__init__("✗ Cet accusé ne correspond plus à ce qui a été enregistré. Écrivez à votre caisse.")


class NothingChosen(Refusal):
    """No declaration was picked."""

    def __init__(self) -> None:
        super().__init__("Sélectionnez au moins une déclaration.", field="kinds")


class ClashingKinds(Refusal):
    """Two declarations of which one says it all; ``superfluous`` is the one to take out."""

    def __init__(self, sentence: str, superfluous: str) -> None:
        super().__init__(sentence, field="kinds")
        self.superfluous = superfluous


class PossiblyClashingKinds(ClashingKinds):
    """Two declarations of which one says it all, unless the answers to come say otherwise: both are kept if asked again."""


class AlreadyWithTheOffice(ActNotPossible):
    """The same kind of declaration was sent and is not decided: it is corrected, not made twice."""

    def __init__(self, title: str, submitted_at: datetime) -> None:
        super().__init__(
            f"«\u00a0{title}\u00a0» est déjà transmise pour ce locataire, le {day(submitted_at)}. "
            "Pour changer quelque chose, corrigez-la."
        )


class FollowedAlready(ActNotPossible):
    """What came of a debt is with the office: taking the debt back would leave it about nothing."""

    def __init__(self, what: str, submitted_at: datetime) -> None:
        super().__init__(
            f"Vous avez transmis une suite de cet impayé, le {day(submitted_at)}\u00a0: «\u00a0{what}\u00a0». "
            "Annulez d’abord cette suite."
        )


class RentChanged(ChangedMeanwhile):
    """A colleague, or another tab, saved another amount since the page was shown: nothing was written."""

    def __init__(self) -> None:
        super().__init__("Ce loyer a changé entre-temps. Rechargez la page pour voir le montant enregistré.")


class JulyBeforeChanged(ChangedMeanwhile):
    """What the amount was compared with when its confirmation was asked is not what it is compared with now: nothing was confirmed."""

    def __init__(self, year: int, cents: int | None) -> None:
        now = f"il est maintenant de {euros(cents)}" if cents is not None else "il n’est plus indiqué"
        again = "Regardez l’écart, puis confirmez de nouveau."
        super().__init__(f"Le loyer de juillet\u00a0{year} n’est plus celui qui était affiché\u00a0: {now}. {again}")


class CorrectedMeanwhile(ChangedMeanwhile):
    """A colleague, or another tab, sent a correction since the page was shown: theirs is not written over unseen."""

    def __init__(self, number: str, *, is_decided_by_office: bool = False) -> None:
        what = (
            "Une correction de ce loyer vient d’être demandée"
            if is_decided_by_office
            else "Ce loyer vient d’être corrigé"
        )
        then = "Votre caisse ne l’a pas encore décidée. " if is_decided_by_office else ""
        super().__init__(f"{what} (accusé {number}). {then}Vérifiez le montant transmis avant d’en demander un autre.")


class AnswersChanged(ChangedMeanwhile):
    """A colleague, or another tab, saved other answers since the page was shown: nothing was written."""

    def __init__(self, person: str, when: str) -> None:
        super().__init__(
            f"Ces réponses ont changé entre-temps ({person}, le {when}). Les vôtres sont ci-dessous, non enregistrées\u00a0: "
            "continuez pour les garder à la place."
        )


class PaperNotReadable(Refusal):
    """What an agent read on a landlord's paper cannot be registered as it is."""


class NothingToWaitFor(Refusal):
    """A day on which nobody can be told."""

    def __init__(self) -> None:
        super().__init__("Choisissez une date à venir, dans l’année.", field="remind_on")


class BundleChanged(ChangedMeanwhile):
    """What the check page showed is no longer what would leave: nothing was sent."""

    def __init__(self) -> None:
        super().__init__(
            "Rien n’est transmis\u00a0: une réponse a changé depuis l’affichage de cette page. Vérifiez, puis recommencez."
        )


class DatesNotPossible(Refusal):
    """Dates that contradict each other, or change what is past."""


class WavePaused(ActNotPossible):
    """An agent holds this wave back: nothing of it leaves."""

    def __init__(self) -> None:
        super().__init__("Ce rappel est en pause.")


class LettersNotPossible(ActNotPossible):
    """No campaign of that year is open: there is nothing to remind of."""

    def __init__(self) -> None:
        super().__init__("Aucune campagne de cette année n’est ouverte\u00a0: il n’y a rien à écrire.")


class WaveNotPossible(ActNotPossible):
    """The wave is over, or is none of this campaign."""


class DecisionNotPossible(Refusal):
    """An agent's decision lacks what the landlord must be told, or why it was made."""
