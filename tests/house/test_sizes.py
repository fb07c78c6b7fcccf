"""Nothing grows too long to be read: modules, functions, templates, folders, and names that say something."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import pytest

from tests.house.sources import ROOT, functions, kept, modules, named, templates, tree

VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "data", "info", "process", "handle"}
OF_DJANGO = {("parvis/commands/management/commands", "handle")}
"""Names that Django asks for."""
UNCOUNTED = {"__init__.py", "apps.py", "migrations", "templates", "static"}
"""What every room has, and what says nothing about how it is cut."""
LISTS = {
    "parvis",
    "tests",
    "docs/decisions",
    "tests/samples/rents",
    "tests/browser",
    "tests/factories",
    "benchmarks",
    "parvis/identity/captcha/voice",
    "parvis/commands/management/commands",
}
"""Folders that list things of one sort: the floors, the floors' tests, journeys, decisions, ugly tables, spoken signs."""


@pytest.mark.parametrize("path", modules(), ids=named)
def test_a_module_has_300_lines_at_most(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


def test_a_function_has_40_lines_at_most() -> None:
    long = [
        f"{named(path)}:{function.lineno} {function.name} {_length(function)}"
        for path in modules()
        for function in functions(path)
        if _length(function) > 40
    ]
    assert long == []


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


@pytest.mark.parametrize("path", [path for path in templates() if path.suffix != ".txt"], ids=named)
def test_a_template_has_120_lines_at_most(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 120


def test_a_folder_has_12_entries_at_most() -> None:
    entries: dict[Path, set[str]] = defaultdict(set)
    for path in kept():
        while path != ROOT:
            if path.name not in UNCOUNTED:
                entries[path.parent].add(path.name)
            path = path.parent
    free = {"migrations", "templates", "static", "deliveries"}
    crowded = {
        named(folder): len(names)
        for folder, names in entries.items()
        if len(names) > 12 and folder != ROOT and not free & set(folder.parts) and named(folder) not in LISTS
    }
    assert crowded == {}


def test_names_say_something() -> None:
    vague = [named(path) for path in modules() if path.stem in VAGUE or (set(path.parent.parts) & VAGUE)]
    for path in modules():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                parent = named(path.parent)
                if node.name.lower().lstrip("_") in VAGUE and (parent, node.name) not in OF_DJANGO:
                    vague.append(f"{named(path)}:{node.lineno} {node.name}")
    assert vague == []
