"""Sentences the landlord pages put together from several facts; French, as the person reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from parvis.declarations.selectors import CampaignCard
from parvis.declarations.selectors.campaign import OfficeDates
from parvis.declarations.selectors.tenant_declared import Declared
from parvis.kit.money import euros
from parvis.kit.periods import day, day_and_month, month
from parvis.parameters.law import legal
from parvis.tenancies.models import Decency
from parvis.tenancies.rules import MonthFigures
from parvis.tenancies.selectors.portfolio import ProcessingDelay, Transfers
from parvis.tenancies.selectors.sheet import TenancySheet

LAST_DAYS = 10
RENTS_PER_MINUTE = 4
LONGEST_ESTIMATE = 100

ENTRY_KINDS = {
    "to_declare": "warm",
    "drafted": "",
    "to_confirm": "warm",
    "to_correct": "bad",
    "submitted": "info",
    "integrated": "ok",
    "rejected": "bad",
    "suspended": "bad",
}
"""The colour of a July rent's pill in the list, by its state."""
DECLARATION_PILLS = {
    "submitted": ("info", "Transmis"),
    "sent": ("info", "Transmis"),
    "integrated": ("ok", "Pris en compte"),
    "manual": ("info", "En traitement"),
    "awaiting": ("warm", "Pièce attendue"),
    "rejected": ("bad", "Refusé"),
    "corrected": ("", "Corrigé"),
}

KIND_ICONS = {
    "july_rent": "euro",
    "arrears": "nopay",
    "move_out": "truck",
    "lease_holders": "users",
    "death": "leaf",
    "end_of_management": "sign",
}
"""The icon of a kind of declaration."""

# That the tenant told it is not said: it is the tenant's own declaration (domain.md §3.3).
RENT_SOURCES = {"landlord": "déclaré par le bailleur", "office": "relevé par la caisse"}


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the timeline « Déjà déclaré »."""

    title: str
    url: str | None
    text: str
    state_kind: str
    state_label: str


def already_declared(declared: Declared, sheet: TenancySheet, account: str) -> list[Step]:
    """What was sent from here, then the July rents the office holds from elsewhere."""
    steps, told = [], set()
    for line in declared.lines:
        kind, label = DECLARATION_PILLS.get(line.state, ("", ""))
        text = f"{euros(line.rent_cents)}, déclaré le {day(line.submitted_at)}" if line.rent_cents else ""
        url = reverse("declaration", args=[account, line.opaque])
        steps.append(Step(line.title, url, text or f"Déclaré le {day(line.submitted_at)}", kind, label))
        told.add(line.year)
    for rent in sheet.july_rents:
        if rent.year not in told:
            text = ", ".join(words for words in (euros(rent.cents), RENT_SOURCES.get(rent.source)) if words)
            steps.append(Step(f"Loyer de juillet {rent.year}", None, text, "ok", "Pris en compte"))
    return steps


def chart_sentence(months: Sequence[MonthFigures], *, paid_to_landlord: bool) -> str:
    """What the drawing of rents and aids says, for those who do not see it."""
    words = f"Loyer hors charges{' et aide versée' if paid_to_landlord else ''}, de {month(months[0].month)} à "
    words += f"{month(months[-1].month)}. Loyer\u00a0: {_span([item.rent_cents for item in months])}."
    if paid_to_landlord:
        words += f" Aide\u00a0: {_span([item.aid_cents for item in months])}."
    return words


def _span(amounts: Sequence[int | None]) -> str:
    known = [cents for cents in amounts if cents is not None]
    if not known:
        return "non connu"
    return euros(known[0]) if known[0] == known[-1] else f"{euros(known[0])} puis {euros(known[-1])}"


@dataclass(frozen=True, slots=True)
class CampaignWords:
    """How the campaign card speaks today. ``missing`` are the rents that are late; ``offices`` says each one's own date."""

    phase: str
    pill: str
    days_left: int | None
    until: str
    sentence: str
    missing: int = 0
    offices: tuple[str, ...] = ()


