"""Whether a tab is on its way to another page: what is read before it is there is still the former page."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Error

TURN = "new Promise(done => setTimeout(() => setTimeout(done)))"
"""Two turns of the page's own loop: a form that was sent by a click has set off by then."""


class Going:
    """Hears one tab set off and arrive. A browser tells a click before it sets off; a busy machine, long before."""

    def __init__(self, page: Any, *, script: bool) -> None:
        self._page, self._script, self._away, self._seen = page, script, False, 0
        page.on("framenavigated", self._arrived)
        session = page.context.new_cdp_session(page)
        session.send("Page.enable")
        session.on("Page.frameRequestedNavigation", self._set_off)
        for ending in ("frameStoppedLoading", "navigatedWithinDocument", "frameNavigated"):
            session.on(f"Page.{ending}", self._ended)

    def _set_off(self, event: dict[str, Any]) -> None:
        if event["disposition"] == "currentTab":
            self._away, self._seen = True, self._seen + 1

    def _ended(self, _event: object) -> None:
        self._away = False

    def _arrived(self, _frame: object) -> None:
        self._seen += 1

    def clicks(self, button: Any, *, patience: int) -> None:
        """Click a link or a button that may lead elsewhere; on the page it leads to, afterwards (``patience`` in ms)."""
        seen = self._seen
        button.click()
        for _ in range(0 if self._script else 50):
            if self._seen > seen:
                break
            self._page.wait_for_timeout(10)
        self.ends(patience=patience)

    def ends(self, *, patience: int) -> None:
        """Wait until one is somewhere; ``patience`` is in milliseconds."""
        if self._script:
            try:
                self._page.evaluate(TURN)
            except Error as error:
                if "navigation" not in str(error):
                    raise
        for _ in range(patience // 10):
            if not self._away:
                break
            self._page.wait_for_timeout(10)
        self._page.wait_for_load_state("domcontentloaded")
