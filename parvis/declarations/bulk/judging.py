"""What is to be thought of one line: the very rule of the grid (kinds.july_rent), and what only a file can get wrong. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from parvis.declarations.bulk import columns
from parvis.declarations.bulk.columns import Layout
from parvis.declarations.bulk.facts import Known
from parvis.declarations.bulk.models import LineState
from parvis.declarations.kinds.july_rent import PREVIOUS_UNKNOWN, assess
from parvis.declarations.kinds.july_rent.facts import ready_cents
from parvis.kit.money import NBSP, euros
from parvis.kit.text import fold

MARK = "\x1a"
"""Before the text of a cell that holds a formula (parvis.sheets.reading)."""
LONGEST_TYPED = 60
_TOTALS = ("total", "sous total", "somme")
ALSO = "Ce locataire est aussi ligne"
READY = LineState.READY.value
_STATES = {"drafted": READY, "to_declare": LineState.NO_AMOUNT.value}
_AS_TEXT = re.compile(r'="?([^"]*)"?')
_UNSEEN = re.compile("[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


@dataclass(slots=True)
class Line:
    """One line of the file: where it stands, whom it names, what it says."""

    number: int
    key: str = ""
    claimant: str = ""
    office: str = ""
    own: str = ""
    typed: str = ""
    previous_typed: str = ""
    is_formula: bool = False

    @property
    def shown(self) -> str:
        """How the line names its tenant, for somebody who looks for it."""
        return (self.claimant or self.key)[:80]


@dataclass(slots=True)
class Judged:
    """A line, and what is thought of it."""

    line: Line
    state: str
    tenancy_id: int | None = None
    cents: int | None = None
    previous_cents: int | None = None
    other_cents: int | None = None
    warnings: Sequence[str] = ()
    confirmed: Sequence[str] = ()
    fault: str = ""


def line_of(number: int, cells: Sequence[str], layout: Layout) -> Line | None:
    """The line these cells say, or None if they name nobody and say no amount: blank, a title."""
    places = layout.places
    key = _text(cells, places.get(columns.KEY))[:80]
    claimant = claimant_number(said) if (said := _text(cells, places.get(columns.NUMBER))) else ""
    typed, is_formula = _rent(cells, places.get(columns.RENT))
    if not (key or claimant or typed):
        return None
    line = Line(number, key, claimant, typed=typed, is_formula=is_formula)
    line.previous_typed = _text(cells, places.get(columns.PREVIOUS))[:LONGEST_TYPED]
    office = _text(cells, places.get(columns.OFFICE))[:3]
    line.office = office if office.isdigit() else ""
    line.own = _text(cells, places.get(columns.OWN))[:80]
    return line


def _text(cells: Sequence[str], place: int | None) -> str:
    """What a cell says, without what nobody sees; empty where there is no such cell."""
    if place is None or place >= len(cells):
        return ""
    text = cells[place]
    return text.strip() if text.isprintable() else _UNSEEN.sub("", text).strip()


def _rent(cells: Sequence[str], place: int | None) -> tuple[str, bool]:
    """The amount as it was written, and whether a formula gave it."""
    text = cells[place] if place is not None and place < len(cells) else ""
    is_formula = text.startswith((MARK, "="))
    if is_formula and (as_text := _AS_TEXT.fullmatch(text)):
        text = as_text[1]
    return _UNSEEN.sub("", text).strip()[:LONGEST_TYPED], is_formula


def claimant_number(text: str) -> str:
    """Seven digits, whatever blanks, letter of check or zeros lost by a spreadsheet."""
    if len(text) == 7 and text.isascii() and text.isdigit():
        return text
    bare = re.sub(r"[\s.\-'’]", "", text)
    bare = re.sub(r"(?<=\d)[A-Za-z]{1,2}$|\.0$", "", bare)
    return bare.zfill(7) if bare.isascii() and bare.isdigit() and len(bare) <= 7 else text.strip()[:80]


def is_total(line: Line) -> bool:
    """Whether a line stands where tenants do, and is what they come to."""
    return fold(line.shown).startswith(_TOTALS)


def unknown(line: Line, count: int = 0, *, elsewhere: str = "") -> Judged:
    """A line whose tenant is not found, or is found ``count`` times; one that names nobody, such as a total, is ignored.

    ``elsewhere`` is the other account of the same person it is a line of.
    """
    if is_total(line):
        return Judged(line, LineState.IGNORED, fault="Cette ligne est un total. Elle est ignorée.")
    if not line.shown:
        return Judged(line, LineState.IGNORED, fault=f"Cette ligne ne nomme aucun locataire{NBSP}: elle est ignorée.")
    if elsewhere:
        sentence = (
            f"Ce locataire est dans votre compte {elsewhere}. Déposez le fichier"
            f" dans «{NBSP}Loyers à déclarer, tous comptes confondus{NBSP}»."
        )
    elif count > 1:
        sentence = f"Ce n° allocataire a {count} logements chez vous{NBSP}: ajoutez la référence du logement."
    elif line.claimant:
        sentence = f"N° allocataire {line.claimant[:20]} introuvable dans ce compte. Parti{NBSP}? Autre compte{NBSP}?"
    else:
        sentence = "Cette ligne ne correspond à aucun locataire de ce compte. La colonne A a peut-être été modifiée."
    return Judged(line, LineState.UNKNOWN, fault=sentence)


def judge(line: Line, known: Known, year: int, *, confirmed: Sequence[str] = (), is_chosen: bool = False) -> Judged:
    """What is thought of a line about a tenancy. ``is_chosen`` says that the file was preferred to the screen."""
    if known.state is None:
        fault = f"Aucun loyer n’est à déclarer pour ce locataire en {year}."
        return Judged(line, LineState.UNKNOWN, known.tenancy_id, fault=fault)
    facts = known.facts
    if known.state == "to_declare" and (cents := ready_cents(facts, line.typed)) is not None:
        return Judged(line, READY, known.tenancy_id, cents)
    own = known.is_drafted
    line.previous_typed = line.previous_typed or known.previous_typed
    codes = tuple(dict.fromkeys([*confirmed, *known.confirmed_codes])) if own else tuple(confirmed)
    found = assess(facts, typed=line.typed, previous_typed=line.previous_typed, confirmed=codes)
    is_compared_anew = facts.asks_previous and line.previous_typed != known.previous_typed
    if codes and not confirmed and (found.cents != known.rent_cents or is_compared_anew):
        codes = tuple(code for code in codes if code == PREVIOUS_UNKNOWN)
        found = assess(facts, typed=line.typed, previous_typed=line.previous_typed, confirmed=codes)
    judged = Judged(line, _STATES.get(found.state, found.state))
    judged.tenancy_id, judged.cents, judged.previous_cents = known.tenancy_id, found.cents, found.previous_cents
    judged.warnings = [warning.code for warning in found.warnings]
    judged.confirmed = [code for code in codes if code in judged.warnings]
    if known.state in ("submitted", "integrated"):
        return _sent(judged, known)
    if own and found.cents is not None and found.cents != known.rent_cents and not known.is_own_file and not is_chosen:
        judged.state, judged.other_cents = LineState.CONFLICT, known.rent_cents
    return judged


def _sent(judged: Judged, known: Known) -> Judged:
    judged.state, judged.other_cents = LineState.SENT, known.rent_cents
    if judged.cents is not None and judged.cents != known.rent_cents and known.rent_cents is not None:
        judged.fault = (
            f"Déjà transmis pour {euros(known.rent_cents)}. Pour changer ce loyer, corrigez-le dans la grille."
        )
    return judged


def twice(judged: Judged, first: int) -> None:
    """The same tenant on two lines, with two amounts: neither is taken."""
    judged.state, judged.fault = LineState.TO_CORRECT, also_on(first)


def also_on(line: int) -> str:
    """What both lines say."""
    return f"{ALSO} {line}, avec un autre montant. Corrigez l’une des deux."


def same_as(line: int) -> str:
    """What is said of the second of two lines that say the same."""
    return f"Même locataire et même montant que ligne {line}{NBSP}: une seule suffit."


COPIED = """file_id, line, tenancy_id, shown, typed, previous_typed, is_formula, state, cents, fault,
  previous_cents, other_cents, warnings, confirmed, reason"""
_NOTHING_ELSE = "\t\\N\t\\N\t[]\t[]\t"
"""No other amount, no warning, nothing confirmed, no reason: what nearly every line says."""
_SIGNS = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": ""})


def copied(file: int, judged: Iterable[Judged]) -> str:
    """The lines of a file as COPY reads them, in the order of :data:`COPIED`."""
    return "".join(_row(file, one) for one in judged)


def _row(file: int, one: Judged) -> str:
    line = one.line
    begin = (
        f"{file}\t{line.number}\t{_number(one.tenancy_id)}\t{_copied(line.shown)}\t{_copied(line.typed)}\t"
        f"{_copied(line.previous_typed)}\t{'t' if line.is_formula else 'f'}\t{one.state}\t{_number(one.cents)}\t{_copied(one.fault)}"
    )
    if one.state == READY and one.other_cents is None and one.previous_cents is None and not one.warnings:
        return f"{begin}{_NOTHING_ELSE}\n"
    warnings, confirmed = (_copied(json.dumps(list(codes))) for codes in (one.warnings, one.confirmed))
    return f"{begin}\t{_number(one.previous_cents)}\t{_number(one.other_cents)}\t{warnings}\t{confirmed}\t\n"


def _number(value: int | None) -> str:
    return "\\N" if value is None else str(value)


def _copied(text: str) -> str:
    return text.translate(_SIGNS) if "\\" in text or not text.isprintable() else text
