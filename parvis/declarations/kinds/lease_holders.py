"""Change in the number of co-tenants: who holds the lease after it, and the rent of each. Pure.

Counted are the holders of the lease (CCH D.842-3): the rent taken for each is the whole divided by their number, unless each has
a lease of their own. The two of a couple are not co-tenants of each other: they make one claim and count once. The exact date is
asked, the office works the month out (CCH R.823-13).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from parvis.declarations.kinds.answers import Answers
from parvis.declarations.kinds.july_rent.facts import NEAR_CENTS
from parvis.declarations.kinds.kind import Ask, Caution, DeclarationKind, Group, Question, Reading, TenancyFacts
from parvis.kit.days import months_later, months_spelled
from parvis.kit.money import NBSP, decimal, euros, read_amount
from parvis.kit.periods import day
from parvis.kit.refusals import Refusal
from parvis.kit.text import of

WHO_COUNTS = "Comptez ceux qui ont signé le bail. Un couple qui a signé à deux compte pour un foyer."
"""Said in the same words in the help (``tests`` hold them together): the number divides the rent, and is counted one way only."""
MOST = 20
MONTHS_AHEAD = 3
MONTHS_BACK = 3
"""Told later than this, the day is to be confirmed."""
WHY_LATE = ("Changement appris récemment", "Avenant signé récemment", "Oubli", "Autre")
WHY_THAT_NUMBER = ("Couple compté pour un", "Nombre connu inexact", "Autre")


def questions(facts: TenancyFacts) -> tuple[Question, ...]:
    """What is asked of the change."""
    return (
        Question(
            "change",
            f"Qu’est-ce qui change{NBSP}?",
            Ask.CHOICE,
            choices=(("arrival", "Une personne arrive"), ("departure", "Une personne part"), ("both", "Les deux")),
        ),
        Question(
            "on",
            "Date du changement",
            Ask.DAY,
            hint=f"Exemple{NBSP}: 01/08/2026",
            missing="Indiquez la date du changement.",
        ),
        Question(
            "holders",
            "Nombre de titulaires du bail ensuite",
            Ask.NUMBER,
            hint=f"{WHO_COUNTS} Aujourd’hui{NBSP}: {facts.lease_holders}.",
            missing="Indiquez le nombre de titulaires du bail.",
        ),
        Question(
            "names", "Qui arrive, qui part", Ask.TEXT, hint="Noms et prénoms, si vous les connaissez.", optional=True
        ),
        Question(
            "lease",
            "Bail",
            Ask.CHOICE,
            choices=(("single", "Un seul bail pour tous"), ("individual", "Un bail par personne")),
            missing="Choisissez le type de bail.",
        ),
        *_of_rents(facts),
    )


def _of_rents(facts: TenancyFacts) -> tuple[Question, ...]:
    """Rent and charges are known of the whole dwelling only while one person holds the lease."""
    alone = facts.lease_holders == 1
    return (
        Question(
            "total",
            "Loyer hors charges de tout le logement",
            Ask.AMOUNT,
            missing="Indiquez le loyer hors charges de tout le logement.",
            known=decimal(facts.rent_cents) if facts.rent_cents is not None and alone else "",
        ),
        Question(
            "charges",
            "Charges de tout le logement",
            Ask.AMOUNT,
            optional=True,
            known=decimal(facts.charges_cents) if facts.charges_cents is not None and alone else "",
        ),
        Question(
            "shares",
            "Loyer de chacun",
            Ask.TEXT,
            hint=f"Séparez les montants par un point-virgule{NBSP}: 270,00{NBSP}; 255,00.",
            optional=True,
        ),
    )


def read(typed: Mapping[str, str], facts: TenancyFacts) -> Reading:
    """Check the change; the shares may not be more than the rent."""
    answers = Answers(questions(facts), typed)
    change, lease, on = answers.choice("change"), answers.choice("lease"), answers.day("on")
    holders, total = answers.number("holders", 1, MOST), answers.cents("total", zero="Indiquez le loyer.")
    charges, shares = answers.cents("charges"), _shares(answers)
    if on is not None and on < facts.start_on:
        answers.errors["on"] = f"Cette date est avant l’entrée dans les lieux ({day(facts.start_on)})."
    elif on is not None and on > months_later(facts.today, MONTHS_AHEAD):
        answers.errors["on"] = f"Ce changement se déclare {months_spelled(MONTHS_AHEAD)} à l’avance au plus."
    if total is not None and shares and sum(shares) > total:
        answers.errors["shares"] = f"Le total des parts ({euros(sum(shares))}) dépasse le loyer ({euros(total)})."
    if holders is not None and shares and len(shares) != holders:
        answers.errors["shares"] = f"Il faut {holders}{NBSP}montants, un par titulaire du bail, ou aucun."
    if answers.errors or on is None or holders is None or total is None:
        return Reading(errors=answers.errors)
    lines = (
        ("Changement", answers.words("change")),
        ("Date", day(on)),
        ("Titulaires du bail ensuite", str(holders)),
        ("Bail", answers.words("lease")),
        ("Loyer hors charges de tout le logement", euros(total)),
        *((("Charges de tout le logement", euros(charges)),) if charges is not None else ()),
        *((("Loyer de chacun", f"{NBSP}; ".join(euros(share) for share in shares)),) if shares else ()),
        *((("Qui arrive, qui part", answers.text("names")),) if answers.text("names") else ()),
    )
    details = {
        "change": change,
        "on": on.isoformat(),
        "holders_before": facts.lease_holders,
        "holders_after": holders,
        "lease": lease,
        "rent_cents": total,
        "charges_cents": charges,
        "share_cents": shares,
        "names": answers.text("names") or None,
    }
    effect = "Votre caisse recalcule l’aide de chacun. Toute personne qui arrive fait sa propre demande d’aide."
    cautions = (*_cautions(change, holders, facts), *_whole_or_share(on, holders, total, facts), *_long_ago(on, facts))
    return Reading(cautions=cautions, details=details, lines=lines, effect=effect)


def _cautions(change: str, holders: int, facts: TenancyFacts) -> tuple[Caution, ...]:
    """A number that does not move as the change says: the couple may be of the lease already, or the office behind."""
    before = facts.lease_holders
    if (change == "arrival" and holders > before) or (change == "departure" and holders < before) or change == "both":
        return ()
    happens = "arrive" if change == "arrival" else "part"
    title = f"Une personne {happens}, et le bail passerait de {before} à {holders}{NBSP}titulaires."
    return (Caution("number_unexpected", title, WHO_COUNTS, f"Le nombre ensuite est bien {holders}", WHY_THAT_NUMBER),)


def _whole_or_share(on: date, holders: int, total: int, facts: TenancyFacts) -> tuple[Caution, ...]:
    """In July already several held the lease, and what was declared for that month is the rent of all of them."""
    if facts.july is None or holders < 2:
        return ()
    year, cents = facts.july
    if on > date(year, 7, 31) or cents < total - NEAR_CENTS:
        return ()
    title = f"Le loyer déclaré pour juillet{NBSP}{year} ({euros(cents)}) semble celui de tout le logement."
    share = euros(round(total / holders))
    sentence = (
        f"À {holders}{NBSP}titulaires du bail, chacun déclare sa part ({share} à parts égales). Sinon, corrigez-le."
    )
    return (Caution("whole_or_share", title, sentence, f"{euros(cents)} est bien la part {of(facts.name)}"),)


def _long_ago(on: date, facts: TenancyFacts) -> tuple[Caution, ...]:
    """A day that may be a slip of the pen: the aid of each is worked out again from it."""
    if months_later(on, MONTHS_BACK) >= facts.today:
        return ()
    title = f"Changement il y a plus de {months_spelled(MONTHS_BACK)}, le {day(on)}."
    sentence = "Vérifiez le jour et l’année. Des aides versées depuis peuvent être à rendre."
    return (Caution("long_ago", title, sentence, "La date est exacte", WHY_LATE),)


def _shares(answers: Answers) -> list[int]:
    shares: list[int] = []
    for part in re.split(r"[;+/]|\bet\b", answers.text("shares")):
        if not part.strip():
            continue
        try:
            shares.append(read_amount(part).cents)
        except Refusal as refusal:
            answers.errors.setdefault("shares", refusal.sentence)
    return shares


LEASE_HOLDERS = DeclarationKind(
    code="lease_holders",
    title="Nouvelle colocation",
    card="Une personne arrive ou part, le bail continue.",
    lead="Une personne arrive ou part, et le bail continue.",
    group=Group.DWELLING,
    order=3,
    questions=questions,
    read=read,
    papers="Avenant au bail ou nouveau bail, si vous l’avez.",
)
