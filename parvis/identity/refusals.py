"""How identity says no."""

from __future__ import annotations

from parvis.kit.refusals import Refusal


class EmailNotUnderstood(Refusal):
    """The address cannot be one."""


class PasswordTooWeak(Refusal):
    """The password breaks the policy; the sentence names the line."""


class SameAsProvisional(Refusal):
    """The person kept the provisional password."""

    def __init__(self) -> None:
        super().__init__("Choisissez un mot de passe différent du provisoire.", field="password")


class SameAsBefore(Refusal):
    """The person kept the password they were asked to change."""

    def __init__(self) -> None:
        super().__init__("Choisissez un mot de passe différent de l’ancien.", field="password")


class TooSoon(Refusal):
    """A code was sent less than a minute ago."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Vous pourrez demander un nouveau code dans {seconds}\u00a0s.")


class TooManyCodes(Refusal):
    """The mailbox got its codes of the day."""

    def __init__(self, when: str) -> None:
        super().__init__(f"Trop de codes ont été demandés. Un nouveau code pourra être demandé {when}.")


class NotYetReadable(Refusal):
    """A text was accepted that is not the one in force."""

    def __init__(self) -> None:
        super().__init__("Ce texte a changé entre-temps. Lisez la nouvelle version, puis acceptez-la.")


class GroupPasswordWrong(Refusal):
    """The password typed is not that of the accounts one joins."""

    def __init__(self) -> None:
        super().__init__(
            "Ce n’est pas le mot de passe de ces comptes. Vérifiez les majuscules, ou choisissez-en un nouveau.",
            field="present",
        )


class OwnPasswordWrong(Refusal):
    """The present password is not right."""

    def __init__(self) -> None:
        super().__init__("Ce n’est pas votre mot de passe actuel. Vérifiez les majuscules.", field="present")


TAKEN_BY_INDIVIDUAL = (
    "Cette adresse est déjà utilisée par un autre compte de bailleur particulier. Indiquez-en une autre."
)
TAKEN_BY_COLLEAGUE = "Cette adresse est déjà utilisée par une autre personne de votre organisme. Chaque utilisateur doit avoir la sienne."


class TextNotReady(Refusal):
    """A version of a text that people accept cannot be published as it is."""
