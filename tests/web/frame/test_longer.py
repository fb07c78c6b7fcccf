"""Which pages have longer than the others: each that hands back as many rows as somebody has, or sends them."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from parvis.web.frame.errors import limits

FILES = {"table_answer", "table_file", "file_answer", "paper_answer", "paper_of_accounts", "FileResponse", "kept_file"}
"""What gives a file of any length; one joined paper (``as_saved``), an empty table (``unnoted_table``) are short."""
SENDINGS = {"submit_ready", "prefill"}
SHORT = {
    "agent-batch-file": "from the disk, as it lies there",
    "demonstration-file": "of the demonstration",
}


def _patterns(of: URLResolver) -> Iterator[URLPattern]:
    for pattern in of.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern)
        else:
            yield pattern


def _called(view: Callable[..., Any]) -> set[str]:
    """The names called by the view, and by what it calls of its own module."""
    plain = inspect.unwrap(view)
    module = inspect.getmodule(plain)
    assert module is not None
    functions = {x.name: x for x in ast.parse(inspect.getsource(module)).body if isinstance(x, ast.FunctionDef)}
    known: set[str] = set()
    to_read = [plain.__name__]
    while to_read:
        function = functions.get(to_read.pop())
        for node in ast.walk(function) if function else ():
            if isinstance(node, ast.Call):
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                if name not in known:
                    known.add(name)
                    to_read += [name] if isinstance(node.func, ast.Name) and name in functions else []
    return known


def _giving() -> dict[str, set[str]]:
    found = {}
    for pattern in _patterns(get_resolver()):
        if not inspect.unwrap(pattern.callback).__module__.startswith("parvis."):
            continue
        reasons = _called(pattern.callback) & (FILES | SENDINGS)
        if reasons:
            found[str(pattern.name)] = reasons
    return found


def test_each_page_that_gives_a_file_or_sends_in_bulk_has_longer() -> None:
    giving = _giving()
    assert len(giving) > 30
    assert {name: why for name, why in giving.items() if name not in limits.LONGER | SHORT} == {}
