"""Writing a sealed delivery: data first, manifest last, each file whole or absent, on the disk before it has its name."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

LINES_NAME, CHANGES_NAME, PAPERS_NAME = "declarations.jsonl", "changes.jsonl", "papers.jsonl"
MANIFEST_NAME = "manifest.json"


def write_delivery(folder: Path, contents: Mapping[str, Iterable[bytes]], manifest: bytes) -> None:
    """Write (or write again) the delivery's folder: its files by name, then what names them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        _write(folder / name, content)
    _write(folder / MANIFEST_NAME, [manifest])
    _settle(folder)
    _settle(folder.parent)


def _write(path: Path, content: Iterable[bytes]) -> None:
    temporary = path.with_name(f".{path.name}.new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o640)
    with os.fdopen(descriptor, "wb") as file:
        for part in content:
            file.write(part)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    _settle(path.parent)


def _settle(folder: Path) -> None:
    """Have the folder's own entries on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
