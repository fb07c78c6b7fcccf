"""The life of a written question, as a table: docs/workflows.md is drawn from it."""

from __future__ import annotations

from parvis.kit.actors import ActorKind
from parvis.kit.workflow import Act, State, Workflow

WAITING, ANSWERED, CLOSED = "waiting", "answered", "closed"
_PARTNER = frozenset({ActorKind.PARTNER})
_AGENT = frozenset({ActorKind.AGENT})

ANSWER = Act("answer", "Répondre", frozenset({WAITING, ANSWERED}), ANSWERED, _AGENT)
HAND_OVER = Act("hand_over", "Passer à un autre service", frozenset({WAITING}), WAITING, _AGENT)
REPLY = Act("reply", "Écrire à la suite", frozenset({WAITING, ANSWERED}), WAITING, _PARTNER)
SETTLE = Act("settle", "Dire que c’est réglé", frozenset({WAITING, ANSWERED}), CLOSED, _PARTNER)
CLOSE = Act("close", "Fermer", frozenset({ANSWERED}), CLOSED, _AGENT | {ActorKind.SYSTEM})
"""The office closes what it has answered, never what waits."""

CONVERSATION = Workflow(
    "Conversation",
    (State(WAITING, "En attente de réponse"), State(ANSWERED, "Répondu"), State(CLOSED, "Terminé")),
    (ANSWER, HAND_OVER, REPLY, SETTLE, CLOSE),
)
