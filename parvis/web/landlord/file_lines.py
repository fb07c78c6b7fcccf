"""The report of a file, line by line, as its templates want it."""

from __future__ import annotations

from dataclasses import dataclass

from parvis.declarations.bulk.models import LineState, RentFile
from parvis.declarations.bulk.report import ReportRow
from parvis.declarations.kinds.july_rent import USUAL, Assessment
from parvis.kit.money import decimal, euros
from parvis.kit.text import plural
from parvis.web.landlord.forms.files import STATES
from parvis.web.landlord.lines import Button

PILLS = {
    "ready": "ok",
    "to_confirm": "warm",
    "to_correct": "bad",
    "conflict": "warm",
    "no_amount": "",
    "unknown": "bad",
    "sent": "info",
    "ignored": "",
}
COUNTED = {
    "prets": ("prêt", "prêts"),
    "a-confirmer": ("à confirmer", "à confirmer"),
    "a-corriger": ("à corriger", "à corriger"),
    "a-choisir": ("à choisir", "à choisir"),
    "sans-montant": ("sans montant", "sans montant"),
    "inconnus": ("inconnu", "inconnus"),
    "deja-transmis": ("déjà transmis", "déjà transmis"),
    "ignorees": ("ligne ignorée", "lignes ignorées"),
}
ALWAYS_SHOWN = ("prets", "a-confirmer", "a-corriger", "sans-montant", "inconnus")
_EDITABLE = (LineState.READY, LineState.TO_CONFIRM, LineState.TO_CORRECT, LineState.NO_AMOUNT)


@dataclass(frozen=True, slots=True)
class FileLine:
    """One line of the report. ``value`` is the text of its field; ``previous`` that of the July before, None when not asked."""

    line: int
    tenant: str
    number: str
    typed: str
    read: str
    value: str
    previous: str | None
    year: int
    state: str
    pill_kind: str
    pill_label: str
    is_editable: bool
    sentences: tuple[str, ...]
    remarks: tuple[str, ...]
    buttons: tuple[Button, ...]
    asks_reason: bool

    @property
    def described(self) -> str | None:
        """The id of what is said under the line."""
        return f"m-{self.line}" if self.sentences or self.remarks else None


def counters_of(file: RentFile, address: str, current: str) -> list[tuple[str, str, bool]]:
    """The counts as tabs (words, address, whether it is shown); the usual ones are told even at zero."""
    tabs = [("Toutes", address, current == "")]
    for word, (one, many) in COUNTED.items():
        count = file.counts.get(STATES[word], 0)
        if count or word in ALWAYS_SHOWN:
            tabs.append((plural(count, one, many), f"{address}?etat={word}", current == word))
    return tabs


def counts_in_words(file: RentFile) -> list[str]:
    """What its lines are, the states it has none of left out."""
    counted = [(file.counts.get(STATES[word], 0), words) for word, words in COUNTED.items()]
    return [plural(count, *words) for count, words in counted if count]


def line_of(row: ReportRow) -> FileLine:
    """A line of the file as the report shows it."""
    facts = row.facts
    return FileLine(
        line=row.line,
        tenant=row.name or ("Aucun locataire" if row.state == LineState.IGNORED else "Inconnu"),
        number=row.claimant_number or row.shown,
        typed=row.typed,
        read=euros(row.cents) if row.cents is not None else "—",
        value=decimal(row.cents) if row.cents is not None else row.typed,
        previous=row.previous_typed if facts is not None and facts.asks_previous and row.typed else None,
        year=facts.year if facts is not None else 0,
        state={"to_confirm": "warn", "to_correct": "err"}.get(row.state, ""),
        pill_kind=PILLS[row.state],
        pill_label=row.state_label,
        is_editable=facts is not None and row.state in _EDITABLE,
        sentences=tuple(row.sentences),
        remarks=tuple(row.remarks),
        buttons=_buttons(row),
        asks_reason=_asks_reason(row),
    )


def _buttons(row: ReportRow) -> tuple[Button, ...]:
    if row.state == LineState.CONFLICT:
        screen, file = euros(row.other_cents or 0), euros(row.cents or 0)
        return (
            Button(f"Garder l’écran\u00a0: {screen}", f"ecran:{row.line}"),
            Button(f"Garder le fichier\u00a0: {file}", f"fichier:{row.line}"),
        )
    found = row.assessment
    if found is None or row.state not in (LineState.TO_CONFIRM, LineState.TO_CORRECT):
        return ()
    remedies = [*found.remedies]
    buttons = []
    if found.pending:
        warning = found.pending[0]
        remedies += [warning.remedy] if warning.remedy else []
        buttons = [Button(warning.confirm, _confirms(row, warning.code, found))]
    elif not (row.fault or found.fault or found.previous_fault) and found.cents is not None:
        buttons = [Button(f"Confirmer {euros(found.cents or 0)}", _confirms(row, USUAL, found))]
    return (*(Button(remedy.label, f"remplacer:{row.line}::{remedy.cents}") for remedy in remedies), *buttons)


def _confirms(row: ReportRow, code: str, found: Assessment) -> str:
    """What the button posts that confirms an amount as it was shown, beside the July before."""
    before = "" if row.before_cents is None else row.before_cents
    return f"confirmer:{row.line}:{code}:{found.cents}:{before}"


def _asks_reason(row: ReportRow) -> bool:
    found = row.assessment if row.state == LineState.TO_CONFIRM else None
    return bool(found and found.pending and found.pending[0].code in ("increase_above_index", "decrease"))
