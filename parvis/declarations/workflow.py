"""The life of a declaration, as a table: docs/workflows.md is drawn from it."""

from __future__ import annotations

from parvis.kit.actors import ActorKind, Right
from parvis.kit.workflow import Act, State, Workflow

DRAFT, SUBMITTED, SENT, INTEGRATED = "draft", "submitted", "sent", "integrated"
MANUAL, REJECTED, CORRECTED, ABANDONED = "manual", "rejected", "corrected", "abandoned"

LIVE = frozenset({DRAFT, SUBMITTED, SENT, INTEGRATED, MANUAL})
"""States in which a declaration stands: one a tenancy, kind and year (constraint declaration_one_july_rent_standing)."""
WITH_THE_OFFICE = frozenset({SUBMITTED, SENT, MANUAL})
"""Sent by the landlord, not decided yet: can still be corrected."""

STANDING = WITH_THE_OFFICE | {INTEGRATED}
"""Sent, and neither refused nor replaced."""
DECIDED = frozenset({REJECTED, CORRECTED})
"""Sent, and of no effect any more."""
FOLLOWED = frozenset({SENT, MANUAL, INTEGRATED})
"""Of a debt: it left, and what came of it can be told. Before, it is corrected."""

_PARTNER = frozenset({ActorKind.PARTNER})
_SYSTEM = frozenset({ActorKind.SYSTEM})
_OFFICE = frozenset({ActorKind.SYSTEM, ActorKind.AGENT})

SUBMIT = Act("submit", "Transmettre", frozenset({DRAFT}), SUBMITTED, _PARTNER, Right.DECLARE)
REGISTER = Act("register", "Enregistrer un papier", frozenset({DRAFT}), SUBMITTED, frozenset({ActorKind.AGENT}))
ABANDON = Act("abandon", "Abandonner", frozenset({DRAFT}), ABANDONED, _PARTNER | _SYSTEM, Right.DECLARE)
SEND = Act("send", "Envoyer au système", frozenset({SUBMITTED}), SENT, _SYSTEM)
INTEGRATE = Act("integrate", "Prendre en compte", frozenset({SENT, MANUAL}), INTEGRATED, _OFFICE)
TAKE_BY_HAND = Act("take_by_hand", "Traiter à la main", frozenset({SENT}), MANUAL, _OFFICE)
ASK_PAPER = Act("ask_paper", "Demander une pièce", frozenset({SENT, MANUAL}), MANUAL, _OFFICE)
REJECT = Act("reject", "Rejeter", frozenset({SENT, MANUAL}), REJECTED, _OFFICE)
CORRECT = Act("correct", "Corriger", WITH_THE_OFFICE, CORRECTED, _PARTNER, Right.DECLARE)
REVISE = Act("revise", "Demander une correction", frozenset({INTEGRATED}), INTEGRATED, _PARTNER, Right.DECLARE)
REPLACE = Act("replace", "Prendre en compte la correction demandée", frozenset({INTEGRATED}), CORRECTED, _OFFICE)

DECLARATION = Workflow(
    "Declaration",
    (
        State(DRAFT, "Brouillon"),
        State(SUBMITTED, "Transmise"),
        State(SENT, "Envoyée au système"),
        State(INTEGRATED, "Prise en compte"),
        State(MANUAL, "En traitement manuel"),
        State(REJECTED, "Rejetée"),
        State(CORRECTED, "Corrigée"),
        State(ABANDONED, "Abandonnée"),
    ),
    (SUBMIT, REGISTER, ABANDON, SEND, INTEGRATE, TAKE_BY_HAND, ASK_PAPER, REJECT, CORRECT, REVISE, REPLACE),
)

OUTCOME_ACTS = {"integrated": INTEGRATE, "manual": TAKE_BY_HAND, "rejected": REJECT, "paper_awaited": ASK_PAPER}
"""The act each status of outcomes.csv stands for."""
