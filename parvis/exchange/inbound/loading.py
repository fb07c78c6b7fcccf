"""One file, one transaction: staged, tested, merged, counted. A crash leaves it wholly in or wholly out."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction

from parvis.audit.journal import record
from parvis.exchange import events
from parvis.exchange.formats import FORMATS
from parvis.exchange.formats.format import Absence, Circumstances, Format
from parvis.exchange.inbound.aside import put_aside, supersede, unreadable_keys
from parvis.exchange.inbound.faults import put_duplicates, put_faults
from parvis.exchange.inbound.staging import APART, LINES, clear_away, stage_file
from parvis.exchange.inbound.verification import Verified
from parvis.exchange.models import DeliveryFile, FileState
from parvis.kit.merging import BIG, Merged, execute, number
from parvis.kit.refusals import Refusal
from parvis.parameters.catalogue import FEED_MOST_ENDED
from parvis.parameters.selectors import value

WORTH_STATISTICS = 1_000
"""After this many changes the planner must not wait for the server to look at the tables by itself: what follows joins them."""

FEW = 10
"""One line in so many, or fewer, is a few."""

_FOR_BIG_SETS = (
    "SET LOCAL work_mem = '256MB'",
    "SET LOCAL maintenance_work_mem = '256MB'",
    "SET LOCAL jit = off",
    # Without statistics on the staging table the planner would rather sort millions of lines than hash them.
    "SET LOCAL enable_mergejoin = off",
    "SET LOCAL enable_nestloop = off",
)


class Held(Refusal):
    """The file would end too much: a person must say that it may. ``figures``: office, active there, would end."""

    def __init__(self, sentence: str, figures: list[tuple[str, int, int]]) -> None:
        super().__init__(sentence)
        self.figures = figures


@transaction.atomic
def load_file(row: DeliveryFile, verified: Verified, circumstances: Circumstances, *, released: bool) -> None:
    """Take one verified file in; raises :class:`Held` where a full file would end too much and nobody has released it."""
    format_ = FORMATS[row.kind]
    if verified.announced.rows >= BIG:
        for setting in _FOR_BIG_SETS:
            execute(setting)
    row.header, row.warnings = list(verified.measured.header), _warnings(verified)
    row.set_aside = row.waiting = 0
    suspects = stage_file(format_, verified)
    _gather_statistics(format_, LINES, verified)
    ends = row.mode == "full" and format_.full is not None
    if format_.full is not None and ends:
        absences = format_.full.note(LINES)
        if not released:
            check_limit(format_, absences)
    lines = format_.differing(LINES) if format_.differing else LINES
    put_faults(format_, lines, APART, suspects)
    unreadable = unreadable_keys(format_)
    # A big file into an empty table: its own key will tell whether a line comes twice, sooner than looking for it.
    first = format_.differing is not None and lines == LINES and verified.announced.rows >= BIG
    if not first:
        _gather_statistics(format_, lines, verified)
        _welcome_few(lines, verified)
        put_duplicates(format_, lines, LINES, APART)
    supersede(format_, at=circumstances.at, whole=ends and not unreadable)
    known = _known_word_for_word(lines, verified.announced.rows)
    put_aside(row, format_, lines)
    merged = _merged(row, format_, lines, circumstances, may_repeat=first)
    put_aside(row, format_, lines)
    if format_.full is not None and ends:
        _end(row, format_, unreadable, circumstances)
    row.added, row.changed, row.unchanged = merged.added, merged.changed, merged.unchanged + known
    row.state, row.sentence, row.loaded_at = FileState.LOADED, "", circumstances.at
    row.save()
    clear_away()
    if format_.tables and merged.added + merged.changed >= WORTH_STATISTICS:
        execute(f"ANALYZE {', '.join(format_.tables)}")
    _journal(row, circumstances)


def _gather_statistics(format_: Format, lines: str, verified: Verified) -> None:
    """Without any, the planner of a big set may choose a plan that takes hours."""
    if verified.announced.rows >= BIG:
        execute(f"ANALYZE {lines} ({', '.join(format_.key)})")


def _welcome_few(lines: str, verified: Verified) -> None:
    """Of a big file that is nearly all in already, the few lines left are looked up by their keys again."""
    if lines != LINES and verified.announced.rows >= BIG:
        few = number(f"SELECT count(*) FROM {lines}") * FEW <= verified.announced.rows
        execute(f"SET LOCAL enable_nestloop = {'on' if few else 'off'}")


def _merged(
    row: DeliveryFile, format_: Format, lines: str, circumstances: Circumstances, *, may_repeat: bool
) -> Merged:
    """Merge; where duplicates were not looked for (``may_repeat``), the table's own key betrays them, and it is done again."""
    if not may_repeat:
        return format_.merge(lines, APART, circumstances)
    try:
        with transaction.atomic():
            return format_.merge(lines, APART, circumstances)
    except IntegrityError:
        put_duplicates(format_, lines, LINES, APART)
        put_aside(row, format_, lines)
        return format_.merge(lines, APART, circumstances)


def _known_word_for_word(lines: str, staged: int) -> int:
    """How many good lines are not in ``lines`` because they are in already."""
    if lines == LINES:
        return 0
    apart = f"(SELECT DISTINCT line FROM {APART}) a"
    elsewhere = f"SELECT count(*) FROM {apart} WHERE NOT EXISTS (SELECT 1 FROM {lines} l WHERE l.line = a.line)"
    return staged - number(f"SELECT count(*) FROM {lines}") - number(elsewhere)


def check_limit(format_: Format, absences: Sequence[Absence]) -> None:
    """Hold a full file that would end more of what is active at some office than the office allows."""
    limits = {told.caf_code: value(FEED_MOST_ENDED, office=told.caf_code) for told in absences}
    too_many = [told for told in absences if told.missing * 100 > told.active * limits[told.caf_code]]
    if too_many and format_.full is not None:
        limit = min(limits[told.caf_code] for told in too_many)
        told = " ; ".join(
            f"caisse {office.caf_code}, {office.missing} {format_.full.thing} sur {office.active} "
            f"({office.missing * 100 // office.active} %)"
            for office in too_many
        )
        raise Held(
            f"Ce fichier complet mettrait fin à plus de {limit} % de ce qui est actif : {told}. "
            "Vérifiez auprès du producteur qu’il est entier. S’il l’est, libérez la livraison ; sinon, faites-la redéposer.",
            [(office.caf_code, office.active, office.missing) for office in too_many],
        )


def _end(row: DeliveryFile, format_: Format, unreadable: int, circumstances: Circumstances) -> None:
    """End what a full file does not name, unless some of its lines cannot be read: they may name it."""
    if unreadable:
        row.warnings.append(
            f"Lignes qui ne disent pas de qui elles parlent : {unreadable}. Rien n’a donc été clos ; le prochain fichier complet le fera."
        )
    elif format_.full is not None:
        row.ended = format_.full.end(circumstances.produced_on)


def _warnings(verified: Verified) -> list[str]:
    unknown = verified.unknown_columns
    return [f"Colonnes inconnues, ignorées : {', '.join(unknown)}."] if unknown else []


def _journal(row: DeliveryFile, circumstances: Circumstances) -> None:
    counts = {name: getattr(row, name) for name in ("added", "changed", "unchanged", "ended", "set_aside", "waiting")}
    subject = f"delivery {row.delivery}"
    record(events.FILE_LOADED, subject=subject, by=circumstances.by, at=circumstances.at, file=row.name, **counts)
