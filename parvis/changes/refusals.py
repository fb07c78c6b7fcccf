"""How this room says no."""

from __future__ import annotations

from parvis.kit.refusals import ActNotPossible, Refusal


class AlreadyLive(ActNotPossible):
    """A bank change waits already: one at a time for each office."""

    def __init__(self) -> None:
        super().__init__(
            "Un changement de coordonnées bancaires est déjà en cours pour cette caisse. "
            "Arrêtez-le d’abord, ou attendez qu’il soit transmis."
        )


class OneANumber(Refusal):
    """Two numbers of one landlord and office: one change at a time there."""

    def __init__(self) -> None:
        super().__init__(
            "Une caisse ne change qu’un compte à la fois\u00a0: choisissez un seul numéro par caisse, puis demandez l’autre.",
            field="user_numbers",
        )


class WrongIban(Refusal):
    """What was typed is no account we can pay."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, field="iban")


class SameIban(Refusal):
    """The account is the one the office pays already."""

    def __init__(self) -> None:
        super().__init__("C’est déjà le compte que votre caisse utilise. Il n’y a rien à changer.", field="iban")


class HolderDiffers(Refusal):
    """The holder is not the landlord, and nothing explains why."""

    def __init__(self, holder: str, name: str) -> None:
        super().__init__(
            f"Le titulaire doit être {name}. Le nom donné est différent\u00a0: {holder}. Joignez un justificatif, "
            "ou corrigez le nom.",
            field="attachment",
        )


class NothingChanged(Refusal):
    """What was asked is what the office knows already."""

    def __init__(self, *, field: str | None = None) -> None:
        super().__init__("C’est déjà ce que votre caisse connaît. Il n’y a rien à changer.", field=field)


class WrongFile(Refusal):
    """A file that is not kept."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, field="attachment")


class NoMailbox(ActNotPossible):
    """No code can be sent to somebody without a proved mailbox."""

    def __init__(self) -> None:
        super().__init__(
            "Validez d’abord votre adresse mail dans «\u00a0Mon profil\u00a0»\u00a0: un code y est envoyé."
        )


class IbanAltered(Refusal):
    """The stored account is not the one that was approved: it does not leave."""

    def __init__(self, number: str) -> None:
        super().__init__(f"La demande {number} ne part pas\u00a0: l’IBAN gardé n’est pas celui qui a été confirmé.")


class PaperNotAwaited(ActNotPossible):
    """A paper that was given meanwhile, or that the office no more awaits."""

    def __init__(self, *, given_by: str = "") -> None:
        super().__init__(
            f"Cette pièce a déjà été ajoutée par {given_by}. Il n’y a rien à refaire."
            if given_by
            else "Votre caisse n’attend plus cette pièce\u00a0: elle a décidé, ou en demande une autre."
        )
