"""What follows a reported debt: the plan agreed with the tenant, whether it is kept, that all is paid. Pure.

The landlord is given six months to send a plan, two where direct payment was refused (CCH R.824-7, R.824-22, until the end of
2026); how it goes is looked at every six months at least (CCH R.824-9).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from parvis.declarations.kinds.answers import YES_NO, Answers
from parvis.declarations.kinds.kind import Ask, Caution, Question, Reading, TenancyFacts
from parvis.kit.days import months_later
from parvis.kit.money import NBSP, euros
from parvis.kit.periods import day
from parvis.parameters.law import legal

STAGES = {
    "plan": "Un plan est convenu avec le locataire",
    "progress": "Le point sur le plan",
    "settled": "Tout est payé",
}
"""What a report that follows may be about."""
COMMISSION = "commission de prévention des expulsions (CCAPEX)"
NOTICE = timedelta(days=30)
"""How long before the last day a landlord is asked for the plan."""
NO_PLAN_DAY, NO_MONTHLY = "Indiquez la date du plan.", "Indiquez la somme remboursée chaque mois."
_CARRIED = (Question("stage", "", Ask.FIXED), Question("about", "", Ask.FIXED))


def questions(facts: TenancyFacts) -> tuple[Question, ...]:
    """What is asked of the stage the report is about."""
    owed = Question(
        "owed",
        "Somme encore due aujourd’hui, loyer et charges",
        Ask.AMOUNT,
        missing="Indiquez la somme encore due.",
    )
    if facts.stage == "plan":
        return (
            *_CARRIED,
            Question("agreed_on", "Date du plan", Ask.DAY, hint=f"Exemple{NBSP}: 05/05/2026", missing=NO_PLAN_DAY),
            Question("agreed_monthly", "Somme remboursée chaque mois", Ask.AMOUNT, missing=NO_MONTHLY),
            owed,
        )
    if facts.stage == "progress":
        return (*_CARRIED, Question("kept", f"Le plan est-il respecté{NBSP}?", Ask.CHOICE, choices=YES_NO), owed)
    paid = Question(
        "settled_on",
        "Date du dernier paiement",
        Ask.DAY,
        hint="Jour où le locataire a fini de payer sa dette.",
        missing="Indiquez la date du dernier paiement.",
    )
    return (*_CARRIED, paid)


def read(typed: Mapping[str, str], facts: TenancyFacts) -> Reading:
    """Check what is said of a debt reported before."""
    answers = Answers(questions(facts), typed)
    stage, about = facts.stage, answers.text("about")
    reader = {"plan": _plan, "progress": _progress}.get(stage, _settled)
    details, lines, effect = reader(answers, facts)
    if answers.errors:
        return Reading(errors=answers.errors)
    return Reading(
        details={"stage": stage, "about": about, **details},
        lines=(("Suite de la déclaration", about), ("Objet", STAGES[stage]), *lines),
        effect=effect,
        cautions=monthly_above_debt(details.get("monthly_cents", 0), details.get("owed_cents", 0)),
    )


def monthly_above_debt(monthly_cents: int, owed_cents: int) -> tuple[Caution, ...]:
    """More paid back each month than there is to pay: an amount may be wrong."""
    if monthly_cents <= owed_cents:
        return ()
    title = f"{euros(monthly_cents)} par mois, pour {euros(owed_cents)} dus en tout."
    sentence, confirm = "Vérifiez les deux montants.", "Ces montants sont exacts"
    return (Caution("monthly_above_debt", title, sentence, confirm, ("Loyer du mois compris", "Autre")),)


_Told = tuple[dict[str, Any], tuple[tuple[str, str], ...], str]


def _plan(answers: Answers, facts: TenancyFacts) -> _Told:
    agreed, monthly = past_day(answers, "agreed_on", facts), answers.cents("agreed_monthly", zero="Indiquez la somme.")
    owed = answers.cents("owed", zero="Si tout est payé, revenez en arrière et dites-le.")
    if agreed is None or monthly is None or owed is None:
        return {}, (), ""
    details = {"agreed_on": agreed.isoformat(), "monthly_cents": monthly, "owed_cents": owed}
    lines = (("Plan du", day(agreed)), ("Somme par mois", euros(monthly)), ("Somme encore due", euros(owed)))
    return (
        details,
        lines,
        _kept(facts, "L’aide continue tant que le plan est respecté et le loyer payé. Nous ferons le point avec vous."),
    )


def _progress(answers: Answers, facts: TenancyFacts) -> _Told:
    kept, owed = answers.choice("kept"), answers.cents("owed", zero="Si tout est payé, revenez en arrière et dites-le.")
    if owed is None:
        return {}, (), ""
    lines = (("Plan respecté", answers.words("kept")), ("Somme encore due", euros(owed)))
    effect = (
        _kept(facts, "L’aide continue.")
        if kept == "yes"
        else "Votre caisse prend contact avec le locataire et vous dit la suite."
    )
    return {"kept": kept == "yes", "owed_cents": owed}, lines, effect


def _kept(facts: TenancyFacts, until_2026: str) -> str:
    """What a plan that is kept means for the aid: from 2027 the commission decides (décret 2026-84)."""
    if legal("arrears_threshold_amount", on=facts.today) is None:
        return until_2026
    return f"Votre caisse en informe la {COMMISSION}, qui décide de l’aide."


def _settled(answers: Answers, facts: TenancyFacts) -> _Told:
    paid = past_day(answers, "settled_on", facts)
    if paid is None:
        return {}, (), ""
    return {"settled_on": paid.isoformat()}, (("Tout est payé depuis le", day(paid)),), "Votre caisse clôt cet impayé."


def past_day(answers: Answers, name: str, facts: TenancyFacts) -> date | None:
    """A day that is over and that the tenant was there for; else its sentence is noted."""
    found = answers.day(name)
    if found is not None and found > facts.today:
        answers.errors[name] = "Cette date est à venir."
    elif found is not None and found < facts.start_on:
        answers.errors[name] = f"Cette date est avant l’entrée dans les lieux ({day(facts.start_on)})."
    return found


def asked_again(details: Mapping[str, Any], today: date) -> date | None:
    """When the landlord is asked how it goes: for the plan before its last day, else every so many months.

    Never once all is paid, nor of a debt below the threshold. Where the law gives no last day for a plan (from 2027), how it goes
    is looked at all the same.
    """
    stage = details.get("stage")
    if stage == "settled" or details.get("constituted") is False:
        return None
    until = None if stage or details.get("plan") else plan_until(details, today)
    if until is not None:
        return until - NOTICE
    months = legal("plan_check_interval", on=today)
    return months_later(today, int(months)) if months is not None else None


def plan_until(details: Mapping[str, Any], reported_on: date) -> date | None:
    """The last day to send the plan, where the law sets one: of a debt below the threshold none is due."""
    if details.get("constituted") is False:
        return None
    refused = details.get("direct_payment_wanted") is False
    key = "arrears_repayment_plan_deadline" + ("_if_landlord_refuses_direct_payment" if refused else "")
    months = legal(key, on=reported_on)
    return months_later(reported_on, int(months)) if months is not None else None
