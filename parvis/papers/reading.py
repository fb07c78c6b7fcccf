"""Looking into a PDF somebody joined, never in the process that serves pages."""

from __future__ import annotations

import subprocess
from enum import StrEnum

from parvis.papers import limits
from parvis.sheets.confined import begun


class Fault(StrEnum):
    """Why a PDF is not kept."""

    BROKEN = "broken"
    LOCKED = "locked"
    ACTING = "acting"
    SLOW = "slow"


def look_into(content: bytes) -> Fault | None:
    """What is wrong with a PDF; None for a paper to read and nothing more. Takes a process, half a second, and two at most."""
    process = begun("parvis.papers.child")
    try:
        answer, _ = process.communicate(content, timeout=limits.WALL_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return Fault.SLOW
    if answer == b"ok":
        return None
    if process.returncode < 0:
        return Fault.SLOW
    return Fault(answer.decode()) if answer.decode() in set(Fault) else Fault.BROKEN
