"""A life cycle as a table: states, acts, who may do them. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from parvis.kit.actors import Actor, ActorKind, Right
from parvis.kit.refusals import ActNotPossible, NotAllowed


@dataclass(frozen=True, slots=True)
class State:
    """One state: its code in the database and the word people read."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Act:
    """Something that may be done: from which states, to which state, by whom."""

    code: str
    label: str
    sources: frozenset[str]
    target: str
    by: frozenset[ActorKind]
    needs: Right | None = None


@dataclass(frozen=True, slots=True)
class Workflow:
    """All states and acts of one thing."""

    name: str
    states: tuple[State, ...]
    acts: tuple[Act, ...]

    def label(self, code: str) -> str:
        """The word people read for a state."""
        return next(state.label for state in self.states if state.code == code)

    def may(self, act: Act, state: str, actor: Actor) -> bool:
        """Whether ``actor`` may do ``act`` now, without saying why not."""
        return (
            state in act.sources
            and actor.kind in act.by
            and (act.needs is None or actor.kind != ActorKind.PARTNER or actor.may(act.needs))
        )

    def target(self, act: Act, state: str, actor: Actor) -> str:
        """The state ``act`` leads to; refuses with a sentence if it may not be done."""
        if actor.kind not in act.by:
            raise ActNotPossible(f"«\u00a0{act.label}\u00a0» n’est pas possible ici.")
        if act.needs is not None and actor.kind == ActorKind.PARTNER and not actor.may(act.needs):
            raise NotAllowed(act.needs.label)
        if state not in act.sources:
            raise ActNotPossible(
                f"«\u00a0{act.label}\u00a0» n’est plus possible\u00a0: l’état est «\u00a0{self.label(state)}\u00a0»."
            )
        return act.target

    def rows(self) -> Iterator[tuple[str, str, str, str, str]]:
        """Lines of the table drawn in docs/workflows.md: from, act, to, by, right."""
        for act in self.acts:
            for source in (state.code for state in self.states if state.code in act.sources):
                who = ", ".join(sorted(kind.value for kind in act.by))
                yield source, act.code, act.target, who, act.needs.value if act.needs else ""
