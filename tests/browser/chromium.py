"""Where Chromium is, as tools/browser leaves it, and how it is started for tests."""

from __future__ import annotations

import os
import shutil
from functools import cache
from pathlib import Path

OURS = Path(__file__).resolve().parents[2] / "var" / "browser" / "chromium"
LIBRARIES = OURS.with_name("libraries")
"""Folders of the libraries unpacked beside, where the machine lacks them; absent where it has them."""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@cache
def find() -> str | None:
    """The program, or None; the same places in the same order as tools/browser."""
    named = os.environ.get("PARVIS_CHROMIUM", "")
    for candidate in (named, "chromium", "chromium-browser", "google-chrome", str(OURS)):
        found = shutil.which(candidate) if candidate else None
        if found:
            return found
    return None
