"""Death of a tenant: few questions, sober words, nothing to confirm. Pure.

The right ends on the first day of the month after the death (CCH R.823-12, al. 2); that of a spouse changes it from the first of
the next month (CCH R.823-13).
"""

from __future__ import annotations

from collections.abc import Mapping

from parvis.declarations.kinds.answers import YES_NO_UNKNOWN, Answers
from parvis.declarations.kinds.kind import Ask, DeclarationKind, Group, Question, Reading, TenancyFacts
from parvis.kit.money import NBSP
from parvis.kit.periods import day

THANKS = "Nous vous remercions de nous avoir prévenus. Nous contactons la famille. Vous n’avez rien d’autre à faire."


def questions(facts: TenancyFacts) -> tuple[Question, ...]:
    """What is asked, and no more."""
    return (
        Question(
            "who",
            "Personne décédée",
            Ask.CHOICE,
            choices=(("claimant", facts.name), ("spouse", "Son conjoint"), ("other", "Une autre personne du logement")),
            missing="Dites qui est décédé.",
        ),
        Question("on", "Date du décès, si vous la connaissez", Ask.DAY, hint="Laissez vide sinon.", optional=True),
        Question("stays", f"Une personne reste-t-elle dans le logement{NBSP}?", Ask.CHOICE, choices=YES_NO_UNKNOWN),
        Question("family", "Contact de la famille", Ask.TEXT, hint="Nom et téléphone, ou adresse mail.", optional=True),
    )


def read(typed: Mapping[str, str], facts: TenancyFacts) -> Reading:
    """Check the answers; there is nothing to confirm."""
    answers = Answers(questions(facts), typed)
    who, on, stays = answers.choice("who"), answers.day("on"), answers.choice("stays")
    if on is not None and on > facts.today:
        answers.errors["on"] = "Cette date est à venir. Laissez vide si vous ne la connaissez pas."
    elif on is not None and on < facts.start_on:
        answers.errors["on"] = f"Cette date est avant l’entrée dans les lieux ({day(facts.start_on)})."
    if answers.errors:
        return Reading(errors=answers.errors)
    lines = (
        ("Personne décédée", answers.words("who")),
        ("Date", day(on) if on else "Non connue"),
        ("Une personne reste", answers.words("stays")),
        *((("Contact de la famille", answers.text("family")),) if answers.text("family") else ()),
    )
    details = {
        "who": who,
        "died_on": on.isoformat() if on else None,
        "somebody_stays": stays,
        "family_contact": answers.text("family") or None,
    }
    return Reading(details=details, lines=lines, effect=THANKS)


DEATH = DeclarationKind(
    code="death",
    title="Décès du locataire",
    card="Nous prenons le relais avec la famille.",
    lead="",
    group=Group.DWELLING,
    order=5,
    questions=questions,
    read=read,
    sober=True,
    papers="Acte de décès, si vous l’avez.",
)
