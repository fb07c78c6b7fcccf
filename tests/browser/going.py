"""Whether a tab is on its way to another page: what is read before it is there is still the former page."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Error

TURN = "new Promise(done => setTimeout(() => setTimeout(done)))"
"""Two turns of the page's own loop: a form that was sent by a click has set off by then."""
GONE = ("navigat", "context", "collected", "closed")
"""Words of the errors by which a page that is left meanwhile answers."""


class Going:
    """Hears one tab set off and arrive. A browser tells a click before it sets off; a busy machine, long before."""

    def __init__(self, page: Any, *, script: bool) -> None:
        self._page, self._script, self._seen = page, script, 0
        self._away = self._stopped = False
        page.on("framenavigated", self._arrived)
        self._session = page.context.new_cdp_session(page)
        self._session.send("Page.enable")
        self._session.on("Page.frameRequestedNavigation", self._set_off)
        self._session.on("Page.frameStartedLoading", self._starts)
        self._session.on("Page.frameStoppedLoading", self._stops)

    def _set_off(self, event: dict[str, Any]) -> None:
        if event["disposition"] == "currentTab":
            self._away, self._stopped, self._seen = True, False, self._seen + 1

    def _starts(self, _event: object) -> None:
        self._stopped = False

    def _stops(self, _event: object) -> None:
        self._stopped = True

    def _arrived(self, _frame: object) -> None:
        self._away, self._seen = False, self._seen + 1

    def clicks(self, button: Any, *, patience: int) -> None:
        """Click a link or a button that may lead elsewhere; on the page it leads to, afterwards (``patience`` in ms)."""
        seen = self._seen
        button.click()
        for _ in range(0 if self._script else patience // 10):
            if self._seen > seen:
                break
            self._page.wait_for_timeout(10)
        self.ends(patience=patience)

    def ends(self, *, patience: int) -> None:
        """Wait until one is somewhere; ``patience`` is in milliseconds. What was a download has led nowhere: its loading stops."""
        if self._script:
            self._turns()
        for _ in range(patience // 10):
            if self._away and self._stopped:
                self._page.wait_for_timeout(100)
                self._away = False
            if not self._away:
                break
            self._page.wait_for_timeout(10)
        self._page.wait_for_load_state("domcontentloaded")

    def _turns(self) -> None:
        """Asked where the setting off is heard: that comes before the answer."""
        try:
            self._session.send("Runtime.evaluate", {"expression": TURN, "awaitPromise": True})
        except Error as error:
            if not any(word in str(error) for word in GONE):
                raise
