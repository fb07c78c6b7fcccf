"""Arrears: what is asked of a debt, month by month if wanted, and what is said of it. The law is in ``arrears.law``. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from parvis.declarations.kinds.answers import YES_NO, Answers
from parvis.declarations.kinds.arrears import following
from parvis.declarations.kinds.arrears.debt import Debt, cautions, earlier, waits
from parvis.declarations.kinds.arrears.law import (
    RULE_2026,
    RULE_2027,
    Judgement,
    judge,
    multiple_2026,
    rule_on,
    threshold_2026,
    threshold_2027,
)
from parvis.declarations.kinds.arrears.months import completed, default_of, read_months
from parvis.declarations.kinds.kind import Ask, DeclarationKind, Group, Question, Reading, TenancyFacts
from parvis.declarations.parameters import legal
from parvis.kit.days import months_spelled
from parvis.kit.money import NBSP, decimal, euros
from parvis.kit.periods import day, month

PAID = (("yes", "Oui"), ("no", "Non"), ("partly", "En partie"))
NO_DEBT = "Indiquez la somme due. Si tout est payé, il n’y a rien à déclarer."


def questions(facts: TenancyFacts) -> tuple[Question, ...]:
    """What is asked of a debt; what the threshold is made of only where it is not known."""
    return following.questions(facts) if facts.stage else _of_the_debt(facts)


def _of_the_debt(facts: TenancyFacts) -> tuple[Question, ...]:
    return (
        *_basis_questions(facts),
        Question(
            "debt",
            "Somme due aujourd’hui, loyer et charges",
            Ask.AMOUNT,
            hint=f"{_threshold_words(facts)} Laissez vide si vous remplissez le tableau.",
        ),
        Question(
            "since",
            f"Depuis quand{NBSP}?",
            Ask.DAY,
            hint=f"Date du premier loyer non payé en entier. Exemple{NBSP}: 05/05/2026, ou 05/2026.",
        ),
        Question("paid_this_month", f"Le loyer de ce mois-ci est-il payé{NBSP}?", Ask.CHOICE, choices=PAID),
        Question("in_place", f"Le locataire est-il toujours dans le logement{NBSP}?", Ask.CHOICE, choices=YES_NO),
        Question("plan", f"Un plan est-il convenu avec le locataire{NBSP}?", Ask.CHOICE, choices=YES_NO),
        Question("plan_on", "Date du plan", Ask.DAY, only_if=("plan", ("yes",))),
        Question("plan_monthly", "Somme remboursée chaque mois", Ask.AMOUNT, only_if=("plan", ("yes",))),
        *_direct_payment_question(facts),
        Question(
            "steps",
            "Démarches déjà faites",
            Ask.LONG_TEXT,
            hint="Relance, courrier, commandement de payer, accord.",
            optional=True,
            longest=600,
        ),
        Question(
            "months",
            "Mois par mois",
            Ask.MONTHS,
            hint="Si vous le remplissez, nous calculons le total et la date limite pour signaler.",
            optional=True,
            longest=20,
        ),
    )


def _basis_questions(facts: TenancyFacts) -> tuple[Question, ...]:
    """Rent, charges and aid, each where the office does not know it and the rule of the day needs it."""
    if rule_on(facts.today) != RULE_2026:
        return ()
    asked = []
    if facts.rent_cents is None:
        asked.append(Question("rent", "Loyer hors charges d’un mois", Ask.AMOUNT))
    if facts.charges_cents is None:
        asked.append(Question("charges", "Charges d’un mois", Ask.AMOUNT, hint="Écrivez 0 s’il n’y en a pas."))
    if facts.direct_payment and facts.aid_cents is None:
        hint = "Celle qui vous est versée pour ce locataire. Écrivez 0 si elle ne l’est pas encore."
        asked.append(Question("aid", "Aide reçue chaque mois", Ask.AMOUNT, hint=hint))
    return tuple(asked)


def _direct_payment_question(facts: TenancyFacts) -> tuple[Question, ...]:
    if facts.direct_payment:
        return ()
    label = f"Voulez-vous recevoir l’aide à la place du locataire{NBSP}?"
    hint = "Votre caisse vous demandera alors vos coordonnées bancaires."
    return (Question("direct_payment", label, Ask.CHOICE, hint=hint, choices=YES_NO),)


def _threshold_words(facts: TenancyFacts) -> str:
    if rule_on(facts.today) == RULE_2027:
        amount, patience = threshold_2027(facts.today)
        return (
            f"À signaler au-dessus de {euros(amount)}, ou {months_spelled(patience)} après un premier loyer non réglé."
        )
    threshold, multiple = threshold_2026(facts)[0], multiple_2026(facts)
    if threshold is None or facts.rent_cents is None or not facts.shows_aid:
        less = ", aide déduite" if facts.direct_payment else ""
        return f"À signaler dès {months_spelled(multiple)} de loyer et charges dus{less}."
    parts = f"loyer {decimal(facts.rent_cents)} + charges {decimal(facts.charges_cents or 0)}"
    if facts.direct_payment and facts.aid_cents:
        parts += f" − aide {decimal(facts.aid_cents)}"
    return f"Seuil{NBSP}: {multiple} × ({parts}) = {euros(threshold)}."


def read(typed: Mapping[str, str], facts: TenancyFacts) -> Reading:
    """Check a debt, judge it by the rule of the day, and say until when to report it."""
    if facts.stage:
        return following.read(typed, facts)
    months, fault = read_months(typed, facts)
    answers = Answers(questions(facts), completed(typed, months, facts))
    if fault:
        answers.errors["months"] = fault
    debt, since = answers.cents("debt", zero=NO_DEBT), answers.day_or_month("since")
    if since is not None and since > facts.today:
        answers.errors["since"] = "Cette date est à venir."
    elif since is not None and since < facts.start_on.replace(day=1):
        answers.errors["since"] = f"Cette date est avant l’entrée dans les lieux ({day(facts.start_on)})."
    for name in ("paid_this_month", "in_place", "plan", "direct_payment"):
        answers.choice(name)
    agreed, monthly = answers.day("plan_on"), answers.cents("plan_monthly", zero="Indiquez la somme remboursée.")
    known = _completed_facts(answers, facts)
    if answers.errors or debt is None or since is None:
        return Reading(errors=answers.errors)
    plan = (agreed, monthly) if agreed is not None and monthly is not None else None
    told = Debt(debt, since, earlier(since, default_of(months, facts)), known, months, plan)
    found = judge(known, debt, first_default_on=told.since, months=months)
    return Reading(
        cautions=cautions(found, told),
        details=_details(found, told, answers),
        lines=_lines(found, told, answers),
        effect=_effect(found, told, in_place=answers.choice("in_place") == "yes"),
        rule=found.rule,
        wait_until=waits(found, told),
    )


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


def _effect(found: Judgement, told: Debt, *, in_place: bool) -> str:
    """Until when to report, and what becomes of the aid."""
    said = []
    until, today = found.report_until(), told.facts.today
    deadline = months_spelled(int(legal("arrears_report_deadline", on=today) or 0))
    if until is not None:
        said.append(f"Vous avez {deadline} pour signaler, soit jusqu’au {day(until)}.")
        if until < today:
            said.append(f"Cette date est passée{NBSP}: dites à votre caisse pourquoi.")
    elif found.constituted:
        said.append(f"Vous avez {deadline} pour signaler, à partir du jour où la dette a dépassé le seuil.")
    if in_place:
        said.append("L’aide est maintenue pendant la recherche d’une solution.")
    else:
        said.append("Si le départ n’est pas encore déclaré, déclarez-le aussi.")
    return " ".join(said)


ARREARS = DeclarationKind(
    code="arrears",
    title="Déclaration d’un impayé",
    card="Loyer et charges dus\u00a0: nous calculons le seuil avec vous.",
    lead="Signaler tôt protège le locataire et vous\u00a0: l’aide continue pendant la recherche d’une solution.",
    group=Group.RENT,
    order=2,
    questions=questions,
    read=read,
    papers="Relevé du compte locataire, lettre de relance, plan signé.",
    asked_again=following.asked_again,
)
