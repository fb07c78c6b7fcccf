"""How the agents' room says no."""

from __future__ import annotations

from parvis.kit.refusals import Refusal


class LinkNotValid(Refusal):
    """An enrolment link that was used, replaced, or is too old."""

    def __init__(self) -> None:
        super().__init__("Ce lien n’est plus valable. Demandez-en un autre à votre administrateur national.")


class AgentNotPossible(Refusal):
    """What was typed of an agent cannot be kept."""


class NotYourOwn(Refusal):
    """Nobody changes their own posts, nor closes or resets their own access."""

    def __init__(self) -> None:
        super().__init__("Vous ne pouvez pas changer votre propre accès. Demandez-le à un autre administrateur.")


class LastNationalAdministrator(Refusal):
    """Somebody must remain who can create agents."""

    def __init__(self) -> None:
        super().__init__("C’est le dernier administrateur national actif. Nommez-en un autre d’abord.")


class ReasonNotPossible(Refusal):
    """No reason was given for opening a file, or one that says nothing."""


class NothingToView(Refusal):
    """The account was never opened, or is closed: its pages show nothing to anybody."""

    def __init__(self) -> None:
        super().__init__("Cet accès n’est pas ouvert\u00a0: le bailleur lui-même ne voit aucune page.")


class OwnAlert(Refusal):
    """An alert about oneself is looked at by somebody else."""

    def __init__(self) -> None:
        super().__init__("Cette alerte vous concerne\u00a0: une autre personne la regarde.")


class NoOutcome(Refusal):
    """An alert is closed with what came of it."""

    def __init__(self) -> None:
        super().__init__("Dites ce que vous avez constaté, en quelques mots. Le journal le garde.", field="outcome")


class ExportNotPossible(Refusal):
    """What was asked of a file for which two agents are needed cannot be done, or no more."""


class MoreThanAlone(Refusal):
    """A file makes more lines than an agent takes alone, by itself or with the others of the day."""

    def __init__(self) -> None:
        super().__init__("Ce fichier demande l’accord d’un second agent.")


class SecondAgentNeeded(Refusal):
    """Nobody agrees to the file they asked for themselves."""

    def __init__(self) -> None:
        super().__init__("C’est votre demande\u00a0: un autre agent doit l’accorder.")
