"""The catalogue in a real browser, under the policy of the portal: axe, narrow screens, both themes, the keyboard of the grid."""

from __future__ import annotations

import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from parvis.design.catalogue import sample_context
from tests.design.stage import STATIC, environment, signed_in

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'"
)

pytestmark = pytest.mark.browser


class _Served(http.server.SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *args: Any, **named: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("catalogue")
    shutil.copytree(STATIC, folder / "static" / "design")
    html = environment().get_template("design/catalogue.html").render(frame=signed_in(), **sample_context())
    (folder / "index.html").write_text(html, encoding="utf-8")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Served, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/index.html"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (320, "dark")])
def test_axe_finds_nothing_and_nothing_overflows(browser: Any, address: str, width: int, theme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=theme)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if "Content Security" in message.text else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = Axe().run(
        page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    )
    assert [fault["id"] for fault in found.response["violations"]] == []
    assert complaints == []
    page.close()


def test_the_grid_is_walked_by_the_keyboard(browser: Any, address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    page.focus("#g0")
    for key, reached in (("Enter", "g1"), ("ArrowDown", "g2"), ("Shift+Enter", "g1"), ("ArrowUp", "g0")):
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.id") == reached
    page.keyboard.type("9")
    page.keyboard.press("Escape")
    assert page.input_value("#g0") == "525,00"
    page.evaluate(
        "() => { const data = new DataTransfer(); data.setData('text', '500\\n600\\n');"
        "document.activeElement.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})) }"
    )
    assert [page.input_value(f"#g{n}") for n in range(3)] == ["500", "600", "679,00"]
    page.close()


def test_without_script_the_menu_waits_until_it_is_asked_for(browser: Any, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 900})
    page = context.new_page()
    page.goto(address)
    assert not page.is_visible("#menu")
    page.click("a.burger")
    assert page.is_visible("#menu")
    page.click("#menu .shut")
    assert not page.is_visible("#menu")
    assert not page.is_visible("[data-reveal]")
    context.close()
