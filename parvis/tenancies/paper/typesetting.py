"""Papers that people keep: PDF/UA-1 for who listens to them, PDF/A-2a for who opens them in thirty years; typst checks both.

A paper is never refused for a sign that no font draws: what people type, and files bring, may hold any.
"""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import datetime
from typing import Any

import typst

_NOT_DRAWN = re.compile("[^\x20-\x7e\u00a0-\u017f\u0218-\u021b\u2009-\u200b\u2010-\u2026\u202f\u20ac\u2192\u2212]")
_INSTEAD = "?"


def kept_pdf(compiler: typst.Compiler, name: str, stated: dict[str, Any], *, at: datetime) -> bytes:
    """The paper of what is ``stated``, which its source reads under ``name``; the same statement gives the same bytes."""
    content = json.dumps(stated, ensure_ascii=False)
    try:
        return _made(compiler, name, content, at)
    except typst.TypstError:
        # Both standards want every sign drawn. What the fonts lack, a picture or another script, leaves a question mark.
        return _made(compiler, name, _NOT_DRAWN.sub(_INSTEAD, unicodedata.normalize("NFC", content)), at)


def _made(compiler: typst.Compiler, name: str, content: str, at: datetime) -> bytes:
    made = compiler.compile(
        sys_inputs={name: content}, format="pdf", pdf_standards=["ua-1", "a-2a"], timestamp=int(at.timestamp())
    )
    assert isinstance(made, bytes)
    return made
