"""Arrears: what is asked of a debt, month by month if wanted, and what is said of it. The law is in ``arrears_law``. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from parvis.declarations.kinds.answers import YES_NO, Answers
from parvis.declarations.kinds.arrears_law import RULE_2027, Judgement, UnpaidMonth, judge, rule_on, threshold_2026
from parvis.declarations.kinds.kind import Ask, Caution, DeclarationKind, Group, Question, Reading, TenancyFacts
from parvis.declarations.parameters import legal
from parvis.kit.days import read_month
from parvis.kit.money import NBSP, decimal, euros, read_amount
from parvis.kit.periods import day, month
from parvis.kit.refusals import Refusal

MONTH_ROWS = 36


def questions(facts: TenancyFacts) -> tuple[Question, ...]:
    """What is asked of a debt; direct payment only of those who do not have it."""
    threshold = _threshold_words(facts)
    ask_direct: tuple[Question, ...] = ()
    if not facts.direct_payment:
        ask_direct = (
            Question(
                "direct_payment",
                f"Voulez-vous recevoir l’aide à la place du locataire{NBSP}?",
                Ask.CHOICE,
                hint="Votre caisse vous demandera alors vos coordonnées bancaires.",
                choices=YES_NO,
            ),
        )
    return (
        Question("debt", "Somme due aujourd’hui, loyer et charges", Ask.AMOUNT, hint=threshold),
        Question(
            "since",
            f"Depuis quand{NBSP}?",
            Ask.DAY,
            hint=f"Date du premier loyer non payé en entier. Exemple{NBSP}: 05/05/2026, ou 05/2026.",
        ),
        Question(
            "paid_this_month",
            f"Le loyer de ce mois-ci est-il payé{NBSP}?",
            Ask.CHOICE,
            choices=(("yes", "Oui"), ("no", "Non"), ("partly", "En partie")),
        ),
        Question("in_place", f"Le locataire est-il toujours dans le logement{NBSP}?", Ask.CHOICE, choices=YES_NO),
        Question("plan", f"Un plan est-il convenu avec le locataire{NBSP}?", Ask.CHOICE, choices=YES_NO),
        Question("plan_on", "Date du plan", Ask.DAY, only_if=("plan", ("yes",))),
        Question("plan_monthly", "Somme remboursée chaque mois", Ask.AMOUNT, only_if=("plan", ("yes",))),
        *ask_direct,
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


def _threshold_words(facts: TenancyFacts) -> str:
    if rule_on(facts.today) == RULE_2027:
        amount = int((legal("arrears_threshold_amount", on=facts.today) or Decimal(0)) * 100)
        return f"À signaler au-dessus de {euros(amount)}, ou trois mois après un premier loyer non réglé."
    threshold, _ = threshold_2026(facts)
    if threshold is None or facts.rent_cents is None:
        return "À signaler dès deux mois de loyer et charges dus, aide déduite si elle vous est versée."
    parts = f"loyer {decimal(facts.rent_cents)} + charges {decimal(facts.charges_cents or 0)}"
    if facts.direct_payment and facts.aid_cents:
        parts += f" − aide {decimal(facts.aid_cents)}"
    return f"Seuil{NBSP}: 2 × ({parts}) = {euros(threshold)}."


def read(typed: Mapping[str, str], facts: TenancyFacts) -> Reading:
    """Check a debt, judge it by the rule of the day, and say until when to report it."""
    if not typed.get("debt", "").strip():
        total = sum(line.owed_cents for line in _months(typed, {}))
        typed = {**typed, "debt": decimal(total)} if total > 0 else typed
    answers = Answers(questions(facts), typed)
    debt, since, months = answers.cents("debt"), answers.day_or_month("since"), _months(typed, answers.errors)
    _check(answers, debt, since, facts)
    names = ("paid_this_month", "in_place", "plan", *(() if facts.direct_payment else ("direct_payment",)))
    chosen = {name: answers.choice(name) for name in names}
    plan = {"agreed_on": answers.day("plan_on"), "monthly_cents": answers.cents("plan_monthly")}
    if answers.errors or debt is None or since is None:
        return Reading(errors=answers.errors)
    found = judge(facts, debt, first_default_on=since, months=months)
    until = found.report_until()
    agreed = plan["agreed_on"]
    return Reading(
        cautions=_cautions(found, debt, months),
        details={
            "debt_cents": debt,
            "first_default_on": since.isoformat(),
            "constituted": found.constituted,
            "constituted_on": found.constituted_on.isoformat() if found.constituted_on else None,
            "threshold_cents": found.threshold_cents,
            "report_until": until.isoformat() if until else None,
            "paid_to": "landlord" if facts.direct_payment else "tenant",
            "paid_this_month": chosen["paid_this_month"],
            "tenant_in_place": chosen["in_place"] == "yes",
            "plan": {"agreed_on": agreed.isoformat(), "monthly_cents": plan["monthly_cents"]}
            if isinstance(agreed, date)
            else None,
            "direct_payment_wanted": None if facts.direct_payment else chosen["direct_payment"] == "yes",
            "steps_taken": answers.text("steps") or None,
            "months": [
                {"month": f"{line.month:%Y-%m}", "due_cents": line.due_cents, "paid_cents": line.paid_cents}
                for line in months
            ],
            "for_officer": found.clamped or found.constituted is None,
        },
        lines=_lines(answers, debt, since, plan, months),
        effect=_effect(until, facts),
        rule=found.rule,
    )


def _check(answers: Answers, debt: int | None, since: date | None, facts: TenancyFacts) -> None:
    if debt == 0:
        answers.errors["debt"] = "Indiquez la somme due. Si tout est payé, il n’y a rien à déclarer."
    if since is not None and since > facts.today:
        answers.errors["since"] = "Cette date est à venir."
    elif since is not None and since < facts.start_on.replace(day=1):
        answers.errors["since"] = f"Cette date est avant l’entrée dans les lieux ({day(facts.start_on)})."


def _months(typed: Mapping[str, str], errors: dict[str, str]) -> list[UnpaidMonth]:
    """The lines of the table that say something; the first that cannot be read is told with its number."""
    found: list[UnpaidMonth] = []
    for row in range(MONTH_ROWS):
        texts = [typed.get(f"months-{row}-{part}", "").strip() for part in ("month", "due", "paid")]
        if not any(texts):
            continue
        try:
            due, paid = (read_amount(text).cents if text else 0 for text in texts[1:])
            found.append(UnpaidMonth(read_month(texts[0]), due, paid))
        except Refusal as refusal:
            errors.setdefault("months", f"Ligne {row + 1}{NBSP}: {refusal.sentence}")
    if len({line.month for line in found}) < len(found):
        errors.setdefault("months", "Le même mois est écrit deux fois.")
    return found


def _cautions(found: Judgement, debt: int, months: Sequence[UnpaidMonth]) -> tuple[Caution, ...]:
    cautions = []
    total = sum(line.owed_cents for line in months)
    if months and total != debt:
        title = f"Le tableau donne {euros(max(0, total))}, vous avez écrit {euros(debt)}."
        cautions.append(Caution("months_differ", title, "Vérifiez les deux.", f"La somme due est {euros(debt)}"))
    if found.clamped:
        title = "L’aide connue dépasse le loyer et les charges."
        sentence = "Vérifiez votre loyer auprès de la caisse. Un agent examinera cette déclaration."
        cautions.append(Caution("aid_exceeds_rent", title, sentence, "Déclarer quand même"))
    elif found.constituted is False:
        threshold = euros(found.threshold_cents or 0)
        title = f"En dessous du seuil de {threshold}{NBSP}: la déclaration n’est pas encore obligatoire."
        cautions.append(
            Caution(
                "below_threshold", title, "Vous pouvez attendre, ou déclarer dès maintenant.", "Déclarer quand même"
            )
        )
    return tuple(cautions)


def _lines(
    answers: Answers, debt: int, since: date, plan: Mapping[str, object], months: Sequence[UnpaidMonth]
) -> tuple[tuple[str, str], ...]:
    lines = [
        ("Somme due, loyer et charges", euros(debt)),
        ("Depuis le", day(since)),
        ("Loyer de ce mois payé", answers.words("paid_this_month")),
        ("Locataire dans le logement", answers.words("in_place")),
    ]
    agreed, monthly = plan["agreed_on"], plan["monthly_cents"]
    if isinstance(agreed, date) and isinstance(monthly, int):
        lines.append(("Plan", f"du {day(agreed)}, {euros(monthly)} par mois"))
    else:
        lines.append(("Plan", "Aucun"))
    if answers.words("direct_payment"):
        lines.append(("Versement direct souhaité", answers.words("direct_payment")))
    if answers.text("steps"):
        lines.append(("Démarches", answers.text("steps")))
    lines += [
        (
            month(line.month)[:1].upper() + month(line.month)[1:],
            f"{euros(line.due_cents)} dus, {euros(line.paid_cents)} payés",
        )
        for line in months
    ]
    return tuple(lines)


def _effect(until: date | None, facts: TenancyFacts) -> str:
    words = "L’aide est maintenue pendant la recherche d’une solution."
    if until is None:
        return words
    late = "" if until >= facts.today else " Cette date est passée\u00a0: dites à votre caisse pourquoi."
    return f"Vous avez deux mois pour signaler, soit jusqu’au {day(until)}.{late} {words}"


ARREARS = DeclarationKind(
    code="arrears",
    title="Déclaration d’un impayé",
    card="Dès deux mois de loyer et charges dus, aide déduite.",
    lead="Signaler tôt protège le locataire et vous\u00a0: l’aide continue pendant la recherche d’une solution.",
    group=Group.RENT,
    order=2,
    questions=questions,
    read=read,
)
