"""The templates: nothing inline, nothing from elsewhere, nothing unused, every one compiles."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template import engines

from tests.house.sources import modules, named, spoken, templates

PAGES = [path for path in templates() if path.suffix == ".html"]
OF_EMAILS = "/emails/"
"""Mail programs know no style sheet: the frame of e-mails styles inline."""


def _written(path: Path) -> str:
    return re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


def _name(path: Path) -> str:
    """The name by which Django finds it."""
    return named(path).rsplit("/templates/", 1)[1]


@pytest.mark.parametrize("path", [path for path in PAGES if OF_EMAILS not in named(path)], ids=named)
def test_nothing_is_inline(path: Path) -> None:
    written = _written(path)
    found = re.findall(r"\sstyle\s*=|\son[a-z]+\s*=|<style|javascript:|hx-on|hx-vals=.js", written)
    assert found == []
    for script in re.findall(r"<script[^>]*>[^<]*", written):
        assert re.fullmatch(r"<script src=\"\{\{ static\('[\w/.]+'\) \}\}\" defer>", script), script


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_nothing_comes_from_elsewhere_and_nothing_escapes_escaping(path: Path) -> None:
    written = _written(path)
    assert not re.search(r"""(src|srcset|action|data)=["'](https?:)?//""", written)
    if not named(path).endswith("components/icons.html"):
        assert not re.search(r"\|\s*safe\b|autoescape\s+false", written)


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_it_compiles(path: Path) -> None:
    engines["jinja2"].get_template(_name(path))


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_a_cell_of_several_lines_holds_them_together(path: Path) -> None:
    """On a narrow page a cell sets its label beside what it holds: two things in it would stand side by side, cut off."""
    cells = re.findall(r"<td(?=[^>]*data-l=)[^>]*>((?:(?!</td>).)*<br>(?:(?!</td>).)*)</td>", _written(path), re.DOTALL)
    assert [cell for cell in cells if not re.match(r"<span|<div|\{% if [^%]*%\}\{\{ amount", cell)] == []


def test_none_is_unused() -> None:
    """Every template is named somewhere: whole, without its ending (messages), or by its beginning (one per purpose)."""
    said = {text for path in modules() for _, text in spoken(path)}
    for path in templates():
        said |= set(re.findall(r"""["']([\w/.-]+\.(?:html|txt|typ))["']""", _written(path)))
    beginnings = tuple(text for text in said if re.fullmatch(r"[\w-]+(?:/[\w-]+)*/[\w-]*[._/]?", text))
    unused = [
        named(path)
        for path in templates()
        if not {_name(path), _name(path).rsplit(".", 1)[0], path.name} & said and not _name(path).startswith(beginnings)
    ]
    assert unused == []
