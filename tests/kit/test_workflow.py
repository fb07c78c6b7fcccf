import pytest

from parvis.kit.actors import Actor, ActorKind, Right, system
from parvis.kit.refusals import ActNotPossible, NotAllowed
from parvis.kit.workflow import Act, State, Workflow

SEND = Act("send", "Transmettre", frozenset({"draft"}), "sent", frozenset({ActorKind.PARTNER}), Right.DECLARE)
FLOW = Workflow("letter", (State("draft", "Brouillon"), State("sent", "Transmis")), (SEND,))
DECLARER = Actor(ActorKind.PARTNER, "LOG000001A", rights=frozenset({Right.DECLARE}))
READER = Actor(ActorKind.PARTNER, "LOG000002B", rights=frozenset({Right.CONSULT}))


def test_an_act_leads_on_for_who_may_do_it() -> None:
    assert FLOW.target(SEND, "draft", DECLARER) == "sent"
    assert FLOW.may(SEND, "draft", DECLARER)


def test_no_is_said_in_words() -> None:
    with pytest.raises(NotAllowed, match="droit « Déclarer »"):
        FLOW.target(SEND, "draft", READER)
    with pytest.raises(ActNotPossible, match="l’état est «\u00a0Transmis\u00a0»"):
        FLOW.target(SEND, "sent", DECLARER)
    with pytest.raises(ActNotPossible):
        FLOW.target(SEND, "draft", system("clock"))
    assert not FLOW.may(SEND, "draft", READER)


def test_the_table_has_one_line_a_source() -> None:
    assert list(FLOW.rows()) == [("draft", "send", "sent", "partner", "declare")]
