"""The rooms keep their promises: pure rules, no clock, migrations up to date, one word a thing, nothing of one machine."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

from parvis.upkeep import retention
from tests.house.sources import ROOMS, ROOT, kept, modules, named, tree

PURE = [
    path
    for path in modules()
    if path.is_relative_to(ROOT / "parvis")
    and path.relative_to(ROOT).parts[1] in ROOMS
    and (path.stem in ("rules", "workflow") or path.parent.name in ("rules", "workflow"))
]
IN_ROOMS = [
    path
    for path in modules()
    if path.is_relative_to(ROOT / "parvis") and path.relative_to(ROOT).parts[1] in (*ROOMS, "kit", "design")
]
THE_CLOCK = {"parvis/kit/clock.py", "parvis/demo/story.py"}
"""The demonstration is a clock of its own; all others are told what time it is."""


def _imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


@pytest.mark.parametrize("path", PURE, ids=named)
def test_rules_and_workflows_know_neither_django_nor_a_table(path: Path) -> None:
    known = {
        name for name in _imported(path) if re.match(r"django|psycopg|structlog|.*\bmodels\b|parvis\.config", name)
    }
    assert known == set()


@pytest.mark.parametrize("path", IN_ROOMS, ids=named)
def test_a_room_is_told_what_time_it_is(path: Path) -> None:
    if named(path) in THE_CLOCK:
        return
    asked = re.findall(
        r"timezone\.now\(|clock\.now\(|datetime\.(?:now|utcnow|today)\(|date\.today\(", path.read_text("utf-8")
    )
    assert asked == []


@pytest.mark.django_db
def test_the_migrations_say_what_the_models_say() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_table_is_in_the_glossary() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    tables = {model.__name__ for model in apps.get_models() if model.__module__.startswith("parvis.")}
    assert {name for name in tables if not re.search(rf"\b{name}\b", glossary)} == set()


def test_nothing_tells_of_one_machine_or_one_registry() -> None:
    folders = "|".join(("/wo" + "rk/", "/ro" + "ot/", "/home/[a-z]"))
    hosts = ("artifact" + "ory", r"pypi\.or" + "g", r"registry\.npm" + "js", r"deb\.debi" + "an", "python" + "hosted")
    places = re.compile(rf"(?<![\w./-])(?:{folders})|{'|'.join(hosts)}")
    told = []
    for path in kept():
        if path.suffix in (".woff2", ".png", ".pdf", ".gz", ".xlsx", ".ods") or path.stat().st_size > 2_000_000:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if places.search(line):
                told.append(f"{named(path)}:{number}")
    assert told == []


def test_nothing_is_left_for_later() -> None:
    words = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b|NotImplemented" + r"Error")
    left = [named(path) for path in modules() if words.search(path.read_text(encoding="utf-8"))]
    assert left == []


def test_scripts_read_like_scripts() -> None:
    files = [path for path in (ROOT / "tools").rglob("*") if path.is_file()]
    for path in (path for path in files if path.suffix not in (".conf", ".service", ".timer")):
        assert path.read_text(encoding="utf-8").startswith("#!/bin/sh\n"), path
        subprocess.run(["sh", "-n", path], check=True)
        assert path.stat().st_mode & 0o111, f"{path} cannot be run"


def test_of_every_table_somebody_decided_how_long_it_is_kept() -> None:
    """A new one gets its rule, or its place among those kept, in ``upkeep/retention.py``; one that is gone leaves it."""
    known = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    assert known - retention.DECIDED == set()
    assert retention.DECIDED - known == {"kit_work_date", "django_migrations"}
