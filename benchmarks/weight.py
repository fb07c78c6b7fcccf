"""P12: what a page weighs, its files included, at the first visit and at the next; and how many requests that takes."""

from __future__ import annotations

import gzip
import http.client
import re
from dataclasses import dataclass

from benchmarks import pages, people
from benchmarks.measure import Line
from benchmarks.stage import Stage, WebServer

NUMBER, PORT = 900_002, 18_415
PAGES = {
    "tenant list": "/c/{0}/bailleur/locataires/",
    "July grid": "/c/{0}/bailleur/loyers/",
    "landlord's home": "/c/{0}/bailleur/",
    "tenant sheet": "/c/{0}/bailleur/locataires/{1}/",
    "payments": "/c/{0}/bailleur/paiements/",
}
_FILES = re.compile(rb'(?:href|src)="(/static/[^"]+\.(?:css|js|svg|woff2))"')
_IN_STYLES = re.compile(rb'url\("?([^")]+\.woff2)"?\)')
FIRST_KB, NEXT_KB, REQUESTS = 60, 12, 8


@dataclass(frozen=True, slots=True)
class Weighed:
    """Kilobytes on the wire and requests of one page."""

    first: float
    next: float
    requests: int


def run(stage: Stage) -> list[Line]:
    """Weigh the pages of a landlord of a hundred tenancies."""
    people.office()
    owner = people.somebody(NUMBER)
    people.tenancies(NUMBER, 5_000_000, 100)
    pages.open_campaign()
    server = WebServer("parvis.config.wsgi:application", PORT)
    try:
        listed, _ = _fetch(PAGES["tenant list"].format(owner.account), owner.cookie)
        tenancy = re.search(rb"/locataires/([0-9a-f-]{36})/", listed)
        assert tenancy is not None
        return [
            line
            for name, path in PAGES.items()
            for line in _lines(name, _weighed(path.format(owner.account, tenancy[1].decode()), owner.cookie))
        ]
    finally:
        server.stop()


def _lines(name: str, page: Weighed) -> list[Line]:
    told = f"{page.first:.1f} kB, then {page.next:.1f} kB, {page.requests} requests"
    met = page.first <= FIRST_KB and page.next <= NEXT_KB and page.requests <= REQUESTS
    aim = f"≤ {FIRST_KB} kB, then ≤ {NEXT_KB} kB, ≤ {REQUESTS} requests"
    return [
        Line(
            "P12",
            f"weight of the {name}",
            told,
            "apilos list 690 kB, 42 requests",
            f"{690 / page.first:.0f} × less",
            aim,
            met,
        )
    ]


def _weighed(path: str, cookie: str) -> Weighed:
    """The page as a proxy packs it (gzip), its files as they are served (brotli); those that may be kept weigh nothing later."""
    page, _ = _fetch(path, cookie)
    html = len(gzip.compress(page, 6))
    files = {name.decode() for name in _FILES.findall(page)}
    weight, again = 0, 0
    for name in sorted(files):
        body, kept = _fetch(name, "")
        weight, again = weight + len(body), again + (0 if kept else len(body))
    for font in _fonts(files) - files:
        weight += len(_fetch(font, "")[0])
    files |= _fonts(files)
    return Weighed((html + weight) / 1000, (html + again) / 1000, 1 + len(files))


def _fonts(files: set[str]) -> set[str]:
    """The fonts the style sheets name: all of them, although a browser asks only for those the page's words need."""
    found: set[str] = set()
    for name in (name for name in files if name.endswith(".css")):
        style, _ = _fetch(name, "", packed=False)
        folder = name.rpartition("/")[0]
        found |= {f"{folder}/{font.decode()}" for font in _IN_STYLES.findall(style)}
    return found


def _fetch(path: str, cookie: str, *, packed: bool = True) -> tuple[bytes, bool]:
    """The bytes of an answer, and whether a browser may keep it for ever."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
    headers = {"Accept-Encoding": "br, gzip" if packed and not cookie else "identity", "Cookie": f"session={cookie}"}
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, (path, answer.status)
    return body, "immutable" in answer.headers.get("Cache-Control", "")
