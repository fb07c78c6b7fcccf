"""One file, one transaction: staged, tested, merged, counted. A crash leaves it wholly in or wholly out."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from parvis.audit.journal import record
from parvis.exchange import events
from parvis.exchange.formats import FORMATS
from parvis.exchange.formats.format import Absence, Circumstances, Format
from parvis.exchange.inbound.aside import put_aside, supersede, unreadable_keys
from parvis.exchange.inbound.faults import put_duplicates, put_faults
from parvis.exchange.inbound.staging import APART, LINES, clear_away, stage_file
from parvis.exchange.inbound.verification import Verified
from parvis.exchange.models import DeliveryFile, FileState
from parvis.kit.merging import BIG, execute, number
from parvis.kit.refusals import Refusal

FULL_FILE_LIMIT = 5
"""A full file that would end more than this percentage of what is active at one office waits for a person's decision."""

_FOR_BIG_SETS = (
    "SET LOCAL work_mem = '256MB'",
    "SET LOCAL maintenance_work_mem = '256MB'",
    "SET LOCAL jit = off",
    # Without statistics on the staging table the planner would rather sort millions of lines than hash them.
    "SET LOCAL enable_mergejoin = off",
)


class Held(Refusal):
    """The file would end too much: a person must say that it may."""


@transaction.atomic
def load_file(row: DeliveryFile, verified: Verified, circumstances: Circumstances, *, released: bool) -> None:
    """Take one verified file in; raises :class:`Held` where a full file would end too much and nobody has released it."""
    format_ = FORMATS[row.kind]
    if verified.announced.rows >= BIG:
        for setting in _FOR_BIG_SETS:
            execute(setting)
    row.header, row.warnings = list(verified.measured.header), _warnings(verified)
    row.set_aside = row.waiting = 0
    stage_file(format_, verified)
    ends = row.mode == "full" and format_.full is not None
    if format_.full is not None and ends:
        absences = format_.full.note(LINES)
        if not released:
            check_limit(format_, absences)
    lines = format_.differing(LINES) if format_.differing else LINES
    put_faults(format_, lines, APART)
    unreadable = unreadable_keys(format_)
    put_duplicates(format_, lines, LINES, APART)
    supersede(format_, at=circumstances.at)
    known = _known_word_for_word(lines)
    put_aside(row, format_, lines)
    merged = format_.merge(lines, APART, circumstances)
    put_aside(row, format_, lines)
    if format_.full is not None and ends:
        _end(row, format_, unreadable, circumstances)
    row.added, row.changed, row.unchanged = merged.added, merged.changed, merged.unchanged + known
    row.state, row.sentence, row.loaded_at = FileState.LOADED, "", circumstances.at
    row.save()
    clear_away()
    _journal(row, circumstances)


def _known_word_for_word(lines: str) -> int:
    """How many good lines are not in ``lines`` because they are in already."""
    if lines == LINES:
        return 0
    not_apart = f"WHERE NOT EXISTS (SELECT 1 FROM {APART} a WHERE a.line = l.line)"
    return number(f"SELECT (SELECT count(*) FROM {LINES} l {not_apart}) - (SELECT count(*) FROM {lines} l {not_apart})")


def check_limit(format_: Format, absences: Sequence[Absence]) -> None:
    """Hold a full file that would end more than FULL_FILE_LIMIT percent of what is active at some office."""
    too_many = [told for told in absences if told.missing * 100 > told.active * FULL_FILE_LIMIT]
    if too_many and format_.full is not None:
        told = " ; ".join(
            f"caisse {office.caf_code}, {office.missing} {format_.full.thing} sur {office.active} "
            f"({office.missing * 100 // office.active} %)"
            for office in too_many
        )
        raise Held(
            f"Ce fichier complet mettrait fin à plus de {FULL_FILE_LIMIT} % de ce qui est actif : {told}. "
            "Vérifiez auprès du producteur qu’il est entier. S’il l’est, libérez la livraison ; sinon, faites-la redéposer."
        )


def _end(row: DeliveryFile, format_: Format, unreadable: int, circumstances: Circumstances) -> None:
    """End what a full file does not name, unless some of its lines cannot be read: they may name it."""
    if unreadable:
        row.warnings.append(
            f"{unreadable} ligne(s) ne disent pas de qui elles parlent : rien n’a été clos. Le prochain fichier complet le fera."
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
