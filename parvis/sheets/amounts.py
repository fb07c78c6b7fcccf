"""Amounts as banks write them. Pure."""

from __future__ import annotations

import re


def cents_in(text: str) -> int | None:
    """An amount as banks write it: ``1 234,56``, ``+1234.56``, ``-12``, ``1.234,56``; None for anything else."""
    bare = re.sub(r"[\s'’]|EUR|€", "", text[:40]).replace("−", "-")
    return _cents(re.fullmatch(r"([+-]?)(\d{1,3}(?:[.,]\d{3})+|\d{1,12})(?:[.,](\d{1,2}))?0*", bare, re.ASCII))


def marked_cents_in(text: str) -> int | None:
    """As OFX and CAMT write it: the sign of decimals is the only sign there is, however many follow it (``525.000``)."""
    found = re.fullmatch(r"([+-]?)(\d{1,12})(?:[.,](\d{0,2})0*)?", text.strip()[:40], re.ASCII)
    return _cents(found) if found else cents_in(text)


def _cents(found: re.Match[str] | None) -> int | None:
    if found is None:
        return None
    cents = int(re.sub(r"[.,]", "", found[2])) * 100 + int((found[3] or "0").ljust(2, "0"))
    return -cents if found[1] == "-" else cents
