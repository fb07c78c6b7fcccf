"""P14: twice as many requests as the machine serves, one every so often whether the former are answered or not.

Capacity is measured first, by eight clients who wait for their answers: three pages read for one rent written. Then requests come
at twice that pace from clients who wait for nobody; each is counted from the moment it was to be sent, so that waiting hides
nowhere. Both share the machine with the server: what asking costs is taken from the server in both.
"""

from __future__ import annotations

import asyncio
import re
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, cycle
from urllib.parse import urlencode

from benchmarks import pages, people
from benchmarks.measure import Line
from benchmarks.stage import Stage, WebServer

CLIENTS, SECONDS, ROUNDS = 8, 6.0, 3
FIRST, PORT, TENANCIES = 970_000, 18_431, 5_000


def run(stage: Stage) -> list[Line]:
    """Goodput, how long those who got in waited, how long those who did not."""
    people.office()
    owners = [people.somebody(FIRST + number) for number in range(CLIENTS)]
    for number in range(CLIENTS):
        people.tenancies(FIRST + number, 9_000_000 + number * TENANCIES, TENANCIES)
    pages.open_campaign()
    server = WebServer("parvis.config.wsgi:application", PORT, threads=24)
    try:
        asked = _requests([_Landlord(owner) for owner in owners])
        asyncio.run(_closed(asked, 2.0))
        rounds = [asyncio.run(_round(asked)) for _ in range(ROUNDS)]
    finally:
        server.stop()
    capacity, good, accepted, refused = (statistics.median(one) for one in zip(*rounds, strict=True))
    return [
        Line("P14", "goodput at twice the capacity, 3 pages read for 1 rent written", f"{good:.0f} a second",
             f"capacity {capacity:.0f} a second", f"{good / capacity:.0%}", "≥ 80 %", good >= 0.8 * capacity),
        Line("P14", "p95 of those who got in", f"{accepted * 1000:.0f} ms", "2 s", f"{accepted / 2:.2f} ×", "≤ 2 s", accepted <= 2),
        Line("P14", "p95 of those who were refused", f"{refused * 1000:.0f} ms", "50 ms", f"{refused / 0.05:.2f} ×", "≤ 50 ms",
             refused <= 0.05),
    ]  # fmt: skip


class _Landlord:
    """Whose pages are asked for."""

    def __init__(self, owner: people.Somebody) -> None:
        from parvis.tenancies.models import Tenancy

        space = f"/c/{owner.account}/bailleur/"
        visitor = people.Visitor(PORT, f"session={owner.cookie}")
        page = visitor.get(f"{space}loyers/").decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        year = re.search(r'name="annee" value="(\d+)"', page)
        assert token is not None
        assert year is not None
        self._token, self._year, self._cookies = token[1], year[1], visitor.headers["Cookie"]
        references = Tenancy.objects.filter(landlord_id=owner.partner_id).values_list("reference", flat=True)
        self._lines, self._amounts = cycle(list(references)), count(400)
        self._space = space

    def reads(self, page: str) -> bytes:
        """A page of the space."""
        return self._request("GET", f"{self._space}{page}", "")

    def writes(self) -> bytes:
        """The rent of the next line."""
        line = next(self._lines)
        amount = f"{next(self._amounts) % 500 + 300},50"
        body = urlencode({"csrfmiddlewaretoken": self._token, f"rent-{line}": amount})
        return self._request("POST", f"{self._space}loyers/{line}/?annee={self._year}", body)

    def _request(self, method: str, path: str, body: str) -> bytes:
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\nCookie: {self._cookies}\r\nAccept-Encoding: identity\r\n"
        form = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n" if body else ""
        return f"{head}{form}\r\n{body}".encode()


def _requests(landlords: list[_Landlord]) -> Iterator[bytes]:
    """Home, tenants, grid, a rent; then the next landlord."""
    for landlord in cycle(landlords):
        yield landlord.reads("")
        yield landlord.reads("locataires/")
        yield landlord.reads("loyers/")
        yield landlord.writes()


@dataclass(slots=True)
class _Told:
    """How long each answer took, in seconds, by what it was."""

    served: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)
    others: list[int] = field(default_factory=list)

    def note(self, status: int, seconds: float) -> None:
        """One answer."""
        if status == 503:
            self.refused.append(seconds)
        elif status == 200:
            self.served.append(seconds)
        else:
            self.others.append(status)


class _Line:
    """One connection, kept open."""

    def __init__(self) -> None:
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, request: bytes) -> int:
        """The status of its answer, read to its end."""
        if self._reader is None or self._writer is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", PORT, limit=1 << 20)
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        if length is None:
            raise RuntimeError(f"{head[:200]!r}")
        await self._reader.readexactly(int(length[1]))
        return int(head[9:12])

    def close(self) -> None:
        """Hang up."""
        if self._writer is not None:
            self._writer.close()


async def _closed(asked: Iterator[bytes], seconds: float) -> float:
    """Requests a second of clients who wait for their answers."""
    end, done = time.perf_counter() + seconds, _Told()

    async def client() -> None:
        line = _Line()
        while (began := time.perf_counter()) < end:
            done.note(await line.ask(next(asked)), time.perf_counter() - began)
        line.close()

    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    if done.others:
        raise RuntimeError(f"others: {set(done.others)}")
    return len(done.served) / seconds


async def _open(asked: Iterator[bytes], pace: float) -> _Told:
    """So many requests a second, whatever becomes of the former."""
    told, idle, under_way = _Told(), [_Line()], set()

    async def one(planned: float) -> None:
        line = idle.pop() if idle else _Line()
        told.note(await line.ask(next(asked)), time.perf_counter() - planned)
        idle.append(line)

    began = time.perf_counter()
    for number in range(int(pace * SECONDS)):
        planned = began + number / pace
        if (early := planned - time.perf_counter()) > 0:
            await asyncio.sleep(early)
        task = asyncio.ensure_future(one(planned))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
    await asyncio.gather(*under_way)
    for line in idle:
        line.close()
    return told


async def _round(asked: Iterator[bytes]) -> tuple[float, float, float, float]:
    """Capacity, goodput, p95 of both."""
    capacity = await _closed(asked, SECONDS)
    told = await _open(asked, 2 * capacity)
    if told.others:
        raise RuntimeError(f"others: {set(told.others)}")
    refused = statistics.quantiles(told.refused, n=20)[-1] if len(told.refused) > 1 else 0.0
    print(f"    {capacity:.0f}/s, then {len(told.served)} served, {len(told.refused)} refused", flush=True)
    return capacity, len(told.served) / SECONDS, statistics.quantiles(told.served, n=20)[-1], refused
