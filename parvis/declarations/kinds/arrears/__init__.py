"""Arrears: what is asked of a debt, month by month if wanted, and what is said of it. The law is in ``arrears.law``. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from parvis.declarations.kinds.answers import Answers
from parvis.declarations.kinds.arrears import following
from parvis.declarations.kinds.arrears.asking import questions
from parvis.declarations.kinds.arrears.debt import Debt, cautions, earlier, table_cents, waits
from parvis.declarations.kinds.arrears.effect import effect_of
from parvis.declarations.kinds.arrears.law import (
    RULE_2027,
    Judgement,
    judge,
    multiple_2026,
    threshold_2027,
)
from parvis.declarations.kinds.arrears.months import completed, default_of, read_months
from parvis.declarations.kinds.arrears.waiting import if_nothing_was_paid
from parvis.declarations.kinds.kind import DeclarationKind, Group, Reading, TenancyFacts
from parvis.declarations.rules import lateness_may_cost
from parvis.kit.days import months_spelled
from parvis.kit.money import NBSP, euros
from parvis.kit.periods import day, month
from parvis.parameters.law import legal

NO_DEBT = "Indiquez la somme due. Si tout est payé, il n’y a rien à déclarer."


def read(typed: Mapping[str, str], facts: TenancyFacts) -> Reading:
    """Check a debt, judge it by the rule of the day, and say until when to report it."""
    if facts.stage:
        return following.read(typed, facts)
    months, faults = read_months(typed, facts)
    answers = Answers(questions(facts), completed(typed, months, facts))
    for name in ("debt", "since") if faults else ():
        if not answers.text(name):
            answers.errors.pop(name, None)  # The table is to tell them, once it can be read.
    answers.errors |= faults
    debt, since = answers.cents("debt", zero=NO_DEBT), answers.day_or_month("since")
    if since is not None and since > facts.today:
        answers.errors["since"] = "Cette date est à venir."
    elif since is not None and since < facts.start_on.replace(day=1):
        answers.errors["since"] = f"Cette date est avant l’entrée dans les lieux ({day(facts.start_on)})."
    for name in ("paid_this_month", "in_place", "plan", "direct_payment"):
        answers.choice(name)
    plan, known = _plan(answers, facts), _completed_facts(answers, facts)
    if answers.errors or debt is None or since is None:
        return Reading(errors=answers.errors)
    told = Debt(debt, since, earlier(since, default_of(months, facts)), known, months, plan)
    found = judge(known, debt, first_default_on=told.since, months=months)
    return Reading(
        cautions=cautions(found, told),
        details=_details(found, told, answers),
        lines=_lines(found, told, answers),
        effect=effect_of(
            told,
            found,
            in_place=answers.choice("in_place") == "yes",
            refuses_direct_payment=not known.direct_payment and answers.choice("direct_payment") == "no",
        ),
        send_by=_send_by(found, told),
        rule=found.rule,
        wait_until=waits(found, told),
        also=("move_out",) if answers.choice("in_place") == "no" else (),
    )


def _plan(answers: Answers, facts: TenancyFacts) -> tuple[date, int] | None:
    """The day of the plan and what is paid back each month, where both can be read."""
    agreed = following.past_day(answers, "plan_on", facts)
    monthly = answers.cents("plan_monthly", zero="Indiquez la somme remboursée.")
    return (agreed, monthly) if agreed is not None and monthly is not None else None


def _completed_facts(answers: Answers, facts: TenancyFacts) -> TenancyFacts:
    """What is known, or else what was answered."""
    rent, charges, aid = answers.cents("rent"), answers.cents("charges"), answers.cents("aid")
    return replace(
        facts,
        rent_cents=facts.rent_cents if rent is None else rent,
        charges_cents=facts.charges_cents if charges is None else charges,
        aid_cents=facts.aid_cents if aid is None else aid,
    )


def _details(found: Judgement, told: Debt, answers: Answers) -> dict[str, Any]:
    until, known = found.report_until(), told.facts
    return {
        "debt_cents": told.cents,
        "first_default_on": told.since.isoformat(),
        "constituted": found.constituted,
        "constituted_on": found.constituted_on.isoformat() if found.constituted_on else None,
        "threshold_cents": found.threshold_cents,
        "report_until": until.isoformat() if until else None,
        "paid_to": "landlord" if known.direct_payment else "tenant",
        "basis": {
            "rent_cents": known.rent_cents,
            "charges_cents": known.charges_cents,
            "aid_cents": known.aid_cents if known.direct_payment else None,
        },
        "paid_this_month": answers.choice("paid_this_month"),
        "tenant_in_place": answers.choice("in_place") == "yes",
        "plan": {"agreed_on": told.plan[0].isoformat(), "monthly_cents": told.plan[1]} if told.plan else None,
        "direct_payment_wanted": None if known.direct_payment else answers.choice("direct_payment") == "yes",
        "steps_taken": answers.text("steps") or None,
        "months": [
            {"month": f"{line.month:%Y-%m}", "due_cents": line.due_cents, "paid_cents": line.paid_cents}
            for line in told.months
        ],
        "for_officer": found.clamped or found.constituted is None,
    }


def _lines(found: Judgement, told: Debt, answers: Answers) -> tuple[tuple[str, str], ...]:
    plan = f"du {day(told.plan[0])}, {euros(told.plan[1])} par mois" if told.plan else "Aucun"
    asked = (
        *((words, euros(cents)) for words, cents in _answered_basis(answers)),
        ("Somme due, loyer et charges", euros(told.cents)),
        ("Total du tableau", _other_total(told)),
        ("Depuis le", day(told.since)),
        ("Loyer de ce mois payé", answers.words("paid_this_month")),
        ("Locataire dans le logement", answers.words("in_place")),
        ("Plan", plan),
        ("Versement direct souhaité", answers.words("direct_payment")),
        ("Démarches", answers.text("steps")),
        ("Règle appliquée", _rule_words(found, told.facts)),
    )
    of_months = (
        (month(line.month).capitalize(), f"{euros(line.due_cents)} dus, {euros(line.paid_cents)} payés")
        for line in sorted(told.months, key=lambda line: line.month)
    )
    return (*((words, value) for words, value in asked if value), *of_months)


def _other_total(told: Debt) -> str:
    """The total of the table where another sum was confirmed; nothing where they agree."""
    total = table_cents(told)
    return f"{euros(total)}, somme due confirmée" if told.months and total != told.cents else ""


def _rule_words(found: Judgement, facts: TenancyFacts) -> str:
    """The law of the day of the report, with its threshold."""
    if found.rule == RULE_2027:
        amount, patience = threshold_2027(facts.today)
        return (
            f"plus de {euros(amount)}, ou {months_spelled(patience)} après un premier loyer non réglé (décret 2026-84)"
        )
    less = ", aide déduite" if facts.direct_payment else ""
    # The receipt is read by colleagues who may not see payments: from this sum they would know the aid.
    is_told = found.threshold_cents is not None and not facts.direct_payment
    threshold = f", soit {euros(found.threshold_cents or 0)}" if is_told else ""
    return f"{months_spelled(multiple_2026(facts))} de loyer et charges{less}{threshold} (CCH R.824-1)"


def _answered_basis(answers: Answers) -> list[tuple[str, int]]:
    labels = (("rent", "Loyer d’un mois"), ("charges", "Charges d’un mois"), ("aid", "Aide reçue chaque mois"))
    return [(words, cents) for name, words in labels if (cents := answers.cents(name)) is not None]


def _send_by(found: Judgement, told: Debt) -> str:
    """Until when to report; once it is reported there is nothing left to say of it.

    Without the table the last day is the earliest it can be: as if nothing had been paid since the first default.
    """
    if not found.constituted:
        return ""
    today, supposed = told.facts.today, ""
    until, deadline = found.report_until(), months_spelled(int(legal("arrears_report_deadline", on=today) or 0))
    if until is None:
        until = if_nothing_was_paid(told.facts, told.since).report_until()
        supposed = f" si rien n’a été payé depuis le {day(told.since)}. Le tableau mois par mois donne la date exacte"
    if until is None:
        since = "à partir du jour où la dette a dépassé le seuil"
        return f"Vous avez {deadline} pour signaler, {since}."
    late = ""
    if until < today:
        late = f" Cette date est passée{NBSP}: dites pourquoi dans «{NBSP}Démarches déjà faites{NBSP}». {lateness_may_cost(today)}"
    return f"Vous avez {deadline} pour signaler, soit jusqu’au {day(until)}{supposed}.{late}"


ARREARS = DeclarationKind(
    code="arrears",
    title="Déclaration d’un impayé",
    card="Loyer et charges dus\u00a0: nous calculons le seuil avec vous.",
    lead="Signaler tôt protège le locataire et vous.",
    group=Group.RENT,
    order=2,
    questions=questions,
    read=read,
    papers="Relevé du compte locataire, lettre de relance, plan signé.",
    asked_again=following.asked_again,
)
