"""Bank statements as banks give them out: CSV or a workbook, OFX, CAMT.053. Nothing of them is kept.

XML and OFX are read by a process of its own, limited like that of tables; an XML file that declares entities is refused.
No reader of OFX is kept up to date elsewhere; what is needed of it, dates, amounts and labels, is read here, strictly.
"""

from __future__ import annotations

import html
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple
from xml.parsers import expat

from parvis.kit.refusals import Refusal
from parvis.kit.text import fold
from parvis.sheets import limits, reading, separated
from parvis.sheets.amounts import cents_in, marked_cents_in
from parvis.sheets.confined import confine
from parvis.sheets.refusals import Unreadable

LARGEST = 5_000_000
MOST_LINES = 100_000
LONGEST_LABEL = 300
HEAD_WITHIN = 40
_ROOT = Path(__file__).resolve().parents[2]
SENTENCES = {
    "empty": "Ce fichier est vide. Choisissez celui que votre banque vous a donné.",
    "too_heavy": "Ce fichier pèse plus de 5\u00a0Mo. Téléchargez une période plus courte.",
    "not_a_statement": "Ce fichier n’est pas un relevé de banque que nous savons lire. "
    "Sur le site de votre banque, téléchargez vos opérations au format CSV, OFX ou CAMT.053.",
    "no_columns": "Nous ne trouvons pas les colonnes de la date et du montant. Gardez la ligne des titres, "
    "avec «\u00a0Date\u00a0» et «\u00a0Montant\u00a0», ou «\u00a0Crédit\u00a0».",
    "no_lines": "Ce relevé ne contient aucune opération lisible. Vérifiez la période choisie.",
    "damaged": "Ce fichier est abîmé\u00a0: il ne s’ouvre pas. Téléchargez-le à nouveau depuis le site de votre banque.",
    "too_many_lines": "Ce relevé a trop de lignes. Téléchargez une période plus courte.",
    "too_slow": "Ce fichier est trop long à lire. Téléchargez une période plus courte.",
}


class NotAStatement(Refusal):
    """The file cannot be read; ``why`` is a key of :data:`SENTENCES`."""

    def __init__(self, why: str) -> None:
        super().__init__(SENTENCES[why], field="file")
        self.why = why


class BankLine(NamedTuple):
    """One line of a bank statement; money going out is negative."""

    day: date
    cents: int
    label: str


def lines(content: bytes) -> list[BankLine]:
    """The lines of a statement. Those that say no day or no amount, as balances do, are left out."""
    if not content.strip():
        raise NotAStatement("empty")
    if len(content) > LARGEST:
        raise NotAStatement("too_heavy")
    text = separated.decoded(content[:2_000] if content[:2] not in (b"\xff\xfe", b"\xfe\xff") else content[:4_000])
    start = (text or "").lstrip("\ufeff \t\r\n")[:300].upper()
    found = _apart(content) if start.startswith(("OFXHEADER", "<")) else list(_from_table(content))
    if not found:
        raise NotAStatement("no_lines")
    if len(found) > MOST_LINES:
        raise NotAStatement("too_many_lines")
    return found


def _apart(content: bytes) -> list[BankLine]:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "parvis.sheets.bank"],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_ROOT,
            env={"PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8"},
            timeout=limits.WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise NotAStatement("too_slow") from error
    if done.returncode != 0:
        raise NotAStatement("too_slow" if done.returncode in (-9, -24) else "damaged")
    answer = json.loads(done.stdout)
    if isinstance(answer, str):
        raise NotAStatement(answer if answer in SENTENCES else "damaged")
    return [BankLine(date.fromisoformat(day), cents, label) for day, cents, label in answer]


def main() -> None:
    """The process that reads one XML or OFX file: its answer is JSON, lines or why not."""
    confine(cpu_seconds=limits.CPU_SECONDS, memory_bytes=limits.MEMORY_BYTES)
    content = sys.stdin.buffer.read(LARGEST + 1)
    answer: str | list[tuple[str, int, str]]
    try:
        answer = [(line.day.isoformat(), line.cents, line.label) for line in read_marked(content)]
    except NotAStatement as refused:
        answer = refused.why
    except MemoryError:
        answer = "too_heavy"
    io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8").write(json.dumps(answer))


def read_marked(content: bytes) -> list[BankLine]:
    """OFX of either writing, or CAMT."""
    text = separated.decoded(content) or ""
    if "<OFX>" in text[:5_000].upper():
        return list(_from_ofx(text))
    return _Camt().read(content)


_TAG = re.compile(r"<([A-Za-z0-9.]+)>([^<\r\n]*)")


def _from_ofx(text: str) -> Iterator[BankLine]:
    for part in re.split(r"(?i)<STMTTRN>", text)[1:]:
        block = re.split(r"(?i)</STMTTRN>|</BANKTRANLIST>", part, maxsplit=1)[0]
        told = {tag.upper(): html.unescape(value).strip() for tag, value in _TAG.findall(block)}
        day, cents = day_in(told.get("DTPOSTED", "")[:8]), marked_cents_in(told.get("TRNAMT", ""))
        if day is not None and cents is not None:
            yield BankLine(day, cents, _label([told.get("NAME", ""), told.get("MEMO", ""), told.get("FITID", "")]))


