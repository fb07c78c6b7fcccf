"""The life of a change that was asked, as a table: docs/workflows.md is drawn from it."""

from __future__ import annotations

from datetime import timedelta

from parvis.kit.actors import ActorKind, Right
from parvis.kit.workflow import Act, State, Workflow

ASKED, AGREEMENT, HELD, READY = "asked", "agreement", "held", "ready"
SENT, MANUAL, DONE = "sent", "manual", "done"
REFUSED, STOPPED, EXPIRED = "refused", "stopped", "expired"
TO_PROVE = timedelta(hours=1)
"""How long an account that was typed waits for its code."""

LIVE = frozenset({AGREEMENT, HELD, READY})
"""Proved, and not with the office yet: of bank changes, one a landlord and office (constraint change_one_live_bank)."""
STOPPABLE = frozenset({ASKED, AGREEMENT, HELD, READY})
ON_ITS_WAY = frozenset({READY, SENT, MANUAL})
"""Of direct payment, one a tenancy (constraint change_one_direct_payment)."""
UNDECIDED = LIVE | ON_ITS_WAY
"""Asked and proved, without an answer yet."""

_PARTNER = frozenset({ActorKind.PARTNER})
_SYSTEM = frozenset({ActorKind.SYSTEM})
_OFFICE = frozenset({ActorKind.SYSTEM, ActorKind.AGENT})

PROVE = Act("prove", "Confirmer par un code", frozenset({ASKED}), HELD, _PARTNER, Right.BANK_DETAILS)
PROVE_FIRST = Act(
    "prove_first", "Confirmer, puis un second accord", frozenset({ASKED}), AGREEMENT, _PARTNER, Right.BANK_DETAILS
)
AGREE = Act("agree", "Donner son accord", frozenset({AGREEMENT}), HELD, _PARTNER, Right.BANK_DETAILS)
DECLINE = Act("decline", "Refuser son accord", frozenset({AGREEMENT}), REFUSED, _PARTNER, Right.BANK_DETAILS)
RELEASE = Act("release", "Laisser partir", frozenset({HELD}), READY, _SYSTEM)
SEND = Act("send", "Envoyer au système", frozenset({READY}), SENT, _SYSTEM)
TAKE_BY_HAND = Act("take_by_hand", "Traiter à la main", frozenset({SENT}), MANUAL, _OFFICE)
ASK_PAPER = Act("ask_paper", "Demander une pièce", frozenset({SENT, MANUAL}), MANUAL, _OFFICE)
FINISH = Act("finish", "Prendre en compte", frozenset({SENT, MANUAL}), DONE, _OFFICE)
REFUSE = Act("refuse", "Refuser", frozenset({AGREEMENT, HELD, READY, SENT, MANUAL}), REFUSED, _OFFICE)
STOP = Act("stop", "Arrêter", STOPPABLE, STOPPED, _PARTNER | _SYSTEM)
STOP_BY_OFFICE = Act("stop_by_office", "Arrêter, par un agent", LIVE, STOPPED, frozenset({ActorKind.AGENT}))
"""Of a bank change, flagged or not: ``services/bank/by_agent.py``."""
EXPIRE = Act("expire", "Laisser expirer", frozenset({ASKED, AGREEMENT}), EXPIRED, _SYSTEM)

CHANGE = Workflow(
    "ChangeRequest",
    (
        State(ASKED, "À confirmer par un code"),
        State(AGREEMENT, "En attente d’un second accord"),
        State(HELD, "Enregistrée, pas encore partie"),
        State(READY, "Prête à partir"),
        State(SENT, "Transmise à la caisse"),
        State(MANUAL, "En traitement par un agent"),
        State(DONE, "Prise en compte"),
        State(REFUSED, "Refusée"),
        State(STOPPED, "Arrêtée"),
        State(EXPIRED, "Expirée"),
    ),
    (
        PROVE,
        PROVE_FIRST,
        AGREE,
        DECLINE,
        RELEASE,
        SEND,
        TAKE_BY_HAND,
        ASK_PAPER,
        FINISH,
        REFUSE,
        STOP,
        STOP_BY_OFFICE,
        EXPIRE,
    ),
)

PAPER_AWAITED = "paper_awaited"
"""The status of a line that asks for a paper; of declarations too."""
OUTCOME_ACTS = {"integrated": FINISH, "manual": TAKE_BY_HAND, "rejected": REFUSE, PAPER_AWAITED: ASK_PAPER}
"""The act each status of outcomes.csv stands for."""

AWAITED, GIVEN, REPLACED, CLOSED = "awaited", "given", "replaced", "closed"
GIVE = Act("give", "Ajouter la pièce", frozenset({AWAITED}), GIVEN, _PARTNER)
ASK_ANOTHER = Act("ask_another", "Demander une autre pièce", frozenset({AWAITED}), REPLACED, _OFFICE)
LET_GO = Act("let_go", "Ne plus l’attendre", frozenset({AWAITED}), CLOSED, _SYSTEM)
"""Done by triggers as soon as what it is about is no more with an officer: decided, or corrected."""
PAPER = Workflow(
    "AwaitedPaper",
    (
        State(AWAITED, "Attendue"),
        State(GIVEN, "Ajoutée"),
        State(REPLACED, "Remplacée par une autre demande"),
        State(CLOSED, "Plus attendue"),
    ),
    (GIVE, ASK_ANOTHER, LET_GO),
)
