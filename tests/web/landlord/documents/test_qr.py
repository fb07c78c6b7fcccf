"""The QR code of a receipt, drawn on its page and on its paper: a scan leads to the checking page of this very receipt."""

from __future__ import annotations

import io
import re
from html import unescape
from urllib.parse import unquote, urlencode

import pypdf
import pytest
import segno
from django.conf import settings
from django.test import Client
from django.urls import reverse

from parvis.declarations.selectors import receipt_of
from tests.factories.declarations import NOW
from tests.factories.landlords import Owner, owner
from tests.web.landlord.documents.test_own_receipts import sent_by
from tests.web.landlord.july import address, live_at

pytestmark = pytest.mark.django_db
Modules = set[tuple[int, int]]


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    live_at(monkeypatch, NOW)


@pytest.fixture
def me() -> Owner:
    return owner()


@pytest.fixture
def scanned(me: Owner) -> tuple[str, str]:
    """The number of a receipt, and the address its code must hold."""
    number = sent_by(me, "525")
    query = urlencode({"numero": number, "code": receipt_of(me.actor, number).code})
    return number, f"{settings.PUBLIC_URL}{reverse('verify-receipt')}?{query}"


def expected(url: str) -> Modules:
    """The dark modules of an address, within the border of two that is drawn around."""
    rows = segno.make(url, error="m").matrix
    return {(x + 2, y + 2) for y, row in enumerate(rows) for x, dark in enumerate(row) if dark}


def drawn_on(page: str) -> Modules:
    """Those of the picture of a page: a path of runs, each from where the one before ended."""
    found = re.search(r'<img src="data:image/svg\+xml[^,]*,([^"]+)" alt="Code QR', page)
    assert found is not None
    path = re.search(r"qrline[^>]* d=['\"]([^'\"]+)", unquote(unescape(found[1])))
    assert path is not None
    dark, x, y = set(), 0, 0
    for act, across, down in re.findall(r"([Mmh])(-?\d+)(?: (-?\d+))?", path[1]):
        if act == "h":
            dark |= {(x + step, y) for step in range(int(across))}
        if act == "M":
            x, y = 0, 0
        x, y = x + int(across), y + int(down or 0)
    return dark


def printed_in(paper: bytes) -> Modules:
    """Those of a PDF: lines of one module's height through the middle of each run."""
    reader = pypdf.PdfReader(io.BytesIO(paper))
    drawing = b" ".join(sheet.get_contents().get_data() for sheet in reader.pages).decode("latin-1")  # type: ignore[union-attr]
    runs = re.findall(r"(?<![\d.])(\d+) (\d+)\.5 m (\d+) \2\.5 l", drawing)
    return {(x, int(y)) for begin, y, end in runs for x in range(int(begin), int(end))}


def test_the_code_of_the_page_holds_the_address_that_checks_it(me: Owner, scanned: tuple[str, str]) -> None:
    number, url = scanned
    page = me.browser().get(address(me, "receipt", number)).content.decode()
    assert drawn_on(page) == expected(url)
    assert f'<a href="{url.replace("&", "&amp;")}">Page de vérification</a>' in page


def test_so_does_the_code_of_the_paper(me: Owner, scanned: tuple[str, str]) -> None:
    number, url = scanned
    paper = me.browser().get(address(me, "receipt-pdf", number)).content
    assert printed_in(paper) == expected(url)


def test_that_address_says_the_receipt_is_authentic(scanned: tuple[str, str]) -> None:
    number, url = scanned
    visitor, here = Client(), url.removeprefix(settings.PUBLIC_URL)
    page = visitor.get(here).content.decode()
    typed = {name: re.search(rf'name="{name}"[^>]*value="([^"]+)"', page) for name in ("numero", "code")}
    assert typed["numero"] is not None
    assert typed["numero"][1] == number
    said = visitor.post(here, {name: found[1] for name, found in typed.items() if found})
    assert "Document authentique" in said.content.decode()
