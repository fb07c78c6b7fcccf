"""Answers that take the same time whatever was typed, where nobody may learn who has an account."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

FLOOR_SECONDS = 0.2


@contextmanager
def steady() -> Iterator[None]:
    """Make what is inside last ``FLOOR_SECONDS`` at least: longer than the longest of its ways, and paid once a captcha."""
    began = time.monotonic()
    yield
    time.sleep(max(0.0, FLOOR_SECONDS - (time.monotonic() - began)))
