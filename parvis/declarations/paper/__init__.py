"""Receipts on paper: an accessible PDF made to be kept (PDF/UA-1, PDF/A-2a), typeset by typst, as many pages as there are rents.

Data enters as JSON, never as source. Typst must not have run in a process that forks: it starts at the first receipt, in
web workers that never do.
"""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import segno
import typst

from parvis.declarations.selectors.history import SentDeclaration
from parvis.declarations.selectors.receipts import ReceiptSheet, SentRent
from parvis.kit.money import NBSP, euros
from parvis.kit.periods import day, moment
from parvis.sheets.writing import csv_parts
from parvis.tenancies.paper.typesetting import kept_pdf

SOURCE = Path(__file__).with_name("receipt.typ")
PRINTED = 1_000
"""Rents listed on paper. A longer list would be a book, and minutes of work: the paper then seals the table of them."""
CONFIRMED_COLUMNS = ["Montant confirmé", "Raison donnée"]
LONGEST_WORD = 30
"""A longer one, as a reason may hold, is broken rather than printed over the amounts."""
_ONE_AT_A_TIME = threading.Lock()


def receipt_pdf(
    sheet: ReceiptSheet,
    rents: Sequence[SentRent],
    others: Sequence[SentDeclaration] = (),
    *,
    check_url: str,
    site: str,
    table: str = "",
) -> bytes:
    """The whole receipt. The same receipt gives the same bytes: its moment is that of the sending.

    Beyond ``PRINTED`` rents they stand in the receipt's table: ``table`` is its SHA-256, printed in their place, and ``rents`` need
    not be all of them.
    """
    stated = _content(sheet, rents, others, check_url, site)
    if table:
        stated |= {"rows": [], "table": {"name": f"{sheet.number}.csv", "sha256": table}}
    return typeset(stated, at=sheet.at)


def typeset(stated: dict[str, Any], *, at: datetime) -> bytes:
    """A receipt from all it states, as ``receipt.typ`` wants it."""
    with _ONE_AT_A_TIME:
        return kept_pdf(_compiler(), "receipt", stated, at=at)


def rents_csv(year: int, rents: Iterable[SentRent], *, tells_confirmed: bool) -> Iterator[bytes]:
    """The rents of a receipt as a table, part after part: what was stated at the sending only, so the same bytes for ever.

    Without ``tells_confirmed``, as receipts were sealed before their table said what was confirmed.
    """
    header = ["Locataire", "N° allocataire", "Référence", f"Loyer juillet {year - 1}", f"Loyer juillet {year}"]
    header += CONFIRMED_COLUMNS if tells_confirmed else []
    rows = (
        [
            rent.name,
            rent.claimant_number,
            rent.reference,
            *_amounts(rent),
            *(_confirmed(rent) if tells_confirmed else ()),
        ]
        for rent in rents
    )
    return csv_parts(chain([header], rows))


def _amounts(rent: SentRent) -> list[float | None]:
    before = rent.previous_cents if rent.previous_cents is not None else rent.last_july_cents
    return [None if cents is None else cents / 100 for cents in (before, rent.rent_cents)]


def _confirmed(rent: SentRent) -> tuple[str, str]:
    return ("oui", rent.confirmed_reason) if rent.is_confirmed else ("", "")


@cache
def _compiler() -> typst.Compiler:
    """One for the life of the process: fonts and source are read once."""
    return typst.Compiler(str(SOURCE), ignore_system_fonts=True)


def _content(
    sheet: ReceiptSheet, rents: Sequence[SentRent], others: Sequence[SentDeclaration], check_url: str, site: str
) -> dict[str, Any]:
    year = rents[0].year if rents else sheet.at.year
    contact = [*sheet.office_address, *([f"Tél.{NBSP}{sheet.office_phone}"] if sheet.office_phone else [])]
    return {
        "title": "Accusé d’enregistrement",
        "subject": _subject(sheet),
        "number": sheet.number,
        "at": moment(sheet.at),
        "person": sheet.person,
        "login_id": sheet.login_id,
        "landlord": sheet.landlord_name,
        "user_number": sheet.user_number,
        "office": {
            "name": sheet.office_name,
            "lines": [*contact, *([sheet.office_email] if sheet.office_email else [])],
        },
        "columns": ["Locataire", "N° allocataire", f"Juillet {year - 1}", f"Juillet {year}"],
        "rows": [_row(rent) for rent in rents[:PRINTED]],
        "table": None,
        "others": [_other(sent) for sent in others],
        "steps": _steps(sheet),
        "proof": "Ce document prouve la réception de votre déclaration. Il ne préjuge pas de la suite donnée, ni du montant de l’aide.",
        "code": sheet.code,
        "check_page": f"{site.split('://', 1)[-1]}/verifier/",
        "site": site.split("://", 1)[-1],
        "qr": _qr(check_url),
    }


def _subject(sheet: ReceiptSheet) -> str:
    one, many = ("loyer transmis", "loyers transmis")
    if not sheet.is_of_rents:
        one, many = ("déclaration transmise", "déclarations transmises")
    return f"{sheet.count}{NBSP}{one if sheet.count < 2 else many}"


def _steps(sheet: ReceiptSheet) -> list[str]:
    if not sheet.is_of_rents:
        expected = sheet.expected_on
        by = (
            [f"Réponse attendue vers le {day(expected)}, selon les délais de votre caisse à ce jour."]
            if expected
            else []
        )
        return ["La caisse contrôle vos déclarations.", *by, "Vous pouvez les corriger jusqu’à sa décision."]
    delay, *until = sheet.steps or ("La caisse intègre les loyers.",)
    return [delay, sheet.effect, *until]


def _other(sent: SentDeclaration) -> dict[str, Any]:
    """One declaration by questions: its title, then (words, value) as printed at the sending."""
    who = [("Locataire", sent.name), ("N° allocataire", sent.claimant_number), ("Référence", sent.reference)]
    return {
        "title": sent.title,
        "lines": [list(pair) for pair in [*who, *sent.lines, *sent.confirmation]],
        "effect": sent.effect,
    }


def _row(rent: SentRent) -> list[str]:
    before = rent.previous_cents if rent.previous_cents is not None else rent.last_july_cents
    amounts = [euros(before) if before is not None else "—", euros(rent.rent_cents)]
    return [rent.name, rent.claimant_number, *amounts, _broken(rent.confirmation)]


def _broken(words: str) -> str:
    return re.sub(rf"(\S{{{LONGEST_WORD}}})(?=\S)", "\\1\u200b", words)


def _qr(address: str) -> str:
    drawn = io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", scale=4, border=2)
    return drawn.getvalue().decode()
