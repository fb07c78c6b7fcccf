"""What is measured and how: CPU from /proc, peak memory, rounds interleaved A B B A, noisy rounds thrown away."""

from __future__ import annotations

import os
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
NOISE_LIMIT = 0.08
"""A round in which something else took more than this share of the machine is thrown away."""


def _stat(pid: int) -> list[str] | None:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def children_of(pid: int) -> list[int]:
    """``pid`` and all its descendants that live."""
    parents: dict[int, list[int]] = {}
    for name in os.listdir("/proc"):
        if name.isdigit() and (fields := _stat(int(name))):
            parents.setdefault(int(fields[1]), []).append(int(name))
    found, todo = [], [pid]
    while todo:
        found.append(todo.pop())
        todo.extend(parents.get(found[-1], []))
    return found


def cpu_seconds(pids: list[int]) -> float:
    """User and system time of living processes and of their reaped children."""
    total = 0
    for pid in pids:
        if fields := _stat(pid):
            total += sum(int(value) for value in fields[11:15])
    return total / TICK


def machine_seconds() -> float:
    """Busy time of the whole machine, all cores."""
    fields = [int(value) for value in Path("/proc/stat").read_text(encoding="utf-8").split("\n", 1)[0].split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / TICK


def memory_mb(pids: list[int]) -> float:
    """Proportional set size of the processes, in MB."""
    total = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


@dataclass(slots=True)
class Peak:
    """The highest memory seen while a block ran."""

    mb: float = 0.0


@contextmanager
def peak_memory(pids: Callable[[], list[int]], every: float = 0.05) -> Iterator[Peak]:
    """Watch the memory of processes while the block runs."""
    peak, stop = Peak(), threading.Event()

    def watch() -> None:
        while not stop.wait(every):
            peak.mb = max(peak.mb, memory_mb(pids()))

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        stop.set()
        thread.join()
        peak.mb = max(peak.mb, memory_mb(pids()))


@dataclass(slots=True)
class Figure:
    """Samples of one thing, in one unit."""

    name: str
    unit: str
    samples: list[float] = field(default_factory=list)
    thrown_away: int = 0

    @property
    def median(self) -> float:
        """The middle of the samples."""
        return statistics.median(self.samples)

    @property
    def spread(self) -> float:
        """Half the distance between the quartiles, as a share of the median."""
        if len(self.samples) < 4:
            return (max(self.samples) - min(self.samples)) / 2 / (self.median or 1)
        low, _, high = statistics.quantiles(self.samples, n=4)
        return (high - low) / 2 / (self.median or 1)

    def __str__(self) -> str:
        return f"{self.median:.3g} {self.unit} ± {self.spread:.0%}"


def interleaved(
    first: tuple[str, Callable[[], float]],
    second: tuple[str, Callable[[], float]],
    *,
    unit: str,
    rounds: int = 5,
    our_cpu: Callable[[], float] | None = None,
) -> tuple[Figure, Figure]:
    """Run A B B A ``rounds`` times; each callable returns its own measure.

    ``our_cpu`` returns the CPU seconds of all that belongs to the measure (this process included by itself); a sample taken
    while something else took more than :data:`NOISE_LIMIT` of the machine is thrown away, up to as many as are kept.
    """
    figures = (Figure(first[0], unit), Figure(second[0], unit))
    works = (first[1], second[1])
    for _ in range(rounds):
        for index in (0, 1, 1, 0):
            for attempt in range(3):
                began, busy, ours = time.perf_counter(), machine_seconds(), (our_cpu or _own)()
                value = works[index]()
                elapsed = time.perf_counter() - began
                others = machine_seconds() - busy - ((our_cpu or _own)() - ours)
                if our_cpu is None or others <= NOISE_LIMIT * elapsed * (os.cpu_count() or 1) or attempt == 2:
                    figures[index].samples.append(value)
                    break
                figures[index].thrown_away += 1
    return figures


def _own() -> float:
    return cpu_seconds(children_of(os.getpid()))


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the scoreboard."""

    number: str
    what: str
    ours: str
    against: str
    ratio: str
    aim: str
    met: bool | None
