"""A debt as it was told: since when it is owed, what is to be confirmed of it, whether one may wait. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from parvis.declarations.kinds.arrears.following import monthly_above_debt
from parvis.declarations.kinds.arrears.law import RULE_2026, Judgement, UnpaidMonth, threshold_2027
from parvis.declarations.kinds.arrears.months import default_of
from parvis.declarations.kinds.arrears.waiting import reported_from
from parvis.declarations.kinds.kind import Caution, TenancyFacts
from parvis.kit.days import months_spelled
from parvis.kit.money import NBSP, euros
from parvis.kit.periods import day, month

WHY_NOT_THE_TABLE = ("Dette plus ancienne", "Régularisation de charges", "Remise accordée", "Autre")
WHY_NOW = ("Impayés répétés", "Locataire sans réponse", "Plan en préparation", "Autre")
"""Why a debt is reported that need not be: of what passed between the two, nothing of the tenant's life."""


@dataclass(frozen=True, slots=True)
class Debt:
    """A debt as it was told, every part of it read. ``since`` is what is judged: the earlier of the day ``written`` and the table's."""

    cents: int
    written: date
    since: date
    facts: TenancyFacts
    months: Sequence[UnpaidMonth]
    plan: tuple[date, int] | None


def earlier(written: date, by_table: date | None) -> date:
    """Since when something is owed. Of one and the same month the day written says more than the table, which has no days."""
    if by_table is None or by_table.replace(day=1) == written.replace(day=1):
        return written
    return min(written, by_table)


def waits(found: Judgement, told: Debt) -> date | None:
    """The day one may wait for; nobody is asked again about a tenant who died."""
    if found.constituted is not False or told.facts.claimant_died:
        return None
    return reported_from(told.facts, told.cents, told.since)


def table_cents(told: Debt) -> int:
    """What the table adds up to; more paid than due is no debt."""
    return max(0, sum(line.owed_cents for line in told.months))


def cautions(found: Judgement, told: Debt) -> tuple[Caution, ...]:
    """What is to be confirmed: what differs, what is more than it can be, what need not be declared yet."""
    asked = []
    total = table_cents(told)
    if told.months and total != told.cents:
        title = f"Le tableau donne {euros(total)}, vous avez écrit {euros(told.cents)}."
        confirm = f"La somme due est {euros(told.cents)}"
        asked.append(Caution("months_differ", title, "Vérifiez les deux.", confirm, WHY_NOT_THE_TABLE))
    by_table = default_of(list(told.months), told.facts)
    if by_table is not None and (by_table.year, by_table.month) != (told.written.year, told.written.month):
        title = f"Selon le tableau, le premier impayé est de {month(by_table)}. Vous avez écrit {day(told.written)}."
        sentence = "Vérifiez les deux. Nous retenons la date la plus ancienne."
        asked.append(Caution("since_differs", title, sentence, f"Retenir le {day(told.since)}"))
    if found.clamped:
        # Who may not see payments is not told how the aid compares.
        known = "L’aide connue dépasse le loyer et les charges."
        title = known if told.facts.shows_aid else "Le seuil n’a pas pu être calculé."
        sentence = "Vérifiez votre loyer auprès de la caisse. Un agent examinera cette déclaration."
        asked.append(Caution("aid_exceeds_rent", title, sentence, "Déclarer quand même", WHY_NOW))
    elif found.constituted is False:
        sentence = "Vous pouvez attendre, ou déclarer dès maintenant."
        asked.append(Caution("below_threshold", _below(found, told.facts), sentence, "Déclarer quand même", WHY_NOW))
    if told.plan is not None:
        asked += monthly_above_debt(told.plan[1], told.cents)
    return tuple(asked)


def _below(found: Judgement, facts: TenancyFacts) -> str:
    not_yet = f"{NBSP}: la déclaration n’est pas encore obligatoire."
    if found.rule == RULE_2026:
        threshold = f" de {euros(found.threshold_cents or 0)}" if facts.shows_aid else ""
        return f"En dessous du seuil{threshold}{not_yet}"
    amount, patience = threshold_2027(facts.today)
    return f"{euros(amount)} au plus, dus depuis moins de {months_spelled(patience)}{not_yet}"