def campaign_words(card: CampaignCard, today: date, suspended: int | None = None) -> CampaignWords:
    """The phase of the campaign for this landlord: coming, nothing, done, suspended, closed, last_days or open (ux.md B12).

    ``suspended`` is how many tenants who are still there have their aid suspended; every rent that is missing, if not told.
    """
    left = (card.deadline_on - today).days
    if today < card.opens_on:
        return CampaignWords("coming", "Bientôt", None, "", f"La déclaration ouvre le {day_and_month(card.opens_on)}.")
    if not card.total:
        return CampaignWords("nothing", "Campagne ouverte", None, "", "")
    if not card.remaining:
        return CampaignWords("done", "Tout est transmis", None, "", "")
    offices = office_words(card, today)
    if count := card.suspended(today) if suspended is None else suspended:
        return CampaignWords("suspended", "Aide suspendue", None, "", _suspended(card, count), count, offices)
    if count := card.late(today):
        pill = "En retard" if card.next_deadline(today) else "Campagne terminée"
        return CampaignWords("closed", pill, None, "", _late(card, today), count, offices)
    until = f"Fin le {day_and_month(card.deadline_on)}{' au plus tôt, selon la caisse' if offices else ''}."
    if card.remaining <= LONGEST_ESTIMATE:
        minutes = max(1, round(card.remaining / RENTS_PER_MINUTE))
        until += f" Comptez {minutes}\u00a0minute{'s' if minutes > 1 else ''}."
    if left <= LAST_DAYS:
        pill = f"Plus que {left}\u00a0jour{'s' if left > 1 else ''}" if left else "Dernier jour"
        return CampaignWords("last_days", pill, left or None, until, "", offices=offices)
    return CampaignWords("open", "Campagne ouverte", left, until, "", offices=offices)


def office_words(card: CampaignCard, today: date) -> tuple[str, ...]:
    """What is left at each office and until when, where the dates are not the same everywhere."""
    return tuple(f"{office.name}\u00a0: {_of_office(office, today)}" for office in card.owing_offices)


def _of_office(office: OfficeDates, today: date) -> str:
    count = office.remaining
    if today < office.opens_on:
        return f"ouverture le {day_and_month(office.opens_on)}."
    if today <= office.deadline_on:
        return f"{count}\u00a0loyer{'s' if count > 1 else ''} à déclarer avant le {day_and_month(office.deadline_on)}."
    missing = f"{count}\u00a0loyer{'s manquent' if count > 1 else ' manque'}"
    if today < office.suspension_on:
        return f"{missing}, la date du {day_and_month(office.deadline_on)} est passée."
    return f"{missing}, l’aide est suspendue depuis le {day_and_month(office.suspension_on)}."


def _suspended(card: CampaignCard, count: int) -> str:
    whose = "son loyer" if count == 1 else "leur loyer"
    return f"{whose} de juillet\u00a0{card.year} manque. Déclarez-le\u00a0: l’aide peut reprendre, avec rappel."


def _late(card: CampaignCard, today: date) -> str:
    """What still can be done after the deadline (ux.md B12)."""
    words = "Vous pouvez encore les déclarer\u00a0: l’aide sera recalculée à partir de leur prise en compte."
    suspension_on = card.next_suspension(today)
    return f"{words} Après le {day_and_month(suspension_on)}, elle peut être suspendue." if suspension_on else words


TOPICS = {
    "housing_aid_claim": "Demande d’aide au logement",
    "mail": "Réponse aux mails",
    "direct_payment": "Versement direct",
    "arrears": "Impayé",
}


def delay_words(delays: Sequence[ProcessingDelay]) -> list[tuple[str, str]]:
    """Processing times in words, those of known topics: (what, how long)."""
    return [(TOPICS[delay.topic], _weeks(delay)) for delay in delays if delay.topic in TOPICS]


def _weeks(delay: ProcessingDelay) -> str:
    low, high = delay.min_weeks, delay.max_weeks
    return f"{low}\u00a0sem." if low == high else f"{low} à {high}\u00a0sem."


def transfers_sentence(transfers: Transfers | None) -> str:
    """What the drawing of transfers says, for those who do not see it."""
    if transfers is None:
        return ""
    first, last = transfers.months[0], transfers.months[-1]
    if first == last:
        return f"Versements reçus en {month(last.month)}\u00a0: {euros(last.cents)}"
    return (
        f"Versements reçus chaque mois, de {month(first.month)} à {month(last.month)}\u00a0: "
        f"de {euros(first.cents)} à {euros(last.cents)}"
    )


def not_decent_words(sheet: TenancySheet, today: date) -> str:
    """What it means that a dwelling is not decent, and what ends it (CCH R.843-2, R.843-4); nothing of one that is."""
    months = legal("decency_withholding", on=today)
    if sheet.decency != Decency.NON_DECENT or months is None or sheet.is_former:
        return ""
    return (
        f"Une allocation de logement peut être conservée par votre caisse, {months:.0f}\u00a0mois en principe (CCH R.843-2)\u00a0: "
        "le locataire ne paie que le reste. Une fois le logement rendu décent, elle vous est versée (R.843-4)."
    )
