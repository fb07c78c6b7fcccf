"""The reasons of payments as texts the office may edit."""

from __future__ import annotations

from dataclasses import replace

from parvis.parameters import texts
from parvis.tenancies.reasons import REASONS, TEXTS, UNKNOWN


def _default(code: str) -> dict[str, str]:
    known = REASONS[code](UNKNOWN) if code in REASONS else None
    return {"sentence": known.sentence, "action": known.action} if known else {}


FAMILY = replace(
    texts.of_sentences(
        TEXTS,
        "Raisons d’un paiement",
        "Pourquoi un montant a changé, par code de la caisse. Le texte d’origine cite parfois une date ou une somme.",
        {code: told(UNKNOWN).sentence for code, told in REASONS.items()},
    ),
    fields=(
        texts.TextField("sentence", "Pourquoi", "Jamais un mot de la vie du locataire.", rows=3),
        texts.TextField("action", "Ce que le bailleur peut faire", rows=2, is_optional=True),
    ),
    default=_default,
)
