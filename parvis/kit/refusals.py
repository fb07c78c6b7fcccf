"""How we say no: an exception whose text is the sentence the person reads."""

from __future__ import annotations


class Refusal(Exception):
    """Something was asked that cannot be done; the message says, in French, what to do instead.

    ``field`` names the form field the sentence belongs to, if there is one.
    """

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class NotFound(Refusal):
    """No such thing, or not yours: one and the same answer (security.md, T37)."""

    def __init__(self, sentence: str = "Cette page n’existe pas, ou elle n’est pas à vous.") -> None:
        super().__init__(sentence)


class NotAllowed(Refusal):
    """The thing is theirs, but the right to do this is not."""

    def __init__(self, right_label: str) -> None:
        super().__init__(f"Cette action demande le droit « {right_label} ». Votre administrateur peut vous l’accorder.")
        self.right_label = right_label


class DutyMissing(Refusal):
    """The agent does not hold this duty, or not for an office of what it is asked of."""

    def __init__(self, duty_label: str) -> None:
        super().__init__(f"Votre rôle ne permet pas cette action\u00a0: «\u00a0{duty_label}\u00a0».")
        self.duty_label = duty_label


class ChangedMeanwhile(Refusal):
    """Somebody else was faster: what the person saw is no longer so."""

    def __init__(
        self, sentence: str = "Cette information a changé entre-temps. Vérifiez la page, puis recommencez."
    ) -> None:
        super().__init__(sentence)


class ActNotPossible(Refusal):
    """The life cycle does not allow this act in this state."""


class NotIndependent(ActNotPossible):
    """Of two agents whose accord is needed, one opened the access of the other."""

    def __init__(self) -> None:
        super().__init__(
            "Il faut deux agents indépendants : l’un de vous deux a ouvert l’accès de l’autre. Demandez à un troisième."
        )
