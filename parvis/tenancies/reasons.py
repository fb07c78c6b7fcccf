"""Why an amount changed: what a landlord may be told, and what is left to do (ux.md B15.3).

Nothing here speaks of the tenant's income, family or health: the office is bound to secrecy (domain.md §3.1).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason as the landlord reads it; ``action`` is empty when there is nothing to do."""

    sentence: str
    action: str = ""


NOTHING_TO_DO = "Aucune action de votre part."
TALK_TO_THE_TENANT = "Parlez-en avec votre locataire."

REASONS = {
    "yearly_revision": Reason("Montant recalculé au 1er janvier.", "Ajustez la part du locataire."),
    "quarterly_review": Reason("L’aide est réexaminée tous les trois mois.", "Ajustez la part du locataire."),
    "late_payment": Reason("Le versement a été fait plus tard que d’habitude.", NOTHING_TO_DO),
    "file_pending": Reason(
        "L’aide est en attente d’un élément. Nous ne pouvons pas vous dire lequel.", TALK_TO_THE_TENANT
    ),
    "july_rent_missing": Reason(
        "Nous attendons le loyer de juillet.", "Déclarez-le dans «\u00a0Loyers de juillet\u00a0»."
    ),
    "move_out": Reason("Un départ est connu de la caisse.", "Si la date est fausse, contactez la caisse."),
    "arrears": Reason("Un dossier d’impayé est ouvert.", "Suivez le plan convenu avec la caisse."),
    "overpayment": Reason("Retenue sur une somme versée en trop.", "Pour la contester, contactez la caisse."),
    "direct_payment_ended": Reason("L’aide est versée au locataire.", NOTHING_TO_DO),
    "excess": Reason("L’aide dépasse le loyer et les charges.", "Reversez la différence au locataire."),
    "dwelling_check": Reason("L’état du logement est à vérifier.", "La caisse vous contacte."),
}
"""By the ``reason_code`` of the payments feed. An unknown code shows no sentence rather than a wrong one."""


NEUTRAL = Reason("Montant établi par votre caisse.", "Une question\u00a0? Contactez-la.")
"""For a code that this portal does not know yet: nothing is guessed."""
NOT_PAID = Reason("L’aide n’a pas été versée cette fois. Nous ne pouvons pas vous dire pourquoi.", TALK_TO_THE_TENANT)
"""For a tenant without a line of payment, where nothing that the landlord may know explains it."""


def explained(codes: Iterable[str]) -> tuple[Reason, ...]:
    """What the codes of a statement say, each once; an unknown one has the neutral sentence."""
    return tuple(dict.fromkeys(REASONS.get(code, NEUTRAL) for code in codes if code))


def reason_of(code: str) -> Reason | None:
    """The reason a code stands for; None for an empty or unknown code."""
    return REASONS.get(code)
