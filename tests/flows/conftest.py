"""The same stage as the browser stories, without a browser."""

from __future__ import annotations

from tests.browser.conftest import folders, watch

__all__ = ["folders", "watch"]
