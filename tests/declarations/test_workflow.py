from itertools import product
from pathlib import Path

import pytest

from parvis.commands.management.commands import draw_docs
from parvis.declarations.workflow import DECLARATION
from parvis.kit.actors import Actor, ActorKind, Right, system
from parvis.kit.refusals import Refusal
from parvis.kit.workflow import Act, State

ACTORS = {
    "declarer": Actor(ActorKind.PARTNER, "LOG000001A", rights=frozenset({Right.DECLARE})),
    "reader": Actor(ActorKind.PARTNER, "LOG000002B", rights=frozenset({Right.CONSULT})),
    "agent": Actor(ActorKind.AGENT, "agent"),
    "system": system("exchange"),
}
POSSIBLE = {
    ("draft", "submit", "declarer"): "submitted",
    ("draft", "register", "agent"): "submitted",
    ("draft", "abandon", "declarer"): "abandoned",
    ("draft", "abandon", "system"): "abandoned",
    ("submitted", "send", "system"): "sent",
    **{(state, "integrate", who): "integrated" for state in ("sent", "manual") for who in ("system", "agent")},
    **{("sent", "take_by_hand", who): "manual" for who in ("system", "agent")},
    **{(state, "ask_paper", who): "manual" for state in ("sent", "manual") for who in ("system", "agent")},
    **{(state, "reject", who): "rejected" for state in ("sent", "manual") for who in ("system", "agent")},
    **{(state, "correct", "declarer"): "corrected" for state in ("submitted", "sent", "manual")},
    ("integrated", "revise", "declarer"): "integrated",
    **{("integrated", "replace", who): "corrected" for who in ("system", "agent")},
}
SQUARE = list(product(DECLARATION.states, DECLARATION.acts, ACTORS))


def test_the_square_is_whole() -> None:
    assert len(SQUARE) == 8 * 11 * 4


@pytest.mark.parametrize(("state", "act", "who"), SQUARE, ids=lambda item: getattr(item, "code", item))
def test_each_act_in_each_state_by_each_actor(state: State, act: Act, who: str) -> None:
    expected = POSSIBLE.get((state.code, act.code, who))
    assert DECLARATION.may(act, state.code, ACTORS[who]) is (expected is not None)
    if expected is None:
        with pytest.raises(Refusal):
            DECLARATION.target(act, state.code, ACTORS[who])
    else:
        assert DECLARATION.target(act, state.code, ACTORS[who]) == expected


def test_the_states_read_as_the_screens_name_them() -> None:
    words = [DECLARATION.label(state) for state in ("draft", "submitted", "sent", "integrated", "manual", "rejected")]
    assert words == [
        "Brouillon",
        "Transmise",
        "Envoyée au système",
        "Prise en compte",
        "En traitement manuel",
        "Rejetée",
    ]


def test_the_page_of_life_cycles_is_true() -> None:
    page = Path(__file__).parents[2] / "docs" / "workflows.md"
    assert page.read_text(encoding="utf-8") == draw_docs.drawn(), "run: python -m parvis draw_docs"
