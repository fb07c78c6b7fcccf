"""Why an amount changed: what a landlord may be told, and what is left to do (ux.md B15.3).

Nothing here speaks of the tenant's income, family or health: the office is bound to secrecy (domain.md §3.1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from parvis.kit.money import NBSP, euros
from parvis.kit.periods import MONTHS, day, month
from parvis.kit.text import of


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason as the landlord reads it; ``action`` is empty when there is nothing to do."""

    sentence: str
    action: str = ""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known around a line of payment. What is not known is left out of the sentence, never guessed.

    ``month`` is the month of right; ``excess_cents`` what the aid exceeds rent and charges by. ``left_on`` is a departure,
    ``left_told`` whether the landlord declared it; ``arrears_on`` and ``plan_by`` an arrears file as the landlord opened it;
    ``arrears_told`` what they sent since: ``plan``, ``settled`` or nothing.
    """

    month: date | None = None
    paid_on: date | None = None
    withheld_cents: int = 0
    remaining_cents: int | None = None
    excess_cents: int = 0
    left_on: date | None = None
    left_told: bool = False
    arrears_on: date | None = None
    plan_by: date | None = None
    arrears_told: str = ""


NOTHING_TO_DO = "Aucune action de votre part."
TALK_TO_THE_TENANT = "Parlez-en avec votre locataire."
ADJUST = "Aucune démarche. Ajustez la part du locataire."
"""Nothing is asked of the landlord (ux.md B15.3), yet the aid is taken off what the tenant pays (CCH L.832-2, L.842-1)."""
CONTEST = "Pas d’accord\u00a0? Écrivez à votre caisse."
SEND_THE_PLAN = "Convenez d’un plan avec le locataire, puis envoyez-le."
REPORT_FIRST = "Convenez d’un plan avec le locataire. Il s’envoie ici une fois l’impayé déclaré."

Told = Callable[[Surroundings], Reason]


def _always(sentence: str, action: str = "") -> Told:
    reason = Reason(sentence, action)
    return lambda _: reason


def _yearly_revision(around: Surroundings) -> Reason:
    since = f"01/01/{around.month.year}" if around.month else "1er janvier"
    return Reason(f"Montant recalculé au {since}.", ADJUST)


def _late_payment(around: Surroundings) -> Reason:
    if around.month is None or around.paid_on is None:
        return Reason("Le versement a été fait plus tard que d’habitude.", NOTHING_TO_DO)
    name = MONTHS[around.month.month - 1]
    return Reason(f"Le versement {of(name)} a été fait en {MONTHS[around.paid_on.month - 1]}.", NOTHING_TO_DO)


def july_awaited(month: date) -> int:
    """Of which July the rent is wanted for the aid of a month: that of the year before (domain.md §4)."""
    return month.year - 1


def _july_rent_missing(around: Surroundings) -> Reason:
    year = f"{NBSP}{july_awaited(around.month)}" if around.month else ""
    return Reason(
        f"Nous attendons le loyer de juillet{year}.", "Déclarez-le\u00a0: l’aide peut reprendre, avec rappel."
    )


def _move_out(around: Surroundings) -> Reason:
    if around.left_on is None:
        return Reason("Un départ est connu de la caisse.", "La date est fausse\u00a0? Corrigez-la.")
    who = "déclaré par vous" if around.left_told else "connu de votre caisse"
    return Reason(f"Départ le {day(around.left_on)}, {who}.", "La date est fausse\u00a0? Corrigez-la.")


def _arrears(around: Surroundings) -> Reason:
    if around.arrears_told == "settled":
        return Reason("Impayé\u00a0: vous avez dit à votre caisse que tout est payé.", NOTHING_TO_DO)
    if around.arrears_on is None:
        return Reason("Un dossier d’impayé est ouvert.", REPORT_FIRST)
    opened = f"Dossier d’impayé ouvert le {day(around.arrears_on)}."
    if around.arrears_told == "plan":
        return Reason(f"{opened} Votre plan est envoyé.", "Dites à votre caisse si le plan n’est plus respecté.")
    plan = f" Plan attendu avant le {day(around.plan_by)}." if around.plan_by else ""
    return Reason(f"{opened}{plan}", SEND_THE_PLAN)


def _overpayment(around: Surroundings) -> Reason:
    if not around.withheld_cents or around.month is None:
        return Reason("Retenue sur une somme versée en trop.", CONTEST)
    rest = "" if around.remaining_cents is None else f" Reste {euros(around.remaining_cents)}."
    what = f"{euros(around.withheld_cents)} retenus sur une somme versée en trop en {month(around.month)}."
    return Reason(f"{what}{rest}", CONTEST)


def _direct_payment_ended(around: Surroundings) -> Reason:
    since = f" depuis le {day(around.month)}" if around.month else ""
    return Reason(f"L’aide est versée au locataire{since}.", "Vous pouvez redemander le versement direct.")


def _excess(around: Surroundings) -> Reason:
    by = f" de {euros(around.excess_cents)}" if around.excess_cents > 0 else ""
    return Reason(
        f"L’aide dépasse le loyer et les charges{by}\u00a0: cette somme revient au locataire.", "Reversez-la-lui."
    )


REASONS: dict[str, Told] = {
    "yearly_revision": _yearly_revision,
    "quarterly_review": _always("L’aide est réexaminée tous les trois mois.", ADJUST),
    "late_payment": _late_payment,
    "file_pending": _always(
        "L’aide est en attente d’un élément. Nous ne pouvons pas vous dire lequel.", TALK_TO_THE_TENANT
    ),
    "july_rent_missing": _july_rent_missing,
    "move_out": _move_out,
    "arrears": _arrears,
    "overpayment": _overpayment,
    "direct_payment_ended": _direct_payment_ended,
    "excess": _excess,
    "dwelling_check": _always("L’état du logement est à vérifier.", "Prenez rendez-vous avec votre caisse."),
}
"""By the ``reason_code`` of the payments feed. An unknown code shows no sentence rather than a wrong one."""


NEUTRAL = Reason("Montant établi par votre caisse.", "Une question\u00a0? Contactez-la.")
"""For a code that this portal does not know yet: nothing is guessed."""
NOT_PAID = Reason("L’aide n’a pas été versée cette fois. Nous ne pouvons pas vous dire pourquoi.", TALK_TO_THE_TENANT)
"""For a tenant without a line of payment, where nothing that the landlord may know explains it."""
ENDED = {
    "late": Reason("Le versement décalé du mois dernier ne se répète pas.", NOTHING_TO_DO),
    "back_payment": Reason("Le rappel du mois dernier est terminé.", NOTHING_TO_DO),
    "recovery": Reason("La retenue du mois dernier est terminée.", NOTHING_TO_DO),
}
"""What is said of something that was there a month ago and is not any more, by what it was (``Change.kind``)."""
UNKNOWN = Surroundings()


TEXTS = "payment-reasons"
"""The family of these sentences: what the office writes in their place says the same to everybody, without dates or sums."""


_written: Callable[[], Mapping[str, Mapping[str, str]]] = dict
"""What the office wrote in place of these sentences, by code: nothing until the application says where it is read."""


def read_from(written: Callable[[], Mapping[str, Mapping[str, str]]]) -> None:
    """Say where what the office wrote is read: decisions use these sentences, and know no database."""
    global _written
    _written = written


def explained(codes: Iterable[str], around: Surroundings = UNKNOWN) -> tuple[Reason, ...]:
    """What the codes of a statement say, each once; an unknown one has the neutral sentence."""
    told = (reason_of(code, around) or NEUTRAL for code in codes if code)
    return tuple(dict.fromkeys(told))


def reason_of(code: str, around: Surroundings = UNKNOWN) -> Reason | None:
    """The reason a code stands for; None for an empty or unknown code."""
    written = _written().get(code)
    if written:
        return Reason(written["sentence"], written["action"])
    return REASONS[code](around) if code in REASONS else None
