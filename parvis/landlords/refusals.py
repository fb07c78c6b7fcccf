"""How landlords say no."""

from __future__ import annotations

from parvis.kit.refusals import Refusal


class RightsNotPossible(Refusal):
    """These rights, offices or end date cannot be given together."""


class GenericAddress(Refusal):
    """The address is that of a desk, not of a person."""

    def __init__(self) -> None:
        super().__init__("Cette adresse est générique. Une adresse par personne est obligatoire.", field="email")


class AlreadyAUser(Refusal):
    """The address belongs to somebody of this very organisation; ``reference`` is their sheet."""

    def __init__(self, reference: str) -> None:
        super().__init__("Cette personne a déjà accès\u00a0: voir sa fiche.", field="email")
        self.reference = reference


class NotYourself(Refusal):
    """Nobody changes their own role."""

    def __init__(self) -> None:
        super().__init__(
            "Vous ne pouvez pas changer vos propres droits. Un autre administrateur peut le faire, "
            "ou transmettez votre rôle."
        )


class NotYetAppointing(Refusal):
    """The administrator is too new to appoint or remove administrators."""

    def __init__(self, since: str) -> None:
        super().__init__(
            "Votre rôle d’administrateur est récent. Par sécurité, vous pourrez nommer ou retirer "
            f"un administrateur à partir du {since}. Vous pouvez déjà inviter d’autres utilisateurs."
        )


class LastAdministrator(Refusal):
    """The organisation would be left without administrator."""

    def __init__(self) -> None:
        super().__init__(
            "C’est le seul administrateur actif de votre organisme. Nommez d’abord un autre administrateur."
        )


class SoleAdministrator(LastAdministrator):
    """What an agent is told of the same thing: the access can be blocked meanwhile."""

    def __init__(self) -> None:
        Refusal.__init__(
            self,
            "C’est le seul administrateur actif de cet organisme\u00a0: remplacez-le d’abord."
            " Pour arrêter un usage suspect tout de suite, bloquez son accès\u00a0: il garde son rôle.",
        )


class InvitationRests(Refusal):
    """The invitation has only just left."""

    def __init__(self, hour: str) -> None:
        super().__init__(f"Une invitation vient de partir. Vous pourrez en envoyer une autre à {hour}.")


class NotTheInvitedAddress(Refusal):
    """Somebody invited named another mailbox than the invited one."""

    def __init__(self, shown: str) -> None:
        super().__init__(
            f"Votre invitation est pour l’adresse {shown}. Validez cette adresse, "
            "ou demandez une autre invitation à votre administrateur.",
            field="email",
        )


class LettersTravel(Refusal):
    """Credentials are on their way: others now would make those useless."""


class NoReasonGiven(Refusal):
    """An agent says why they act on somebody's account."""

    def __init__(self) -> None:
        super().__init__("Dites pourquoi, en 200\u00a0caractères au plus. Le journal le garde.", field="reason")


class MeasureNotPossible(Refusal):
    """These weeks or this day are no measure, or an older one than the office's."""
