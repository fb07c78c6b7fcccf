"""Somebody at a browser: goes, types, clicks, reads; and at each page, looks for what is wrong with it."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.browser.going import Going

PATIENCE = 30_000
"""Milliseconds: for a machine that has other things to do. Waiting long costs only where something fails."""
expect.set_options(timeout=PATIENCE)
AXE = Axe()
MORE_RULES = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
REFUSED = "Failed to load resource: the server responded with a status of 4"
"""What the console says of a page that answers 404 or 429 on purpose."""
LATE = "was preloaded using link preload but not used within a few seconds"
"""What it says of the letters of a page that a busy machine has not drawn yet."""


class Person:
    """One person with one browser: width, theme and scripts as they have them, cookies of their own.

    Who ``hurries`` reads headings only: for pages that another story looks at whole.
    """

    def __init__(
        self,
        browser: Any,
        address: str,
        *,
        width: int = 1280,
        theme: str = "light",
        script: bool = True,
        hurries: bool = False,
    ) -> None:
        height = 900 if width > 600 else 640
        self.script, self.theme, self.hurries = script, theme, hurries
        self.context = browser.new_context(
            base_url=address,
            viewport={"width": width, "height": height},
            color_scheme=theme,
            java_script_enabled=script,
            locale="fr-FR",
            timezone_id="Europe/Paris",
            reduced_motion="reduce",
        )
        self.waits(PATIENCE)
        self.complaints: list[str] = []
        self._ways: dict[Any, Going] = {}
        self.opens_a_tab()

    def opens_a_tab(self) -> None:
        """Another tab of the same browser, which is now the one looked at."""
        self.page = self.context.new_page()
        self.page.on("console", lambda message: self._hear(message.type, message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("requestfailed", self._failed)
        self._ways[self.page] = Going(self.page, script=self.script)

    def _hear(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and not text.startswith(REFUSED) and LATE not in text:
            self.complaints.append(text)

    def looks_at(self, tab: Any) -> None:
        """Go back to one of the tabs that are open."""
        self.page = tab
        tab.bring_to_front()

    def waits(self, milliseconds: int) -> None:
        """How long this person waits for a page or for a word on it, before they say that it does not come."""
        self.patience = milliseconds
        self.context.set_default_timeout(milliseconds)

    def goes(self, address: str) -> int:
        """Type an address; the answer's status. A page that loads itself anew at that very moment answers nothing: once more."""
        return int((self.page.goto(address) or self.page.reload()).status)

    def follows(self, words: str, *, within: str = "main") -> None:
        """Click a link by its words."""
        self.clicks(self.page.locator(within).get_by_role("link", name=words).first)

    def presses(self, words: str, *, within: str = "main") -> None:
        """Press a button by its words."""
        self.clicks(self.page.locator(within).get_by_role("button", name=words).first)

    def clicks(self, button: Any) -> None:
        """Click a link or a button, and be where it leads."""
        self._ways[self.page].clicks(button, patience=self.patience)

    def settles(self) -> None:
        """Where a page is on its way, wait for it: what one reads is that page."""
        self._ways[self.page].ends(patience=self.patience)

    def types(self, label: str, text: str) -> None:
        """Fill a field by its label."""
        self.page.get_by_label(label, exact=True).fill(text)

    def ticks(self, label: str) -> None:
        """Tick a box by its label."""
        self.page.get_by_label(label).check()

    @property
    def heading(self) -> str:
        """The heading of the page one is on."""
        self.settles()
        return " ".join(self.page.locator("h1").inner_text().split())

    @property
    def words(self) -> str:
        """All the page says, blanks made one."""
        self.settles()
        return " ".join(self.page.locator("body").inner_text().split())

    def reads(self, words: str) -> None:
        """Wait until the page says this, blanks made one."""
        expect(self.page.locator("body")).to_contain_text(words, use_inner_text=True, timeout=self.patience)

    def arrives(self, address: str) -> None:
        """Wait until one is at an address (``*`` is anything). A second click gives up the first way there: that is no fault."""
        places = ".*".join(re.escape(part) for part in address.split("*"))
        expect(self.page).to_have_url(re.compile(f"{places}$"), timeout=self.patience)
        self.page.wait_for_load_state()

    @property
    def path(self) -> str:
        """Where one is, without the host."""
        self.settles()
        return str(self.page.evaluate("location.pathname"))

    def _failed(self, request: Any) -> None:
        """A request that failed; one the browser itself gave up, because the person was already leaving, is none."""
        if "ERR_ABORTED" not in (request.failure or ""):
            self.complaints.append(f"failed: {request.url}")

    def looks(self, heading: str = "") -> None:
        """The page is the expected one, and nothing is wrong with it: axe, width, console, one h1, a title."""
        self.settles()
        if heading:
            assert self.heading.startswith(heading), f"{self.heading!r} at {self.path}: {self.words[:600]}"
        if self.hurries:
            return
        found = self._judged()
        faults = [f"{fault['id']}: {node['html'][:160]}" for fault in found for node in fault["nodes"]]
        assert faults == [], f"axe at {self.path}: {faults}"
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{self.path} is {wide} px too wide: {self._widest()}"
        assert self.page.locator("h1").count() == 1, self.path
        assert self.page.title(), self.path
        assert self.complaints == [], f"{self.path}: {self.complaints}"

    def _judged(self) -> list[dict[str, Any]]:
        """What axe says. Where scripts are off it cannot run: it then judges the same HTML, none of whose scripts came."""
        if self.script:
            return list(AXE.run(self.page, options=MORE_RULES).response["violations"])
        html, address = self.page.content(), self.page.url
        twin = self.context.browser.new_context(viewport=self.page.viewport_size, color_scheme=self.theme)
        page = twin.new_page()
        page.route("**/*.js", lambda route: route.abort())
        page.route(address, lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
        page.goto(address)
        found = list(AXE.run(page, options=MORE_RULES).response["violations"])
        twin.close()
        return found

    def _widest(self) -> Any:
        return self.page.evaluate(
            "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)"
            ".slice(0, 5).map(e => e.outerHTML.slice(0, 90))"
        )

    def prints(self) -> list[str]:
        """The words of each sheet of paper, if the page were printed."""
        sheets = PdfReader(BytesIO(self.page.pdf(format="A4"))).pages
        return [" ".join(sheet.extract_text().split()) for sheet in sheets]

    def focused(self) -> str:
        """What has the focus: its label, words or name. Fails if nothing shows where the focus is."""
        self.page.wait_for_timeout(30)
        seen = self.page.evaluate(
            "(() => { const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();"
            "return {shown: (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== 'none',"
            " inside: r.bottom > 0 && r.top < innerHeight && r.width > 0, tag: e.tagName,"
            " name: (e.labels && e.labels[0] && e.labels[0].innerText) || e.getAttribute('aria-label') || e.innerText || e.name || ''} })()"
        )
        assert seen["tag"] == "BODY" or (seen["shown"] and seen["inside"]), f"the focus cannot be seen: {seen}"
        return " ".join(str(seen["name"]).split())

    def tabs_to(self, words: str, *, most: int = 60) -> None:
        """Press Tab until the named thing has the focus."""
        for _ in range(most):
            self.page.keyboard.press("Tab")
            if self.focused().startswith(words):
                return
        raise AssertionError(f"« {words} » is not reached by the keyboard on {self.path}")

    def leaves(self) -> None:
        """Close the browser."""
        self.context.close()
