"""How this room says no."""

from __future__ import annotations

from parvis.kit.refusals import ActNotPossible


class BatchNotPossible(ActNotPossible):
    """The batch is not where this act finds it."""

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence, field=field)


class SecondPerson(ActNotPossible):
    """Who prepared a batch does not approve it."""

    def __init__(self) -> None:
        super().__init__("Un lot demande deux personnes\u00a0: qui prépare ne valide pas.")


class AlreadyReturned(ActNotPossible):
    """The letter was noted as returned before."""

    def __init__(self, number: str) -> None:
        super().__init__(f"La lettre {number} est déjà notée comme revenue.")
