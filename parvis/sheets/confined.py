"""A process of its own for a file somebody sent: limited in memory and time, without a file to write to."""

from __future__ import annotations

import os
import resource
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess

_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def begun(module: str, *arguments: str, pipe_size: int = -1) -> subprocess.Popen[bytes]:
    """A process that runs a module of ours, fed and heard through pipes, with nothing of our environment: no key, no address.

    ``pipe_size`` is how many bytes it may be ahead of who hears it; the system's own if negative.
    """
    import subprocess  # not by the process itself, which only confines itself: its start is waited for

    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        pipesize=pipe_size,
        cwd=_ROOT,
        env={"PYTHONPATH": _ROOT, "PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8"},
    )


def confine(*, cpu_seconds: int, memory_bytes: int) -> None:
    """Limit the process this is called in, for good; beyond its seconds the system ends it."""
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
