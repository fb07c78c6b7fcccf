"""French is typed as in a book: typographic apostrophes, no-break spaces before double signs, wherever a person reads it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.house.sources import ROOT, modules, named, spoken, templates

WORD = "A-Za-zÀ-ÖØ-öø-ÿŒœ"
APOSTROPHE = re.compile(rf"\b(?:[ldnjmtsc]|qu|jusqu|lorsqu|puisqu|aujourd)'[{WORD}]", re.IGNORECASE)
SPACE = re.compile(rf"[{WORD}\d»)] [:;?!»](?:\s|$|\|)|« [{WORD}\d|]|\d [€%](?!\w)")
SAYS = re.compile(
    r"\b(?:le|la|les|un|une|des|vous|votre|vos|de|du|et|est|pour|sur|dans|pas|ce|cette|nous)\b", re.IGNORECASE
)


def _faults(text: str) -> list[str]:
    return [found.group() for rule in (APOSTROPHE, SPACE) for found in rule.finditer(text)]


@pytest.mark.parametrize("path", templates(), ids=named)
def test_a_template_is_well_typed(path: Path) -> None:
    written = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    outside = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "|", written, flags=re.DOTALL)
    if path.suffix == ".html":
        outside = re.sub(r"<[^>]+>", "|", outside)
    if path.suffix != ".typ":
        assert _faults(outside) == []


SPEAKING = [path for path in modules() if path.is_relative_to(ROOT / "parvis")]


@pytest.mark.parametrize("path", SPEAKING, ids=named)
def test_a_module_speaks_well_typed_french(path: Path) -> None:
    faults = [
        f"{line}: {fault!r} in {text!r}"
        for line, text in spoken(path)
        if SAYS.search(text) and not re.search(r"\b(?:SELECT|INSERT|UPDATE|CREATE|WHERE)\b|\(\?", text)
        for fault in _faults(text)
    ]
    assert faults == []
