"""A folder for letters, and secrets anybody may know."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from parvis.correspondence import secrets

DRAWN: list[int] = []


def draw(subject: int, *, at: datetime) -> dict[str, str]:
    """Draw ``s3cret-<how many times>``; subject 0 needs none any more."""
    if subject == 0:
        raise secrets.SecretNoLongerNeeded
    DRAWN.append(subject)
    return {"code": f"s3cret-{len(DRAWN)}", "until": "14 septembre 2026"}


@pytest.fixture(autouse=True)
def _known_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "_sources", dict(secrets._sources))
    secrets.register("known", draw, shown=("until",))
    DRAWN.clear()


@pytest.fixture(autouse=True)
def letters_folder(settings: Any, tmp_path: Path) -> Path:
    """Where the letters of one test go."""
    settings.LETTERS = tmp_path / "letters"
    return tmp_path / "letters"
