"""How this room says no."""

from __future__ import annotations

from parvis.kit.refusals import ActNotPossible, ChangedMeanwhile, Refusal


class WordsNotPossible(Refusal):
    """What was typed cannot be sent as it is; ``field`` says where."""


class TooMany(ActNotPossible):
    """So many messages in a day help nobody."""

    def __init__(self, most: int) -> None:
        super().__init__(
            f"Vous avez écrit {most}\u00a0messages en un jour. Réunissez vos questions, ou appelez votre caisse."
        )


class SentOtherwise(ChangedMeanwhile):
    """The key of a form came back with other words (security.md §2.14): neither is lost, both may leave."""

    def __init__(self) -> None:
        super().__init__(
            "Votre premier message est déjà parti. Celui-ci dit autre chose : relisez-le, puis envoyez-le."
        )


class TakenByAnother(ActNotPossible):
    """Another agent treats it."""

    def __init__(self, who: str) -> None:
        super().__init__(f"{who} a pris ce message. Demandez-lui, ou reprenez-le à votre nom.")


class WrittenMeanwhile(ChangedMeanwhile):
    """The thread has grown since the page was shown: what was typed may no longer answer it."""

    def __init__(self) -> None:
        super().__init__(
            "Un autre message est arrivé entre-temps. Lisez-le ci-dessous, puis envoyez à nouveau le vôtre."
        )
