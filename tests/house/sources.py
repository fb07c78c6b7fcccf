"""What stands in the tree: the tracked files, the modules, their functions, the templates."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GENERATED = {"migrations", "__pycache__", "deliveries", "samples"}
ROOMS = (
    "audit",
    "correspondence",
    "identity",
    "landlords",
    "agents",
    "tenancies",
    "changes",
    "contact",
    "declarations",
    "exchange",
    "demo",
)

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def kept() -> tuple[Path, ...]:
    """Every file of the project: tracked by git, or about to be; without git, what stands in its folders."""
    asked = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    answer = subprocess.run(asked, cwd=ROOT, capture_output=True, check=False)
    if answer.returncode == 0:
        found = [ROOT / name for name in answer.stdout.decode().split("\0") if name]
    else:
        found = [path for folder in ("parvis", "tests", "benchmarks", "docs", "tools") for path in _under(folder)]
    return tuple(sorted(path for path in found if path.is_file()))


def _under(folder: str) -> Iterator[Path]:
    return (path for path in (ROOT / folder).rglob("*") if "__pycache__" not in path.parts)


def named(path: Path) -> str:
    """The path as people write it."""
    return path.relative_to(ROOT).as_posix()


@cache
def modules() -> tuple[Path, ...]:
    """Every Python file people write: no migration."""
    return tuple(path for path in kept() if path.suffix == ".py" and not GENERATED & set(path.parts))


@cache
def tree(path: Path) -> ast.Module:
    """A module as a tree."""
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[Function]:
    """Every function of a module, methods and inner ones included."""
    return (node for node in ast.walk(tree(path)) if isinstance(node, Function))


@cache
def templates() -> tuple[Path, ...]:
    """Every template: pages, parts and the texts of messages."""
    return tuple(path for path in kept() if "templates" in path.parts and path.suffix in (".html", ".txt", ".typ"))


def spoken(path: Path) -> Iterator[tuple[int, str]]:
    """The texts of a module that a program uses, with their lines: not those that document it."""
    documents = {id(node.value) for node in ast.walk(tree(path)) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documents:
            yield node.lineno, node.value
