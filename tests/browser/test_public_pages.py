"""What anybody sees: no fault for axe, narrow or wide, light or dark, with or without scripts."""

from __future__ import annotations

import pytest

from tests.browser.conftest import OpensABrowser
from tests.house.routes import every_route

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = [
    route
    for route in every_route()
    if route.access is not None
    and route.access.code == "public"
    and not route.needs
    and route.name not in ("health", "ready", "metrics", "accounts", "keep-alive", "sign-out", "theme", "captcha")
]
HABITS = [(1280, "light", True), (320, "dark", True), (320, "light", False)]


@pytest.mark.parametrize(("width", "theme", "script"), HABITS)
def test_nothing_is_wrong_with_public_pages(width: int, theme: str, script: bool, someone: OpensABrowser) -> None:
    person = someone(width=width, theme=theme, script=script)
    for route in PAGES:
        assert person.goes(route.address({})) == 200, route
        person.looks()


def test_a_page_that_is_not_there_says_so(someone: OpensABrowser) -> None:
    person = someone(width=320)
    assert person.goes("/nulle-part/") == 404
    person.looks("Page introuvable")
