"""What is asked of a debt: first what the threshold is made of, where it is not known, then the debt. Pure."""

from __future__ import annotations

from parvis.declarations.kinds.answers import YES_NO
from parvis.declarations.kinds.arrears import following
from parvis.declarations.kinds.arrears.effect import refusing_costs
from parvis.declarations.kinds.arrears.law import (
    RULE_2026,
    RULE_2027,
    multiple_2026,
    rule_on,
    threshold_2026,
    threshold_2027,
)
from parvis.declarations.kinds.kind import Ask, Question, TenancyFacts
from parvis.kit.days import months_spelled
from parvis.kit.money import NBSP, decimal, euros

PAID = (("yes", "Oui"), ("no", "Non"), ("partly", "En partie"))
AID_MISSING = "Indiquez l’aide reçue chaque mois."
# Without scripts both questions stand there whatever is answered.
_IF_PLAN = "Seulement si un plan est convenu."

_PLAN = (
    Question("plan", f"Un plan est-il convenu avec le locataire{NBSP}?", Ask.CHOICE, choices=YES_NO),
    Question(
        "plan_on", "Date du plan", Ask.DAY, hint=_IF_PLAN, only_if=("plan", ("yes",)), missing=following.NO_PLAN_DAY
    ),
    Question(
        "plan_monthly",
        "Somme remboursée chaque mois",
        Ask.AMOUNT,
        hint=_IF_PLAN,
        only_if=("plan", ("yes",)),
        missing=following.NO_MONTHLY,
    ),
)


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
            missing="Indiquez la somme due, ou remplissez le tableau.",
        ),
        Question(
            "since",
            f"Depuis quand{NBSP}?",
            Ask.DAY,
            hint=f"Date du premier loyer non payé en entier. Exemple{NBSP}: 05/05/2026, ou 05/2026.",
        ),
        Question("paid_this_month", f"Le loyer de ce mois-ci est-il payé{NBSP}?", Ask.CHOICE, choices=PAID),
        Question("in_place", f"Le locataire est-il toujours dans le logement{NBSP}?", Ask.CHOICE, choices=YES_NO),
        *_PLAN,
        *_direct_payment_question(facts),
        Question(
            "steps",
            "Démarches déjà faites",
            Ask.LONG_TEXT,
            hint="Relance, courrier, commandement de payer, accord. Vous devez réclamer la somme et pouvoir le montrer à votre "
            "caisse (CCH R.824-4).",
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
        asked.append(
            Question("rent", "Loyer hors charges d’un mois", Ask.AMOUNT, missing="Indiquez le loyer d’un mois.")
        )
    if facts.charges_cents is None:
        none_due = "Écrivez 0 s’il n’y en a pas."
        lacking = f"Indiquez les charges d’un mois. {none_due}"
        asked.append(Question("charges", "Charges d’un mois", Ask.AMOUNT, hint=none_due, missing=lacking))
    if facts.direct_payment and facts.aid_cents is None:
        hint = "Celle qui vous est versée pour ce locataire. Écrivez 0 si elle ne l’est pas encore."
        asked.append(Question("aid", "Aide reçue chaque mois", Ask.AMOUNT, hint=hint, missing=AID_MISSING))
    return tuple(asked)


def _direct_payment_question(facts: TenancyFacts) -> tuple[Question, ...]:
    if facts.direct_payment:
        return ()
    label = f"Voulez-vous recevoir l’aide à la place du locataire{NBSP}?"
    bank = "" if facts.bank_known else "Votre caisse vous demandera alors vos coordonnées bancaires."
    hint = " ".join(filter(None, (bank, refusing_costs(facts.today))))
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
