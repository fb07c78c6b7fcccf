"""An inbox to deliver into."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.exchange.inbox import BASE, Inbox


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    """An empty inbox."""
    return Inbox(tmp_path)


@pytest.fixture
def furnished(inbox: Inbox, db: None) -> Inbox:
    """An inbox whose first delivery is in: an office, two landlords, a tenancy."""
    assert inbox.take(1, dict(BASE)).state == "loaded"
    return inbox
