"""The July grid, line by line, as its templates want it; French, as the person reads it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from parvis.declarations.kinds.july_rent import AGAIN, PREVIOUS_UNKNOWN, USUAL, Assessment, Level, Remedy, percent
from parvis.declarations.models import EntryState
from parvis.declarations.reasons import rejection_sentence
from parvis.declarations.selectors import CampaignCard, Remaining
from parvis.declarations.selectors.grid import GridRow
from parvis.declarations.selectors.tenant_lists.july import LABELS, SUSPENDED
from parvis.kit.money import decimal, euros
from parvis.kit.text import figure, plural
from parvis.web.frame.templating import address

PILLS = {
    "drafted": "ok",
    "to_confirm": "warm",
    "to_correct": "bad",
    "submitted": "info",
    "integrated": "ok",
    "rejected": "bad",
}
ASK_REASON = ("increase_above_index", "decrease", "very_high", "very_low")
"""The warnings whose confirmation may say why."""
REASONS_TO_CONFIRM = ("Travaux", "Nouveau bail", "Loyer sous-évalué", "Autre")


@dataclass(frozen=True, slots=True)
class Button:
    """One click under a line: its words, and what it posts as ``geste``."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class LineMessage:
    """What is said under a line: kind ``''`` (to confirm), ``bad`` or ``ok``; a bold title, a sentence, buttons."""

    kind: str
    title: str
    sentence: str = ""
    buttons: tuple[Button, ...] = ()
    asks_reason: bool = False


@dataclass(frozen=True, slots=True)
class GridLine:
    """One tenant of the grid. ``previous`` is the text of the field of the July before; None when it is not asked.

    ``account`` is said where the grid has several.
    """

    reference: str
    tenant: str
    tenant_url: str
    number: str
    address: str
    year: int
    before: str
    value: str
    previous: str | None
    previous_state: str
    state: str
    gap: str
    pill_kind: str
    pill_label: str
    is_open: bool
    is_taken_in: bool
    taken_over: bool
    share: str
    whose: str
    sent: str
    receipt_url: str
    correct_url: str
    gone_url: str
    paper_url: str
    messages: tuple[LineMessage, ...]
    save_url: str
    account: str
    correct_words: str = "Corriger"

    @property
    def described(self) -> str | None:
        """The id of what is said under the line."""
        return f"m-{self.reference}" if self.messages else None


def line_of(
    row: GridRow,
    account: str,
    *,
    refused: str = "",
    suspended: bool = False,
    across: bool = False,
    takes_papers: bool = True,
) -> GridLine:
    """A row as the grid shows it; ``refused`` says why it could not be saved, ``suspended`` that the aids of its missing rents
    are; ``across``: it stands among rows of other accounts; ``takes_papers``: its campaign is that of the tenant's own pages."""
    found = row.assessment if row.is_open else Assessment(row.state, row.rent_cents, row.previous_cents)
    pill = july_pill(row, suspended=suspended)
    return GridLine(
        reference=str(row.reference),
        tenant=row.name,
        tenant_url=address("tenant", account, row.reference),
        number=row.claimant_number,
        address=f"{row.address}, {row.city}",
        year=row.year,
        before=_before(row),
        value=_value(row, found),
        previous=_previous(row, found),
        previous_state="err" if found.previous_fault else "",
        state=_field_state(row, found),
        gap=_gap(row, found),
        pill_kind=pill[0],
        pill_label=pill[1],
        is_open=row.is_open,
        is_taken_in=row.state == EntryState.INTEGRATED,
        taken_over=row.is_open and row.is_taken_over,
        share=row.facts.share_words if row.is_open else "",
        whose=row.whose,
        **_sent(row, account),
        gone_url=f"{address('declare', account, row.reference)}?quoi=move_out" if row.is_open else "",
        paper_url=_paper_url(row, account) if takes_papers else "",
        messages=(*([LineMessage("bad", refused)] if refused else ()), *_messages(row, found)),
        save_url=f"{address('july-rent-save', account, row.reference)}?annee={row.year}{'&tous=1' if across else ''}",
        account=account if across else "",
    )


def _sent(row: GridRow, account: str) -> dict[str, str]:
    """What was sent, and where its receipt is; where it may be corrected is told once it is known (:func:`correctable`)."""
    return {
        "sent": euros(row.rent_cents) if row.rent_cents is not None else "",
        "receipt_url": address("receipt", account, row.receipt_number) if row.receipt_number else "",
        "correct_url": "",
    }


def correctable(line: GridLine, account: str) -> GridLine:
    """A line whose rent was sent and may still be corrected; once it was taken in, that is asked of the office."""
    url = f"{address('july-rent-correct', account, line.reference)}?annee={line.year}"
    words = "Demander une correction" if line.is_taken_in else line.correct_words
    return replace(line, correct_url=url, correct_words=words)


def _field_state(row: GridRow, found: Assessment) -> str:
    is_asked = found.cents is None or found.fault or found.pending
    return {"to_confirm": "warn", "to_correct": "err"}.get(row.state, "") if is_asked else ""


def _paper_url(row: GridRow, account: str) -> str:
    """Where the receipt of the July before can be joined, while its rent is asked for."""
    if not (row.is_open and row.facts.asks_previous):
        return ""
    return f"{address('declare', account, row.reference)}?quoi=july_rent"


