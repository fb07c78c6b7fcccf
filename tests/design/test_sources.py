"""Promises about the files themselves: nothing inline, nothing from elsewhere, light, and well typed."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from tests.design.stage import ROOM, STATIC, TEMPLATES, environment

ALL = sorted(TEMPLATES.rglob("*.html"))
STYLES = ["tokens.css", "components.css"]
SCRIPTS = ["parvis.js", "grid.js"]
FIRST_VISIT = [
    *STYLES,
    "parvis.js",
    "htmx.min.js",
    *(f"fonts/{path.name}" for path in (STATIC / "fonts").glob("*.woff2")),
]


def _written(path: Path) -> str:
    return re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_templates_are_short_and_hold_nothing_inline(path: Path) -> None:
    written = _written(path)
    assert len(written.splitlines()) <= 120
    assert not re.search(r"\sstyle\s*=|\son[a-z]+\s*=|<style|javascript:|hx-on|hx-vals='js", written)
    for script in re.findall(r"<script[^>]*>[^<]*", written):
        assert re.fullmatch(r"<script src=\"\{\{ static\('[\w/.]+'\) \}\}\" defer>", script)
    assert not re.search(r"(src|href)=\"(https?:)?//", written)


@pytest.mark.parametrize("path", [path for path in ALL if path.stem != "icons"], ids=lambda path: path.stem)
def test_only_our_own_drawings_escape_escaping(path: Path) -> None:
    assert "| safe" not in _written(path)
    assert "|safe" not in _written(path)


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_french_is_typed_as_in_a_book(path: Path) -> None:
    outside = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "|", _written(path), flags=re.DOTALL)
    outside = re.sub(r"<[^>]+>", "|", outside)
    assert not re.findall(r"\w+'\w+", outside), "typographic apostrophe"
    assert not re.findall(r"\w+ [:;?!»]|« |\d [€%]", outside), "no-break space"


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_every_template_compiles(path: Path) -> None:
    environment().get_template(str(path.relative_to(TEMPLATES)))


@pytest.mark.parametrize("name", STYLES)
def test_styles_take_nothing_from_elsewhere(name: str) -> None:
    css = (STATIC / name).read_text(encoding="utf-8")
    assert "@import" not in css
    for address in re.findall(r"url\(([^)]*)\)", css):
        assert (STATIC / address).is_file(), address
    assert css.count("{") == css.count("}")


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_write_text_never_markup(name: str) -> None:
    code = (STATIC / name).read_text(encoding="utf-8")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|eval\(|new Function|document\.write|https?://", code)


def test_a_first_visit_is_light() -> None:
    files = [gzip.compress((STATIC / name).read_bytes(), 9) for name in FIRST_VISIT]
    assert sum(map(len, files)) <= 58_000, "60 kB with the page itself, packed better by the server"
    assert len(FIRST_VISIT) + 2 <= 8, "with the page, and the script of the grid"


def test_what_is_not_ours_comes_with_its_licence() -> None:
    assert "SIL OPEN FONT LICENSE" in (STATIC / "fonts" / "OFL.txt").read_text(encoding="utf-8").upper()
    assert "Zero-Clause BSD" in (STATIC / "htmx.LICENSE.txt").read_text(encoding="utf-8")


def test_htmx_may_neither_evaluate_nor_style_nor_remember() -> None:
    live = (TEMPLATES / "design/parts/live.html").read_text(encoding="utf-8")
    for word in (
        '"includeIndicatorStyles":false',
        '"allowEval":false',
        '"allowScriptTags":false',
        '"historyCacheSize":0',
    ):
        assert word in live


def test_every_macro_is_in_the_readme() -> None:
    readme = (ROOM / "README.md").read_text(encoding="utf-8")
    inner = {"shell", "wrong", "step_of", "amount_or_dash", "chip", "entry"}
    named = {name for path in ALL for name in re.findall(r"\{%-? macro (\w+)", path.read_text(encoding="utf-8"))}
    assert {name for name in named - inner if f"{name}(" not in readme} == set()
