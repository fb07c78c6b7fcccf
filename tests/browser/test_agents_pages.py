"""Every page of the back office, with something on it: no fault for axe, wide or narrow, light or dark."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from parvis.agents.selectors.people import sessions_of
from parvis.web.frame import cookies
from tests.browser.conftest import OpensABrowser
from tests.browser.person import AXE, MORE_RULES, Person
from tests.factories.back_office import everywhere, opened_by, things
from tests.house.routes import Route, every_route

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = [route for route in every_route() if route.access is not None and route.access.agent]
NO_PAGE = {"agent-keep-alive", "agent-sign-out", "viewing-leave"}
"""What answers nothing to look at, or ends the visit."""
NOT_WRITTEN = {"agent-batch-file", "file-replacement-paper"}
"""The files of a batch are on disk, and gone once posted; nobody asked for a replacement here."""
ASKS = {"agent-export-ask": "?liste=journal"}
"""What is asked of a page that answers nothing without it."""
COLOURS = {**MORE_RULES, "runOnly": ["color-contrast"]}
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}


def _faults(page: Page, options: dict[str, Any]) -> list[str]:
    found = AXE.run(page, options=options).response["violations"]
    return [f"{fault['id']}: {node['html'][:140]}" for fault in found for node in fault["nodes"]]


def _wrong(person: Person) -> list[str]:
    """What is wrong with the page one is on: everything wide and light, narrow and dark; colours the other way round too."""
    page, found = person.page, []
    for size, theme, options in (
        (WIDE, "light", MORE_RULES),
        (WIDE, "dark", COLOURS),
        (NARROW, "dark", MORE_RULES),
        (NARROW, "light", COLOURS),
    ):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=theme)
        found += [f"{size['width']} {theme} {fault}" for fault in _faults(page, options)]
        too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found += [f"{size['width']} {theme}: {too_wide} px too wide"] if too_wide > 0 else []
    found += [] if page.locator("h1").count() == 1 and page.title() else ["no h1 of its own, or no title"]
    found += [said for said in person.complaints if "was preloaded" not in said]
    person.complaints = []
    return found


def _is_a_page(answer: Any) -> bool:
    return bool(answer.status_code == 200) and str(answer["Content-Type"]).startswith("text/html")


def test_nothing_is_wrong_with_any_page_of_agents(someone: OpensABrowser, tmp_path: Path, settings: Any) -> None:
    settings.LETTERS = tmp_path
    agent = everywhere()
    landlord, real = things(tmp_path)
    opened_by(agent, landlord)
    client, person = agent.browser(), someone()
    real["agent_session"] = sessions_of(agent.agent.pk, at=datetime.now(UTC))[0].pk
    person.waits(30_000)
    cookie = {"name": cookies.AGENT, "value": client.cookies[cookies.AGENT].value, "url": person_address(person)}
    person.context.add_cookies([cookie])
    faults: dict[str, list[str]] = {}
    seen = 0
    for route in PAGES:
        if route.name in NO_PAGE:
            continue
        address = route.address(real) + ASKS.get(route.name, "")
        answer = client.get(address)
        answer.getvalue()
        if answer.status_code not in (200, 302, 405) and route.name not in NOT_WRITTEN:
            faults[str(route)] = [f"{answer.status_code}: made as it should be?"]
        if _is_a_page(answer):
            seen += 1
            person.goes(address)
            wrong = _wrong(person)
            faults.update({str(route): wrong} if wrong else {})
    assert faults == {}, "\n".join(f"{name}: {words}" for name, words in faults.items())
    assert seen > 55, f"{seen} pages were looked at: the others led elsewhere"


def person_address(person: Person) -> str:
    """The host this browser speaks to."""
    person.goes("/")
    return str(person.page.evaluate("location.origin"))


def test_a_route_of_agents_is_known_by_its_access() -> None:
    assert all(isinstance(route, Route) and route.path.startswith("agents/") for route in PAGES)
