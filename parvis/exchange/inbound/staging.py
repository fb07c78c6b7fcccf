"""Lines on their way in lie in a temporary table of text columns, numbered as in their file.

The fast way sends the file's bytes to PostgreSQL as they are. Where it refuses them, or where lines must be prepared
(NIR and IBAN are encrypted before they reach the database), Python reads the records and sends columns.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

import psycopg
from django.db import connection, transaction

from parvis.exchange.formats.format import Format, Prepared
from parvis.exchange.inbound.faults import SUSPECTS
from parvis.exchange.inbound.gate import Gate, good_lines
from parvis.exchange.inbound.records import Record, lines_of, records_of
from parvis.exchange.inbound.stream import opened, unpacked
from parvis.exchange.inbound.verification import Verified
from parvis.exchange.refusals import DeliveryRefused
from parvis.kit.encryption import close
from parvis.kit.merging import execute

LINES, APART = "feed_lines", "feed_apart"
SEALED_COLUMN = "feed_lines.sealed"
"""While it is staged only: a line that is set aside is closed for its row then."""
_OWN = ("line bigint NOT NULL DEFAULT nextval('feed_line_number')", "sealed bytea", "fault_field text", "fault text")


class ChangedMeanwhile(DeliveryRefused):
    """The file is no longer the one that was verified."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Le fichier {name} a changé pendant le chargement : rien n’en est chargé. Déposez-le à nouveau, entier."
        )


def lay_out(format_: Format, header: tuple[str, ...]) -> None:
    """Make the empty staging tables for lines of ``format_`` whose columns come in the order of ``header``."""
    execute(
        f"DROP TABLE IF EXISTS feed_lines, feed_apart, feed_differing, {SUSPECTS}; DROP SEQUENCE IF EXISTS feed_line_number"
    )
    execute("CREATE TEMP SEQUENCE feed_line_number START 2 CACHE 1000")
    extra = [
        f"{staged} text" for staged, name in zip(staged_names(format_, header), header, strict=True) if staged != name
    ]
    texts = [f"{name} text" for name in format_.names]
    prepared = [f"{name} {kind}" for name, kind in format_.prepared_columns]
    execute(f"CREATE TEMP TABLE feed_lines ({', '.join([*texts, *extra, *prepared, *_OWN])}) ON COMMIT DROP")
    execute("CREATE TEMP TABLE feed_apart (line bigint, field text, sentence text, waits_for text) ON COMMIT DROP")


def clear_away() -> None:
    """Drop the staging tables; the end of the transaction would too."""
    execute(
        "DROP TABLE IF EXISTS feed_lines, feed_apart, feed_differing, feed_suspects, feed_absent, feed_known, feed_touched"
    )
    execute("DROP SEQUENCE IF EXISTS feed_line_number")


def staged_names(format_: Format, header: tuple[str, ...]) -> list[str]:
    """The staging columns of a file: those the format does not know get a name of ours."""
    return [name if name in format_.names else f"unknown_{index}" for index, name in enumerate(header)]


def stage_file(format_: Format, verified: Verified) -> bool:
    """Fill the staging table from a verified file; whether its suspect lines were noted in ``feed_suspects``."""
    lay_out(format_, verified.measured.header)
    gate = good_lines(format_, verified.measured.header)
    if gate is not None and verified.measured.plain and _copied_as_it_is(format_, verified, Gate(gate)):
        return True
    digest = hashlib.sha256()
    with opened(verified.path) as file:
        lines = lines_of(unpacked(file, verified.path.name, digest))
        next(lines, b"")
        stage_records(format_, verified.measured.header, records_of(lines, len(verified.measured.header)))
    _check_unchanged(verified, digest)
    return False


def stage_records(format_: Format, header: tuple[str, ...], records: Iterable[Record]) -> None:
    """Add records to the staging table; one whose shape is wrong is there with its fault and its bytes only."""
    staged = staged_names(format_, header)
    prepared = [name for name, _ in format_.prepared_columns]
    wanted = [*staged, *prepared, "line", "sealed", "fault_field", "fault"]
    with connection.cursor() as cursor, cursor.copy(f"COPY feed_lines ({', '.join(wanted)}) FROM STDIN") as copy:
        for record in records:
            values = _values(format_, staged, record)
            copy.write_row([values.get(name) for name in wanted])


def _values(format_: Format, staged: list[str], record: Record) -> dict[str, Any]:
    values: dict[str, Any] = {name: field or None for name, field in zip(staged, record.fields, strict=False)}
    values |= {"line": record.number, "fault": record.fault or None, "fault_field": "" if record.fault else None}
    if record.fault or format_.prepare is not None:
        values["sealed"] = close(record.raw.decode().rstrip("\r\n"), SEALED_COLUMN)
    if format_.prepare is not None and not record.fault:
        complete = dict.fromkeys(format_.names, "") | {
            name: value or "" for name, value in values.items() if name in format_.names
        }
        values |= _prepared(format_, format_.prepare(complete))
    return values


def _prepared(format_: Format, prepared: Prepared) -> dict[str, Any]:
    secrets: dict[str, Any] = {column.name: None for column in format_.columns if column.secret}
    if prepared.fault:
        return secrets | {"fault_field": prepared.field, "fault": prepared.fault}
    return secrets | dict(prepared.values)


def _copied_as_it_is(format_: Format, verified: Verified, gate: Gate) -> bool:
    """Whether PostgreSQL took the file's own bytes. A quote or a width it does not like sends us the slow way."""
    names = ", ".join(staged_names(format_, verified.measured.header))
    statement = (
        f"COPY feed_lines ({names}) FROM STDIN (FORMAT csv, DELIMITER ';', FORCE_NULL ({names}), ENCODING 'UTF8')"
    )
    digest = hashlib.sha256()
    try:
        with transaction.atomic(), opened(verified.path) as file:
            blocks = _without_header(unpacked(file, verified.path.name, digest), verified.measured.header_bytes)
            with connection.cursor() as cursor:
                with cursor.copy(statement) as copy:
                    for block in gate.watch(blocks):
                        copy.write(block)
                count = cursor.rowcount
            if count != verified.measured.rows:
                raise _OtherReading
    except (psycopg.DataError, _OtherReading):
        execute("ALTER SEQUENCE feed_line_number RESTART")
        return False
    _check_unchanged(verified, digest)
    execute(f"CREATE TEMP TABLE {SUSPECTS} (line bigint) ON COMMIT DROP")
    with connection.cursor() as cursor, cursor.copy(f"COPY {SUSPECTS} FROM STDIN") as copy:
        for line in gate.suspects:
            copy.write_row([line])
    return True


class _OtherReading(Exception):
    """PostgreSQL found another number of records than we did (a line that holds only ``\\.`` ends its reading)."""


def _without_header(blocks: Iterator[bytes], size: int) -> Iterator[bytes]:
    left = size
    for block in blocks:
        rest, left = block[left:], max(0, left - len(block))
        if rest:
            yield rest


def _check_unchanged(verified: Verified, digest: Any) -> None:
    if digest.hexdigest() != verified.announced.sha256:
        raise ChangedMeanwhile(verified.path.name)
