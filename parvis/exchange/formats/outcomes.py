"""outcomes.csv: what became of the declarations and of the changes that were sent, each by its own reference."""

from __future__ import annotations

from parvis.changes.services import outcomes
from parvis.declarations.services import exchange
from parvis.exchange.formats.columns import choice, day, moment, text
from parvis.exchange.formats.format import Circumstances, Format, RowCheck
from parvis.kit.merging import Merged, execute

_KNOWN = """
(EXISTS (SELECT 1 FROM declarations_declaration d WHERE d.reference = {reference})
 OR EXISTS (SELECT 1 FROM changes_changerequest c WHERE c.number = {reference} AND c.state <> 'asked'))
"""
_UNKNOWN = f"""
INSERT INTO {{apart}} (line, field, sentence, waits_for)
SELECT s.line, 'declaration_ref', CASE WHEN s.declaration_ref LIKE 'C-%' THEN 'La demande « ' ELSE 'La déclaration « ' END
       || s.declaration_ref || ' » n’est pas connue ici : vérifiez sa référence.',
       'declaration ' || s.declaration_ref
FROM {{lines}} s WHERE NOT {_KNOWN.format(reference="s.declaration_ref")}
"""


_READABLE = """
CREATE TEMP TABLE {name} ON COMMIT DROP AS
SELECT s.line, s.declaration_ref, s.status, COALESCE(s.reason_code, '') AS reason_code, s.decided_at::timestamptz AS decided_at,
       NULLIF(s.answer_by, '')::date AS answer_by
FROM {lines} s WHERE {which} s.declaration_ref LIKE 'C-%' AND NOT EXISTS (SELECT 1 FROM {apart} a WHERE a.line = s.line)
"""


def _merge(lines: str, apart: str, circumstances: Circumstances) -> Merged:
    execute(_UNKNOWN.format(lines=lines, apart=apart))
    for name, which in (("feed_outcomes", "NOT"), ("feed_answers", "")):
        execute(f"DROP TABLE IF EXISTS {name}")
        execute(_READABLE.format(name=name, lines=lines, apart=apart, which=which))
    merge = exchange.record_outcomes("feed_outcomes", by=circumstances.by, at=circumstances.at)
    answered = outcomes.record_outcomes("feed_answers", by=circumstances.by, at=circumstances.at)
    for line, sentence in (*merge.faults, *answered.faults):
        execute(f"INSERT INTO {apart} VALUES (%s, 'declaration_ref', %s, '')", [line, sentence])
    unchanged = merge.unchanged - len(merge.faults) + answered.unchanged
    return Merged(changed=merge.changed + answered.changed, unchanged=unchanged)


OUTCOMES = Format(
    kind="outcomes",
    title="suites données aux déclarations et aux demandes",
    columns=(
        text("declaration_ref", 24, required=True),
        choice("status", "integrated", "manual", "rejected", "paper_awaited"),
        text("reason_code", 40),
        moment("decided_at"),
        day("answer_by"),
    ),
    checks=(
        RowCheck(
            "answer_by",
            "status <> 'paper_awaited' OR (answer_by IS NOT NULL AND COALESCE(reason_code, '') <> '')",
            "Une pièce attendue dit laquelle et jusqu’à quand\u00a0: remplissez reason_code et answer_by.",
            certain={"status": "(?:integrated|manual|rejected)"},
        ),
        RowCheck(
            "answer_by",
            "answer_by IS NULL OR answer_by::date >= (decided_at::timestamptz AT TIME ZONE 'Europe/Paris')::date",
            "La date limite est antérieure à la décision\u00a0: corrigez answer_by.",
            certain={"answer_by": ""},
        ),
    ),
    key=("declaration_ref",),
    merge=_merge,
    arrived=f"(w.waits_for LIKE 'declaration %' AND {_KNOWN.format(reference='substr(w.waits_for, 13)')})",
)