class _Camt:
    """Entries (``Ntry``) of an ISO 20022 statement, element by element. Its amount is its own, not that of its details."""

    LABELS = frozenset({"Ustrd", "EndToEndId", "Nm", "AddtlNtryInf", "AddtlTxInf", "InstrId", "TxId"})

    def __init__(self) -> None:
        self.path: list[str] = []
        self.found: list[BankLine] = []
        self.known: dict[str, str] = {}
        self.labels: list[str] = []
        self.words: list[str] = []
        self.is_statement = False

    def read(self, content: bytes) -> list[BankLine]:
        """All of it, or why not."""
        parser = expat.ParserCreate()
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self.words.append
        parser.StartDoctypeDeclHandler = self._refuse
        try:
            parser.Parse(content, True)
        except expat.ExpatError as error:
            raise NotAStatement("damaged") from error
        if not self.is_statement:
            raise NotAStatement("not_a_statement")
        return self.found

    def _refuse(self, *_: object) -> None:
        raise NotAStatement("damaged")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        self.path.append(name)
        self.words.clear()
        self.is_statement |= name.startswith("BkToCstmr")
        if name == "Ntry":
            self.known, self.labels = {}, []
        if name == "Amt" and self.path[-2:] == ["Ntry", "Amt"]:
            self.known["Ccy"] = attributes.get("Ccy", "EUR")

    def _end(self, name: str) -> None:
        own, text = self.path.pop(), "".join(self.words).strip()
        above = self.path[-1] if self.path else ""
        if above == "Ntry" and own in ("Amt", "CdtDbtInd", "Sts"):
            self.known[own] = text or self.known.get(own, "")
        elif own == "Cd" and above == "Sts":
            self.known["Sts"] = text
        elif own in ("Dt", "DtTm") and self.path[-2:] in (["Ntry", "BookgDt"], ["Ntry", "ValDt"]):
            self.known[above] = text[:10]
        elif own in self.LABELS and "Ntry" in self.path:
            self.labels.append(text)
        elif own == "Ntry":
            self._entry()
        self.words.clear()

    def _entry(self) -> None:
        day = day_in(self.known.get("BookgDt") or self.known.get("ValDt", ""))
        cents = marked_cents_in(self.known.get("Amt", ""))
        if day is None or cents is None or self.known.get("Sts") == "PDNG" or self.known.get("Ccy") != "EUR":
            return
        sign = -1 if self.known.get("CdtDbtInd") == "DBIT" else 1
        self.found.append(BankLine(day, sign * cents, _label(self.labels)))


def _label(parts: Iterable[str]) -> str:
    words = " ".join(dict.fromkeys(" ".join(part.split()) for part in parts if part and part != "NOTPROVIDED"))
    return "".join(sign for sign in words if sign.isprintable())[:LONGEST_LABEL]


class _Columns(NamedTuple):
    """Where the day and the amounts stand; the rest is label."""

    day: int
    amount: int | None
    credit: int | None
    debit: int | None


def _from_table(content: bytes) -> Iterator[BankLine]:
    columns: _Columns | None = None
    try:
        for number, row in enumerate(reading.rows(content)):
            if columns is None:
                columns = _columns(row)
                if columns is None and number >= HEAD_WITHIN:
                    break
                continue
            if (line := _line(row, columns)) is not None:
                yield line
    except Unreadable as refusal:
        why = {
            "not_a_table": "not_a_statement",
            "too_many_rows": "too_many_lines",
            "locked": "damaged",
            "no_rows": "no_lines",
        }
        known = why.get(refusal.why, refusal.why)
        raise NotAStatement(known if known in SENTENCES else "damaged") from refusal
    if columns is None:
        raise NotAStatement("no_columns")


def _columns(row: Sequence[str]) -> _Columns | None:
    heads = [fold(cell) for cell in row]

    def column(*words: str) -> int | None:
        return next((place for word in words for place, head in enumerate(heads) if head.startswith(word)), None)

    day = column("date ope", "date compta", "date de compta", "date")
    amount, credit, debit = column("montant", "amount", "somme"), column("credit"), column("debit")
    if day is None or (amount is None and credit is None):
        return None
    return _Columns(day, None if credit is not None else amount, credit, debit)


def _line(row: Sequence[str], columns: _Columns) -> BankLine | None:
    cells = dict(enumerate(row))
    day = day_in(cells.get(columns.day, ""))
    cents = None
    if columns.amount is not None:
        cents = cents_in(cells.get(columns.amount, ""))
    elif columns.credit is not None:
        cents = cents_in(cells.get(columns.credit, "")) or None
        if cents is None and columns.debit is not None:
            spent = cents_in(cells.get(columns.debit, ""))
            cents = -abs(spent) if spent else None
    if day is None or cents is None:
        return None
    return BankLine(day, cents, _label(cell for place, cell in enumerate(row) if place not in columns))


_DAYS = (
    re.compile(r"(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>\d{4}|\d{2})(?:\D.*)?", re.ASCII),
    re.compile(r"(?P<y>\d{4})-?(?P<m>\d{2})-?(?P<d>\d{2})(?:\D.*)?", re.ASCII),
)


def day_in(text: str) -> date | None:
    """``06/07/2026``, ``6/7/26``, ``2026-07-06`` or ``20260706``; None for anything else."""
    for writing in _DAYS:
        if found := writing.fullmatch(text.strip()[:40]):
            year = int(found["y"])
            try:
                return date(year + 2000 if year < 100 else year, int(found["m"]), int(found["d"]))
            except ValueError:
                return None
    return None


if __name__ == "__main__":
    main()
