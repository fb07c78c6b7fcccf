"""Every field of every form, with everything people and machines type: answered in words, shown harmless, nothing broken."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve

from tests.hostile.forms import Form, forms_in
from tests.house.conftest import Landlord
from tests.house.routes import Route, every_route

HTML = "<script>alert(1)</script>"
HOSTILE = {
    "nothing": "",
    "blanks": "   ",
    "long": "A" * 10_000,
    "other scripts": "日本語 العربية עברית",
    "sql": "' OR 1=1; DROP TABLE identity_account; --",
    "html": HTML,
    "nul": "a\0b",
    "lines": "un\r\ndeux\u2028trois",
    "wide digits": "１２３４５６",
    "negative": "-1",
    "many nines": "9" * 400,
    "formula": "=1+1",
    "format": "%s %d {0} {{7*7}} ${7*7}",
}
KEPT = {HOSTILE[kind] for kind in ("other scripts", "sql", "formula", "format")}
"""What can be shown again exactly as it was typed, and so must be."""
NAMES = ["q", "page", "apres", "avant", "suite", "sorte", "filtre", "tri", "code-postal", "etape"]
ALONE = ("html", "nul", "many nines")
"""What is also written in one name at a time: with all at once, a page that refuses the first never reads the others."""
PAGES = [route for route in every_route() if not route.access.demonstration]


class Undone(Exception):
    """Takes one attempt back, so that limits and states are those of the first."""


@contextmanager
def taken_back() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
            raise Undone
    except Undone:
        return


def attempt(browser: Client, page: str, form: Form, name: str, value: str) -> Any:
    """Send a form with one field changed, where a browser would send it."""
    data: dict[str, Any] = {**form.sent, name: value}
    return browser.post(urljoin(page, form.action), data)


USED_UP = {"captcha"}
"""What serves once, right or wrong: the page asks anew."""


def why_wrong(answer: HttpResponse, form: Form, name: str, value: str) -> str:
    """What is wrong with an answer, in words; nothing if all is well."""
    if answer.status_code >= 500 or answer.status_code not in (200, 204, 302, 303, 400, 403, 404, 409, 413, 422, 429):
        return f"answered {answer.status_code}"
    html = answer.content.decode("utf-8", "replace")
    if HTML in html:
        return "repeats HTML as HTML"
    if answer.status_code == 200 and form.typed[name] and len(value.strip()) > 3 and f'value="{value}"' in html:
        return "gives a secret back"
    if answer.status_code == 200 and not form.typed[name] and value in KEPT and name not in USED_UP:
        again = [other for other in forms_in(html) if name in other.typed]
        if again and not any(value in other.sent[name] for other in again):
            return "loses what was typed"
    return ""


@pytest.mark.parametrize("route", PAGES, ids=str)
def test_nothing_typed_breaks_a_page(route: Route, owning: Landlord) -> None:
    browser = owning.owner.browser() if "account" in route.needs else Client()
    address = route.address(owning.real)
    page = browser.get(address, follow=True)
    if page.status_code != 200 or not str(page.get("Content-Type", "")).startswith("text/html"):
        return
    here = page.redirect_chain[-1][0] if page.redirect_chain else address
    wrong = []
    for form in forms_in(page.content.decode()):
        target = resolve(urlsplit(urljoin(here, form.action)).path)
        if target.url_name == "sign-out":
            continue
        for name in form.typed:
            for kind, value in HOSTILE.items():
                with taken_back():
                    said = why_wrong(attempt(browser, here, form, name, value), form, name, value)
                    if said:
                        wrong.append(f"{target.url_name}.{name} with {kind}: {said}")
    assert wrong == []


@pytest.mark.parametrize("route", PAGES, ids=str)
def test_nothing_written_in_an_address_breaks_a_page(route: Route, owning: Landlord) -> None:
    browser = owning.owner.browser() if "account" in route.needs else Client()
    address = route.address(owning.real)
    for kind, value in HOSTILE.items():
        for names in [NAMES, *([name] for name in NAMES if kind in ALONE)]:
            answer = browser.get(address, dict.fromkeys(names, value))
            assert answer.status_code in (200, 302, 303, 400, 404), f"?{'&'.join(names)} with {kind}"
            assert answer.streaming or HTML not in answer.content.decode("utf-8", "replace")


@pytest.mark.parametrize("route", [route for route in PAGES if len(route.needs) > ("account" in route.needs)], ids=str)
def test_a_reference_nobody_has_is_not_found(route: Route, owning: Landlord) -> None:
    browser = owning.owner.browser() if "account" in route.needs else Client()
    for word in route.needs:
        if word == "account":
            continue
        value = "00000000-0000-0000-0000-000000000000" if "uuid" in route.path else "INCONNU"
        try:
            address = route.address({**owning.real, f"{route.name}.{word}": value})
        except Exception:  # the pattern itself takes no such thing
            continue
        assert browser.get(address).status_code in (200, 302, 404)
