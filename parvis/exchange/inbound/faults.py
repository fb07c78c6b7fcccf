"""Finding the lines that may not go in, in SQL over the whole set.

Where a file is big, a cheap test passes the lines that are certainly good; the exact one, with its sentences, then reads
the few that are left. A test holds both together: what the cheap test passes, the exact one finds nothing in.
"""

from __future__ import annotations

from parvis.exchange.formats.columns import Column, Family
from parvis.exchange.formats.format import Format
from parvis.kit.merging import BIG, execute, holds, literal, number

_DIGITS = "'0123456789'"
_SHOWN = "regexp_replace(left({name}, 40), '[[:cntrl:]]', '·', 'g')"
_FORMULA = "'^([=+@]|-([^0-9]|$))'"
_INVISIBLE = "'[\\x01-\\x1f\\x7f]'"
_CALENDAR = """
CREATE TEMP TABLE feed_calendar ON COMMIT DROP AS
SELECT to_char(d, 'YYYY-MM-DD') AS day FROM generate_series('1900-01-01'::date, '2099-12-31', '1 day') d
"""


def put_faults(format_: Format, lines: str, apart: str) -> None:
    """Write into ``apart`` the first fault of each faulty line of ``lines``."""
    source = lines
    if number(f"SELECT count(*) FROM {lines}") >= BIG:
        execute("DROP TABLE IF EXISTS feed_suspects, feed_calendar")
        execute(_CALENDAR)
        execute(
            f"CREATE TEMP TABLE feed_suspects ON COMMIT DROP AS SELECT * FROM {lines} WHERE ({certainly_good(format_)}) IS NOT TRUE"
        )
        source = "feed_suspects"
    execute(
        f"INSERT INTO {apart} (line, field, sentence, waits_for) SELECT line, found[1], found[2], '' FROM"
        f" (SELECT line, {first_fault(format_)} AS found FROM {source} OFFSET 0) x WHERE found IS NOT NULL"
    )
    execute("DROP TABLE IF EXISTS feed_suspects, feed_calendar")


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
    for column in format_.columns:
        cases += [f"WHEN {bad} THEN ARRAY[{literal(column.name)}, {sentence}]" for bad, sentence in _tests(column)]
    for check in format_.checks:
        cases.append(f"WHEN NOT ({check.good}) THEN ARRAY[{literal(check.field)}, {literal(check.sentence)}]")
    return "CASE " + " ".join(cases) + " END"


def _tests(column: Column) -> list[tuple[str, str]]:
    """Each way a value can be bad, in the order they are told, with its sentence in SQL."""
    name, tests = column.name, []
    if column.required:
        tests.append((f"{name} IS NULL", literal(f"Le champ {name} est vide et il est obligatoire : complétez-le.")))
    if column.family == Family.TEXT:
        tests += [
            (
                f"char_length({name}) > {column.limit}",
                literal(f"Le champ {name} compte plus de {column.limit} caractères : raccourcissez-le."),
            ),
            (
                f"{name} ~ {_INVISIBLE}",
                literal(
                    f"Le champ {name} contient un caractère invisible (tabulation, retour à la ligne) : retirez-le."
                ),
            ),
            (
                f"{name} ~ {_FORMULA}",
                f"'Le champ {name} commence par « ' || left({name}, 1) || ' », comme une formule de tableur : écrivez le texte seul.'",
            ),
        ]
    if column.pattern:
        sentence = f"{_shown(column)} || ' ' || {literal(column.expected)}"
        tests.append(
            (f"{name} !~ {literal(f'^({column.pattern})$')} OR char_length({name}) > {column.limit}", sentence)
        )
    if column.family in (Family.DAY, Family.MOMENT):
        last = f"to_char((left({name}, 7) || '-01')::date + interval '1 month - 1 day', 'YYYY-MM-DD')"
        sentence = f"{_shown(column)} || ' n’existe pas dans le calendrier : vérifiez le jour.'"
        tests.append((f'left({name}, 10) COLLATE "C" > {last}', sentence))
    return tests


def _shown(column: Column) -> str:
    return "'Cette valeur'" if column.secret else f"'« ' || {_SHOWN.format(name=column.name)} || ' »'"


def certainly_good(format_: Format) -> str:
    """An SQL condition that only good lines meet, made of tests that cost little; it may miss good ones, never pass bad ones."""
    tests = ["fault IS NULL"]
    families: dict[Family, list[Column]] = {}
    for column in format_.columns:
        families.setdefault(column.family, []).append(column)
        if column.required:
            tests.append(f"{column.name} IS NOT NULL")
    numbers = [*families.get(Family.DIGITS, []), *families.get(Family.WHOLE, [])]
    if numbers:
        tests.append(f"btrim({_joined(numbers, '')}, {_DIGITS}) = ''")
    for column in families.get(Family.DIGITS, []):
        tests.append(f"COALESCE(octet_length({column.name}), {column.limit}) = {column.limit}")
    for column in families.get(Family.WHOLE, []):
        tests.append(f"COALESCE(octet_length({column.name}), 0) <= {column.limit}")
        if column.low:
            tests.append(f"COALESCE(left({column.name}, 1), '1') <> '0'")
    for column in families.get(Family.CHOICE, []):
        options = ", ".join(literal(option) for option in column.choices)
        tests.append(f"COALESCE({column.name}, {literal(column.choices[0])}) IN ({options})")
    for family, shape in ((Family.DAY, "{}"), (Family.MONTH, "{} || '-01'")):
        for column in families.get(family, []):
            tests.append(f"COALESCE({shape.format(column.name)}, '2000-01-01') IN (SELECT day FROM feed_calendar)")
    tests += _texts(families.get(Family.TEXT, [])) + [_exact(column) for column in families.get(Family.MOMENT, [])]
    passed = " AND ".join(tests)
    if not format_.checks:
        return passed
    # Inside CASE the order holds: a check may cast what the tests have found to be a number.
    return f"CASE WHEN {passed} THEN {' AND '.join(f'({check.good})' for check in format_.checks)} END"


def _texts(columns: list[Column]) -> list[str]:
    """No invisible character and nothing like a formula in any of them, seen in one search."""
    tests = [f"COALESCE(octet_length({column.name}), 0) <= {column.limit}" for column in columns]
    if columns:
        tests.append(f"{_joined(columns, '||')} !~ '[|][=+@-]|[\\x01-\\x1f\\x7f]'")
    return tests + [_exact(column) for column in columns if column.pattern]


def _exact(column: Column) -> str:
    bad = " OR ".join(f"({test})" for test, _ in _tests(column))
    return f"({bad}) IS NOT TRUE"


def _joined(columns: list[Column], separator: str) -> str:
    joint = f" || {literal(separator)} || " if separator else " || "
    return f"({literal(separator)} || " + joint.join(f"COALESCE({column.name}, '')" for column in columns) + ")"