def july_pill(row: GridRow, *, suspended: bool) -> tuple[str, str]:
    """The colour and the words of its state, as ux.md B0 names it, told more closely where it hides two."""
    pending = row.assessment.pending if row.is_open else ()
    if pending and pending[0].code == PREVIOUS_UNKNOWN:
        return "warm", f"Juillet\u00a0{row.year - 1} à saisir"
    return state_pill(row.state, suspended=suspended)


def state_pill(state: str, *, suspended: bool) -> tuple[str, str]:
    """The same, of a state alone."""
    if suspended and state == EntryState.TO_DECLARE:
        return "bad", LABELS[SUSPENDED]
    return PILLS.get(state, ""), str(EntryState(state).label)


def _before(row: GridRow) -> str:
    if row.last_july_cents is not None:
        return euros(row.last_july_cents)
    if row.facts.asks_previous:
        return euros(row.previous_cents) if row.previous_cents is not None else "non connu"
    return "—"


def _value(row: GridRow, found: Assessment) -> str:
    if found.cents is None:
        return row.typed
    return decimal(found.cents)


def _previous(row: GridRow, found: Assessment) -> str | None:
    """The field is in the row from the start, wherever the July before is not known."""
    if not row.is_open or not row.facts.asks_previous:
        return None
    return row.previous_typed if found.previous_cents is None else decimal(found.previous_cents)


def _gap(row: GridRow, found: Assessment) -> str:
    last = row.last_july_cents or found.previous_cents
    return percent(found.cents, last) if found.cents is not None and last else "—"


def _messages(row: GridRow, found: Assessment) -> list[LineMessage]:
    """One thing at a time: what cannot be read, what is unusual, or what was understood."""
    if row.state == EntryState.REJECTED:
        return [LineMessage("bad", "Loyer refusé.", rejection_sentence(row.reason_code))]
    if not row.is_open:
        return []
    if found.fault:
        return [LineMessage("bad", found.fault, buttons=tuple(_replace(row, remedy) for remedy in found.remedies))]
    if found.previous_fault:
        return [LineMessage("bad", f"Juillet\u00a0{row.year - 1}\u00a0: {found.previous_fault}")]
    said = [_warning(row, found)] if found.pending else []
    if row.state in AGAIN and not said:
        keep = Button(f"Confirmer {euros(found.cents or 0)}", _confirms(row, USUAL, found))
        said = [LineMessage("", AGAIN[row.state], buttons=(keep,))]
    return [*said, *([LineMessage("ok", found.understood)] if found.understood and not said else [])]


def _confirms(row: GridRow, code: str, found: Assessment) -> str:
    """What the button posts that confirms an amount as it was shown, beside the July before."""
    before = "" if row.before_cents is None else row.before_cents
    return f"confirmer:{row.reference}:{code}:{found.cents}:{before}"


def _warning(row: GridRow, found: Assessment) -> LineMessage:
    warning = found.pending[0]
    keep = Button(warning.confirm, _confirms(row, warning.code, found))
    buttons = (_replace(row, warning.remedy), keep) if warning.remedy else (keep,)
    return LineMessage(
        "bad" if warning.level is Level.LIKE_ERROR else "",
        warning.title,
        warning.sentence,
        buttons,
        asks_reason=warning.code in ASK_REASON,
    )


def _replace(row: GridRow, remedy: Remedy) -> Button:
    return Button(remedy.label, f"remplacer:{row.reference}:{remedy.cents}")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the landlord is, in words: above the grid, and in the bar at its foot."""

    title: str
    sent: str
    parts: tuple[tuple[str, int, str], ...]
    total: int
    sentence: str
    ready: str
    to_do: str
    is_ready: bool


def progress_of(card: CampaignCard) -> Progress:
    """The counts of the campaign as sentences."""
    typed, left = card.typed, card.to_declare + card.rejected
    wrong = (("todo", card.to_correct, "à corriger"),) if card.to_correct else ()
    sent, open_, faulty = figure(card.done), figure(typed), f"{figure(card.to_correct)} à corriger, " if wrong else ""
    words = f"{sent} transmis, {open_} saisis non transmis, {faulty}{figure(left)} à saisir"
    to_do = [
        f"{figure(count)} {what}"
        for count, what in ((card.to_confirm, "à confirmer"), (card.to_correct, "à corriger"))
        if count
    ]
    return Progress(
        title=f"{plural(typed + card.done, 'loyer saisi', 'loyers saisis')} sur\u00a0{figure(card.total)}",
        sent=f"dont {sent} déjà transmis" if card.done else "",
        parts=(("done", card.done, "transmis"), ("kept", typed, "saisis"), *wrong, ("todo", left, "à saisir")),
        total=card.total,
        sentence=words,
        ready=plural(card.drafted, "loyer prêt", "loyers prêts"),
        to_do=", ".join(to_do),
        is_ready=card.drafted > 0,
    )


def ready_words(told: Remaining) -> tuple[str, str]:
    """« 3 loyers prêts », « dans 2 comptes »."""
    rents, accounts = told.ready, told.ready_in
    words = plural(rents, "loyer prêt", "loyers prêts")
    return words, f"dans {accounts}\u00a0compte{'s' if accounts > 1 else ''}" if rents else ""
