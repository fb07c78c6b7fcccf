"""End of management or sale: from when somebody else receives the tenant, and who, for one dwelling or a building. Pure.

The office pays the owner or who acts for them (CCH L.832-1, L.842-1): it must know who does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, timedelta

from stdnum.fr import siret as sirets

from parvis.declarations.kinds.answers import YES_NO_UNKNOWN, Answers
from parvis.declarations.kinds.kind import Ask, Caution, DeclarationKind, Group, Question, Reading, TenancyFacts
from parvis.identity.refusals import EmailNotUnderstood
from parvis.identity.rules import read_email
from parvis.kit.days import months_later, months_spelled
from parvis.kit.money import NBSP, euros
from parvis.kit.periods import day

MONTHS_AHEAD = 6
"""How far ahead it may be told: a sale or the end of a mandate is known long before."""
MONTHS_BACK = 3
"""Told later than this, the day is to be confirmed."""
WHY_LATE = ("Acte signé récemment", "Aide encore reçue pour le nouveau bailleur", "Oubli", "Autre")


def questions(facts: TenancyFacts) -> tuple[Question, ...]:
    """What is asked; the building only where others of it are there."""
    building: tuple[Question, ...] = ()
    others = max(facts.neighbours, facts.siblings)
    if others:
        one = others == 1
        who = f"{others}{NBSP}autre{'' if one else 's'} locataire{'' if one else 's'}"
        building = (
            Question(
                "building",
                f"Tous les logements de l’immeuble{NBSP}?",
                Ask.CHOICE,
                hint=f"{who} habite{'' if one else 'nt'} à cette adresse.",
                choices=(("no", "Ce logement seulement"), ("yes", "Tout l’immeuble")),
            ),
        )
    return (
        Question(
            "why",
            "Motif",
            Ask.CHOICE,
            choices=(
                ("sale", "Vente"),
                ("end_of_mandate", "Fin de mandat"),
                ("new_manager", "Changement de gestionnaire"),
                ("other", "Autre"),
            ),
            missing="Choisissez le motif.",
        ),
        Question("on", f"À partir de quelle date{NBSP}?", Ask.DAY, hint=f"Exemple{NBSP}: 31/07/2026"),
        Question("stays", f"Le locataire reste-t-il{NBSP}?", Ask.CHOICE, choices=YES_NO_UNKNOWN, known="yes"),
        *building,
        Question(
            "successor", "Nouveau bailleur ou gestionnaire", Ask.TEXT, hint="Nom, si vous le connaissez.", optional=True
        ),
        Question("successor_siret", "Son SIRET", Ask.TEXT, hint=f"14{NBSP}chiffres.", optional=True, longest=40),
        Question("successor_email", "Son adresse mail", Ask.TEXT, optional=True, longest=254),
    )


def read(typed: Mapping[str, str], facts: TenancyFacts) -> Reading:
    """Check the answers and say what follows."""
    answers = Answers(questions(facts), typed)
    why, on, stays = answers.choice("why"), answers.day("on"), answers.choice("stays")
    building = answers.choice("building") if facts.neighbours or facts.siblings else "no"
    if on is not None and on < facts.start_on:
        answers.errors["on"] = f"Cette date est avant l’entrée du locataire ({day(facts.start_on)})."
    elif on is not None and on > months_later(facts.today, MONTHS_AHEAD):
        answers.errors["on"] = f"Une fin de gestion se déclare {months_spelled(MONTHS_AHEAD)} à l’avance au plus."
    successor = {"name": answers.text("successor"), "siret": _siret(answers), "email": _email(answers)}
    if answers.errors or on is None:
        return Reading(errors=answers.errors)
    lines = (
        ("Motif", answers.words("why")),
        ("À partir du", day(on)),
        ("Le locataire reste", answers.words("stays")),
        ("Logements", answers.words("building")),
        ("Déjà déclarés pour l’immeuble", _siblings_words(facts.siblings, building)),
        ("Nouveau bailleur", successor["name"]),
        ("SIRET", successor["siret"]),
        ("Adresse mail", successor["email"]),
    )
    details = {
        "why": why,
        "on": on.isoformat(),
        "tenant_stays": stays,
        "whole_building": building == "yes",
        "successor": {name: value or None for name, value in successor.items()},
    }
    leaves = "ces locataires quittent" if building == "yes" else "ce locataire quitte"
    effect = f"À partir du {day(on)}, l’aide n’est plus versée à votre compte et {leaves} votre liste."
    told = tuple(line for line in lines if line[1])
    return Reading(cautions=_long_ago(on, facts), details=details, lines=told, effect=effect)


def _long_ago(on: date, facts: TenancyFacts) -> tuple[Caution, ...]:
    """A day that may be a slip of the pen, or one since which aids came that are another’s."""
    undue = facts.paid_after(on - timedelta(days=1))
    if not undue and months_later(on, MONTHS_BACK) >= facts.today:
        return ()
    since = f"Fin de gestion depuis le {day(on)}{NBSP}: "
    if undue:
        title = f"{since}des aides versées depuis peuvent être à rendre, environ {euros(undue)}."
    else:
        title = f"{since}il y a plus de {months_spelled(MONTHS_BACK)}."
    return (Caution("long_ago", title, "Vérifiez le jour et l’année.", "La date est exacte", WHY_LATE),)


def _siblings_words(siblings: int, building: str) -> str:
    """What becomes of the declarations of the same building when one of them is corrected."""
    if not siblings:
        return ""
    some = "1 autre logement" if siblings == 1 else f"{siblings} autres logements"
    return f"{some}{NBSP}: {'même correction' if building == 'yes' else 'déclaration annulée'}"


def _siret(answers: Answers) -> str:
    """Fourteen digits with their key, whatever stands between them."""
    digits = re.sub(r"[\s.\-‐‑–—_]", "", unicodedata.normalize("NFKC", answers.text("successor_siret")))
    if digits and not (re.fullmatch(r"[0-9]{14}", digits) and sirets.is_valid(digits)):
        answers.errors["successor_siret"] = f"Un SIRET a 14{NBSP}chiffres. Vérifiez-les, ou laissez vide."
    return digits


def _email(answers: Answers) -> str:
    typed = answers.text("successor_email")
    try:
        return read_email(typed) if typed else ""
    except EmailNotUnderstood as refusal:
        answers.errors["successor_email"] = refusal.sentence
        return ""


END_OF_MANAGEMENT = DeclarationKind(
    code="end_of_management",
    title="Fin de gestion ou vente",
    card="Vous ne gérez plus ce logement.",
    lead="Dites-nous à partir de quand, et qui prend la suite si vous le savez.",
    group=Group.DWELLING,
    order=6,
    questions=questions,
    read=read,
    papers="Acte de vente ou fin de mandat, si vous l’avez.",
)
