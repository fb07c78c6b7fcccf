"""Finding the lines that may not go in, and saying why: exact tests in SQL, with the sentence of the first fault of a line.

Where a file went by the gate (``gate``), only its suspects are read here.
"""

from __future__ import annotations

from parvis.exchange.formats.columns import Column, Family
from parvis.exchange.formats.format import Format
from parvis.kit.merging import execute, holds, literal

_SHOWN = "regexp_replace(left({name}, 40), '[[:cntrl:]]', '·', 'g')"
_FORMULA = "'^([=+@]|-([^0-9]|$))'"
_LONG = "'[0-9A-Za-z]([ .-]?[0-9A-Za-z]){11}'"
_INVISIBLE = "'[\\x01-\\x1f\\x7f]'"
_BLANK = "'^[[:space:]\\u00a0\\u1680\\u2000-\\u200b\\u202f\\u205f\\u2060\\u3000\\ufeff]*$'"
SUSPECTS = "feed_suspects"


def put_faults(format_: Format, lines: str, apart: str, suspects: bool = False) -> None:
    """Write into ``apart`` the first fault of each faulty line of ``lines``; of the suspects only, if they were noted."""
    among = f"WHERE line IN (SELECT line FROM {SUSPECTS})" if suspects else ""
    execute(
        f"INSERT INTO {apart} (line, field, sentence, waits_for) SELECT line, found[1], found[2], '' FROM"
        f" (SELECT line, {first_fault(format_)} AS found FROM {lines} {among} OFFSET 0) x WHERE found IS NOT NULL"
    )


def put_duplicates(format_: Format, lines: str, all_lines: str, apart: str) -> None:
    """Write into ``apart`` the lines whose key an earlier line of the same file has."""
    key = ", ".join(format_.key)
    twice = f"SELECT {key} FROM {lines} GROUP BY {key} HAVING count(*) > 1"
    if lines != all_lines:
        concerned = f"{all_lines} JOIN (SELECT DISTINCT {key} FROM {lines}) l USING ({key})"
        twice = f"SELECT {key} FROM {concerned} GROUP BY {key} HAVING count(*) > 1"
    if not holds(twice):
        return
    shown = " || ' ' || ".join(format_.key)
    execute(
        f"INSERT INTO {apart} (line, field, sentence, waits_for)"
        f" SELECT line, {literal(format_.key[-1])}, 'La clé « ' || shown || ' » est déjà donnée à la ligne ' || first"
        " || ' de ce fichier : gardez une seule des deux lignes.', ''"
        f" FROM (SELECT line, {shown} AS shown, min(line) OVER (PARTITION BY {key}) AS first"
        f" FROM {all_lines} JOIN ({twice}) d USING ({key})"
        f" WHERE NOT EXISTS (SELECT 1 FROM {apart} a WHERE a.line = {all_lines}.line)) x WHERE line > first"
    )


def first_fault(format_: Format) -> str:
    """An SQL expression: NULL for a good line, else the field and the sentence of its first fault."""
    cases = ["WHEN fault IS NOT NULL THEN ARRAY[fault_field, fault]"]
    careful = any(column.secret for column in format_.columns)
    for column in format_.columns:
        tests = _tests(column, _shown(column, careful=careful))
        cases += [f"WHEN {bad} THEN ARRAY[{literal(column.name)}, {sentence}]" for bad, sentence in tests]
    for check in format_.checks:
        cases.append(f"WHEN NOT ({check.good}) THEN ARRAY[{literal(check.field)}, {literal(check.sentence)}]")
    return "CASE " + " ".join(cases) + " END"


def _tests(column: Column, shown: str) -> list[tuple[str, str]]:
    """Each way a value can be bad, in the order they are told, with its sentence in SQL."""
    name, tests = column.name, []
    if column.required:
        empty = f"{name} IS NULL" if column.pattern else f"COALESCE({name}, '') ~ {_BLANK}"
        tests.append((empty, literal(f"Le champ {name} est vide et il est obligatoire : complétez-le.")))
    if column.family == Family.TEXT and not column.pattern:
        too_long = f"Le champ {name} compte plus de {column.limit} caractères : raccourcissez-le."
        tests.append((f"char_length({name}) > {column.limit}", literal(too_long)))
    if column.family == Family.TEXT:
        invisible = f"Le champ {name} contient un caractère invisible (tabulation, retour à la ligne) : retirez-le."
        formula = f"'Le champ {name} commence par « ' || left({name}, 1) || ' », comme une formule de tableur : écrivez le texte seul.'"
        tests += [(f"{name} ~ {_INVISIBLE}", literal(invisible)), (f"{name} ~ {_FORMULA}", formula)]
    if column.pattern:
        sentence = f"{shown} || ' ' || {literal(column.expected)}"
        tests.append(
            (f"{name} !~ {literal(f'^({column.pattern})$')} OR char_length({name}) > {column.limit}", sentence)
        )
    if column.family in (Family.DAY, Family.MOMENT):
        last = f"to_char((left({name}, 7) || '-01')::date + interval '1 month - 1 day', 'YYYY-MM-DD')"
        sentence = f"{shown} || ' n’existe pas dans le calendrier : vérifiez le jour.'"
        tests.append((f'left({name}, 10) COLLATE "C" > {last}', sentence))
    return tests


def _shown(column: Column, *, careful: bool) -> str:
    """The value as its sentence repeats it. Among secrets, one may have slipped into any column: what is long stays unsaid."""
    unsaid = literal(f"Le contenu de {column.name}")
    if column.secret or column.hushed:
        return unsaid
    shown = f"'« ' || {_SHOWN.format(name=column.name)} || ' »'"
    return f"CASE WHEN {column.name} ~ {_LONG} THEN {unsaid} ELSE {shown} END" if careful else shown
