"""The same two landlords as tests/house, attacked."""

from __future__ import annotations

from tests.house.conftest import owning, stranger, two

__all__ = ["owning", "stranger", "two"]
