"""Move-out: when the keys came back, whether the last month is paid; late reports say what may have to be given back. Pure.

Reported within a month of the departure or of the end of the lease (CCH D.823-15); the right ends on the last day of the month
of the departure (CCH R.823-14, 2°).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from parvis.declarations.kinds.answers import YES_NO, YES_NO_UNKNOWN, Answers
from parvis.declarations.kinds.kind import Ask, Caution, DeclarationKind, Group, Question, Reading, TenancyFacts
from parvis.declarations.rules import lateness_may_cost
from parvis.kit.days import month_end, months_later, months_spelled
from parvis.kit.money import NBSP, euros
from parvis.kit.periods import day
from parvis.parameters.law import legal

MONTHS_AHEAD = 3
"""How far ahead a departure may be told: the longest notice of a tenant."""
WHY_LATE = ("Départ sans prévenir", "Départ appris récemment", "Oubli", "Autre")


def questions(facts: TenancyFacts) -> tuple[Question, ...]:
    """What is asked of a departure."""
    return (
        Question(
            "keys_on",
            "Date de remise des clés",
            Ask.DAY,
            hint=f"Exemple{NBSP}: 31/07/2026. Une date à venir est possible.",
            missing="Indiquez la date de remise des clés.",
        ),
        Question(
            "lease_ends_on",
            "Date de fin du bail ou du préavis, si ce n’est pas la même",
            Ask.DAY,
            hint="Laissez vide sinon.",
            optional=True,
        ),
        Question("notice", f"Le préavis est-il respecté{NBSP}?", Ask.CHOICE, choices=YES_NO_UNKNOWN),
        Question(
            "last_month_paid", f"Le loyer du dernier mois est-il payé en entier{NBSP}?", Ask.CHOICE, choices=YES_NO
        ),
        Question(
            "stays",
            f"Une personne reste-t-elle dans le logement{NBSP}?",
            Ask.CHOICE,
            hint="Par exemple le conjoint ou un colocataire.",
            choices=YES_NO_UNKNOWN,
        ),
        Question("debt_left", f"Le locataire vous doit-il encore de l’argent{NBSP}?", Ask.CHOICE, choices=YES_NO),
        Question("new_address", "Nouvelle adresse, si vous la connaissez", Ask.TEXT, optional=True),
        *_why_late(facts),
    )


def _why_late(facts: TenancyFacts) -> tuple[Question, ...]:
    """Asked of everybody, since a page without scripts knows the day only once it is sent; it counts where the report is late."""
    months = legal("move_out_report_deadline", on=facts.today)
    if months is None:
        return ()
    label = f"Plus {_of_months(int(months))} après le départ{NBSP}: pourquoi{NBSP}?"
    hint = "Si vous ne pouviez pas le signaler plus tôt. Votre caisse peut alors accepter un délai plus long."
    return (Question("why_late", label, Ask.LONG_TEXT, hint=hint, optional=True, longest=600),)


def _of_months(months: int) -> str:
    return ("d’" if months == 1 else "de ") + months_spelled(months)


def read(typed: Mapping[str, str], facts: TenancyFacts) -> Reading:
    """Check a departure and say what follows."""
    answers = Answers(questions(facts), typed)
    keys_on = answers.day("keys_on")
    given = {name: answers.choice(name) for name in ("notice", "last_month_paid", "stays", "debt_left")}
    lease_ends_on = answers.day("lease_ends_on")
    if keys_on is not None:
        _check(answers, keys_on, facts)
    if lease_ends_on is not None:
        _check_lease(answers, lease_ends_on, keys_on, facts)
    if answers.errors or keys_on is None:
        return Reading(errors=answers.errors)
    ends_on = keys_on if given["last_month_paid"] == "no" and given["notice"] == "no" else month_end(keys_on)
    lines = (
        ("Date de remise des clés", day(keys_on)),
        *((("Fin du bail ou du préavis", day(lease_ends_on)),) if lease_ends_on else ()),
        ("Préavis respecté", answers.words("notice")),
        ("Dernier mois payé en entier", answers.words("last_month_paid")),
        ("Une personne reste", answers.words("stays")),
        ("Somme encore due", answers.words("debt_left")),
        *((("Nouvelle adresse", answers.text("new_address")),) if answers.text("new_address") else ()),
        *((("Pourquoi si tard", answers.text("why_late")),) if answers.text("why_late") else ()),
    )
    return Reading(
        cautions=_late(keys_on, lease_ends_on, facts, is_told=bool(answers.text("why_late"))),
        details={
            "keys_on": keys_on.isoformat(),
            "lease_ends_on": lease_ends_on.isoformat() if lease_ends_on else None,
            "notice_respected": given["notice"],
            "last_month_paid": given["last_month_paid"] == "yes",
            "somebody_stays": given["stays"],
            "debt_left": given["debt_left"] == "yes",
            "new_address": answers.text("new_address") or None,
            "why_late": answers.text("why_late") or None,
        },
        lines=lines,
        effect=_effect(keys_on, ends_on, facts, owes=given["debt_left"] == "yes"),
        also=("arrears",) if given["debt_left"] == "yes" else (),
    )


def _check(answers: Answers, keys_on: date, facts: TenancyFacts) -> None:
    if keys_on < facts.start_on:
        answers.errors["keys_on"] = f"Cette date est avant l’entrée dans les lieux ({day(facts.start_on)})."
    elif keys_on > months_later(facts.today, MONTHS_AHEAD):
        last = day(months_later(facts.today, MONTHS_AHEAD))
        ahead = months_spelled(MONTHS_AHEAD)
        answers.errors["keys_on"] = f"Un départ se déclare {ahead} à l’avance au plus, soit jusqu’au {last}."


def _check_lease(answers: Answers, lease_ends_on: date, keys_on: date | None, facts: TenancyFacts) -> None:
    """A lease ends no earlier than the tenant came, and no later after the keys than the longest notice (loi 89-462, art. 15)."""
    months = legal("longest_notice", on=facts.today)
    if lease_ends_on < facts.start_on:
        answers.errors["lease_ends_on"] = f"Cette date est avant l’entrée dans les lieux ({day(facts.start_on)})."
    elif months is not None and keys_on is not None and lease_ends_on > months_later(keys_on, int(months)):
        most = f"{months_spelled(int(months))} après la remise des clés au plus"
        answers.errors["lease_ends_on"] = f"Vérifiez cette date{NBSP}: un bail ou un préavis finit {most}."


def _late(
    keys_on: date, lease_ends_on: date | None, facts: TenancyFacts, *, is_told: bool
) -> tuple[Caution, ...]:  # fmt: skip
    """Beyond the month, with the one the law adds for who could not report sooner (CCH D.823-15), and what it may cost.

    The law counts from the departure or from the end of the lease: from the later, so that nobody is told late who is not.
    Who said why in their own words (``is_told``) is offered no reason besides.
    """
    months = legal("move_out_report_deadline", on=facts.today)
    if months is None or months_later(keys_on, int(months)) >= facts.today:
        return ()
    undue = facts.paid_after(keys_on)
    about = f", environ {euros(undue)}" if undue else ""
    title = (
        f"Départ il y a plus {_of_months(int(months))}{NBSP}: des aides versées depuis peuvent être à rendre{about}."
    )
    counted_from = max(keys_on, lease_ends_on or keys_on)
    if months_later(counted_from, int(months)) >= facts.today:
        until = day(months_later(counted_from, int(months)))
        if not undue:
            return ()
        sentence = (
            f"Vous êtes dans les délais{NBSP}: le délai pour signaler court depuis la fin du bail, jusqu’au {until}. "
            "Mais l’aide s’arrête au départ."
        )
        return (Caution("late", title, sentence, "La date est exacte"),)
    sentence = f"Il était à signaler au plus tard le {day(months_later(counted_from, int(months)))}"
    sentence += _counted_words(keys_on, counted_from, int(months))
    more = legal("move_out_report_extension", on=facts.today)
    if more is not None:
        latest = day(months_later(counted_from, int(months + more)))
        sentence += f", ou le {latest} si vous ne pouviez pas le faire plus tôt{NBSP}: dites alors pourquoi"
    sentence = f"{sentence}. {lateness_may_cost(facts.today)}".strip()
    return (Caution("late", title, sentence, "La date est exacte", () if is_told else WHY_LATE),)


def _counted_words(keys_on: date, counted_from: date, months: int) -> str:
    """From which of the two days the law counts, said only where they differ."""
    return f", {months_spelled(months)} après la fin du bail" if counted_from > keys_on else ""


def _effect(keys_on: date, ends_on: date, facts: TenancyFacts, *, owes: bool) -> str:
    last = ", dernier jour du mois du départ" if ends_on == month_end(keys_on) else ", date du départ"
    words = f"L’aide s’arrête en principe après le {day(ends_on)}{last}{NBSP}: votre caisse le calcule."
    if keys_on > facts.today:
        words = f"Nous arrêterons l’aide à partir du {day(ends_on + timedelta(days=1))}."
        words += (
            f" Vous pourrez corriger jusqu’au {day(keys_on)}{NBSP}: ce jour-là, nous vous demanderons de confirmer."
        )
    if owes:
        words += " Déclarez aussi l’impayé, si son montant le demande."
    return words


def asked_again(details: Mapping[str, Any], today: date) -> date | None:
    """A departure to come is confirmed on its day."""
    keys_on = date.fromisoformat(details["keys_on"])
    return keys_on if keys_on > today else None


MOVE_OUT = DeclarationKind(
    code="move_out",
    title="Déménagement du locataire",
    card="Départ passé ou à venir.",
    lead="Dites-nous quand le locataire a rendu les clés, ou quand il les rendra.",
    group=Group.DWELLING,
    order=4,
    questions=questions,
    read=read,
    papers="État des lieux de sortie ou lettre de congé, si vous l’avez.",
    asked_again=asked_again,
)
