"""The gate of bytes and the exact tests agree: what the gate lets pass, the tests find nothing in."""

from __future__ import annotations

import random

import pytest
from django.db import connection

from parvis.exchange.formats import FORMATS
from parvis.exchange.inbound.faults import first_fault
from parvis.exchange.inbound.gate import Gate, good_lines
from parvis.exchange.inbound.records import record_of
from parvis.exchange.inbound.staging import clear_away, lay_out, stage_records
from tests.exchange.inbox import SAMPLES, written

GATED = ("tenancies", "july_rents", "payments", "outcomes")
OUTCOME = {"declaration_ref": "D-2026-000000123-K", "status": "integrated", "decided_at": "2026-08-21T10:00:00+02:00"}
ODD = [
    "", "0", "00", "01", "1", "-1", "+1", "--1", "9" * 8, "9" * 30, "1.5", "1,5", " 1", "1 ", "2026-02-28", "2026-02-29", "2024-02-29",
    "2026-04-31", "2026-12-31", "2026-13-01", "2026-00-10", "1899-12-31", "2100-01-01", "2026-1-5", "20260105", "2026-07", "2026-00",
    "APL", "apl", "=1", "@x", "-x", "- x", "\tx", "x\ty", "\x7f", "é" * 60, "é" * 81, "x" * 40, "x" * 41, "x" * 20, "x" * 21, "L'Été",
    "recovery", "aid", "true", "t", "oui", "\u00a0", " ", " \u202f ", "\u3000", "\ufeff", "x\u2028y", "1989", "1990", "2099", "'25",
]  # fmt: skip


def sample(kind: str) -> dict[str, str]:
    return OUTCOME if kind == "outcomes" else SAMPLES[kind]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", GATED)
def test_what_the_gate_lets_pass_is_good(kind: str) -> None:
    format_, chance = FORMATS[kind], random.Random(kind)
    rows = [sample(kind)]
    rows += [sample(kind) | {name: value} for name in format_.names for value in ODD]
    rows += [sample(kind) | {name: chance.choice(ODD) for name in chance.sample(format_.names, 3)} for _ in range(500)]
    rows = [row for row in rows if not any(sign in value for value in row.values() for sign in "\r\n")]
    raw = written(kind, rows)
    _header, _, body = raw.partition(b"\r\n")
    pattern = good_lines(format_, format_.names)
    assert pattern is not None
    gate = Gate(pattern)
    chance.seed(kind)
    cuts = sorted(chance.sample(range(1, len(body)), 20))
    blocks = [body[start:end] for start, end in zip([0, *cuts], [*cuts, len(body)], strict=True)]
    assert b"".join(gate.watch(iter(blocks))) == body
    suspects = set(gate.suspects)
    lay_out(format_, format_.names)
    lines = body.split(b"\r\n")[:-1]
    stage_records(
        format_, format_.names, (record_of(line, number, len(format_.names)) for number, line in enumerate(lines, 2))
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT line FROM feed_lines WHERE {first_fault(format_)} IS NOT NULL")
        faulty = {line for (line,) in cursor.fetchall()}
    clear_away()
    assert faulty, "the odd values prove nothing"
    assert faulty <= suspects
    if kind != "outcomes":
        assert 2 not in suspects, "the gate stops what is good: it would be of no use"
        assert len(suspects) < len(rows)


def test_the_gate_knows_a_last_line_without_its_end() -> None:
    format_ = FORMATS["july_rents"]
    pattern = good_lines(format_, format_.names)
    assert pattern is not None
    for last, expected in ((b"441;1500000;L1;2025;1;landlord", []), (b"441;1500000;L1;2025;1;nobody", [3])):
        gate = Gate(pattern)
        list(gate.watch(iter([b"441;1500000;L1;2025;1;landlord\r\n", last])))
        assert list(gate.suspects) == expected


def test_landlords_and_lines_with_checks_no_byte_can_tell_have_no_gate() -> None:
    for kind in ("landlords", "processing_times"):
        assert good_lines(FORMATS[kind], FORMATS[kind].names) is None
