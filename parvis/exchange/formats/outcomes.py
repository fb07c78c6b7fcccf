"""outcomes.csv: what became of the declarations sent."""

from __future__ import annotations

from parvis.declarations.services import exchange
from parvis.exchange.formats.columns import choice, moment, text
from parvis.exchange.formats.format import Circumstances, Format
from parvis.kit.merging import Merged, execute

_UNKNOWN = """
INSERT INTO {apart} (line, field, sentence, waits_for)
SELECT s.line, 'declaration_ref',
       'La déclaration « ' || s.declaration_ref || ' » n’est pas connue ici : vérifiez sa référence.',
       'declaration ' || s.declaration_ref
FROM {lines} s WHERE NOT EXISTS (SELECT 1 FROM declarations_declaration d WHERE d.reference = s.declaration_ref)
"""


_READABLE = """
CREATE TEMP TABLE feed_outcomes ON COMMIT DROP AS
SELECT s.line, s.declaration_ref, s.status, COALESCE(s.reason_code, '') AS reason_code, s.decided_at::timestamptz AS decided_at
FROM {lines} s WHERE NOT EXISTS (SELECT 1 FROM {apart} a WHERE a.line = s.line)
"""


def _merge(lines: str, apart: str, circumstances: Circumstances) -> Merged:
    execute(_UNKNOWN.format(lines=lines, apart=apart))
    execute("DROP TABLE IF EXISTS feed_outcomes")
    execute(_READABLE.format(lines=lines, apart=apart))
    merge = exchange.record_outcomes("feed_outcomes", by=circumstances.by, at=circumstances.at)
    for line, sentence in merge.faults:
        execute(f"INSERT INTO {apart} VALUES (%s, 'declaration_ref', %s, '')", [line, sentence])
    return Merged(changed=merge.changed, unchanged=merge.unchanged - len(merge.faults))


OUTCOMES = Format(
    kind="outcomes",
    title="suites données aux déclarations",
    columns=(
        text("declaration_ref", 24, required=True),
        choice("status", "integrated", "manual", "rejected"),
        text("reason_code", 40),
        moment("decided_at"),
    ),
    key=("declaration_ref",),
    merge=_merge,
    arrived=(
        "EXISTS (SELECT 1 FROM declarations_declaration d"
        " WHERE w.waits_for LIKE 'declaration %' AND d.reference = substr(w.waits_for, 13))"
    ),
)
