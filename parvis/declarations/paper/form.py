"""The July rents on paper: a form to print, fill in by hand and post; one part an office, as many pages as it needs.

Data enters as JSON, never as source; typst starts in web workers that never fork (as for the receipts).
"""

from __future__ import annotations

import json
import threading
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from parvis.declarations.paper.form_lines import OfficeForm, PaperForm
from parvis.declarations.selectors.grid import GridRow
from parvis.kit.money import NBSP, euros
from parvis.kit.periods import long_day

SOURCE = Path(__file__).with_name("form.typ")
_ONE_AT_A_TIME = threading.Lock()


def form_pdf(form: PaperForm, *, at: datetime) -> bytes:
    """The whole form, printed ``at``; boxes are empty, the tenants and last year's rents are there."""
    deadlines = sorted({office.deadline_on for office in form.offices})
    until = (
        f"avant le {long_day(deadlines[0])}" if len(deadlines) == 1 else "avant la date écrite sous le nom de la caisse"
    )
    content = {
        "title": f"Loyers de juillet {form.year}",
        "how": [
            "Écrivez le loyer hors charges du mois de juillet, complet, même s’il n’est pas encore payé.",
            f"Renvoyez ce formulaire {until}. Gardez-en une copie.",
            f"Un locataire est parti{NBSP}? Écrivez la date de son départ dans la dernière colonne.",
            "Un loyer déjà transmis en ligne n’est pas à renvoyer.",
        ],
        "columns": ["Locataire", f"Juillet {form.year - 1}", f"Juillet {form.year}", "Parti le"],
        "offices": [_office(office, is_dated=len(deadlines) > 1) for office in form.offices],
    }
    with _ONE_AT_A_TIME:
        made = _compiler().compile(
            sys_inputs={"form": json.dumps(content, ensure_ascii=False)},
            format="pdf",
            pdf_standards="ua-1",
            timestamp=int(at.timestamp()),
        )
    assert isinstance(made, bytes)
    return made


@cache
def _compiler() -> typst.Compiler:
    """One for the life of the process: fonts and source are read once."""
    return typst.Compiler(str(SOURCE), ignore_system_fonts=True)


def _office(office: OfficeForm, *, is_dated: bool) -> dict[str, Any]:
    until = [f"À renvoyer avant le {long_day(office.deadline_on)}"] if is_dated else []
    return {
        "name": office.name,
        "address": [*office.address, *until],
        "landlord": list(office.landlord),
        "user_number": office.user_number,
        "rows": [_row(row) for row in office.rows],
    }


def _row(row: GridRow) -> dict[str, str]:
    """``before`` is empty where the July of the year before is asked too: then it is a box."""
    place = ", ".join(part for part in (row.address, row.city) if part)
    place += f". {row.facts.share_words}" if row.facts.is_share else ""
    before = euros(row.last_july_cents) if row.last_july_cents is not None else "" if row.facts.asks_previous else "—"
    return {"name": row.name, "number": f"N° {row.claimant_number}", "place": place, "before": before}
