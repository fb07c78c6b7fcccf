"""Letters: from words to a one-page PDF/UA for a window envelope, typeset by typst.

Typst runs in the worker only and must never have run in a process that forks. Data enters as JSON, never as source.
"""

from __future__ import annotations

import io
import json
import re
from dataclasses import asdict
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import segno
import typst
from django.conf import settings

from parvis.correspondence.models import Message
from parvis.correspondence.rendering.blocks import Malformed, Words
from parvis.kit.clock import day_in_paris
from parvis.kit.periods import long_day

_PAGES = re.compile(rb"/Type/Pages/Count (\d+)")
"""How many pages a PDF says it has. Asked of the file: a template that counts them lays everything out twice."""
SOURCE = Path(__file__).with_name("letter.typ")


def pdf_of(message: Message, words: Words, *, at: datetime) -> bytes:
    """The PDF of a letter. Raises :class:`Malformed` when it does not fit one accessible page."""
    if words.button is not None:
        raise Malformed("A letter has no button.")
    letter = json.dumps(_letter(message, words, at), ensure_ascii=False)
    try:
        made = _compiler().compile(
            sys_inputs={"letter": letter}, format="pdf", pdf_standards="ua-1", timestamp=int(at.timestamp())
        )
    except typst.TypstError as error:
        raise Malformed(str(error)) from error
    assert isinstance(made, bytes)
    if _PAGES.findall(made) != [b"1"]:
        raise Malformed("A letter has one page.")
    return made


def _letter(message: Message, words: Words, at: datetime) -> dict[str, Any]:
    context = message.context
    address = f"{settings.PUBLIC_URL}{context.get('qr_path', '/')}"
    return {
        "title": words.title,
        "blocks": [asdict(block) for block in words.blocks],
        "office": context["office"],
        "user_number": context["user_number"],
        "number_label": context.get("number_label", "N° d’utilisateur"),
        "account_name": context["account_name"],
        "window": message.to_address,
        "number": message.number,
        "date": long_day(day_in_paris(at)),
        "site": settings.PUBLIC_URL.split("://", 1)[-1],
        "address": address,
        "qr": _qr(address),
    }


@cache
def _compiler() -> typst.Compiler:
    """One for the life of the process: fonts and source are read once."""
    return typst.Compiler(str(SOURCE), root=str(SOURCE.parent), ignore_system_fonts=True)


@lru_cache(maxsize=64)
def _qr(address: str) -> str:
    """The code as SVG; most letters share a few addresses."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", border=2, xmldecl=False, dark="#13211c")
    return out.getvalue().decode()
