from datetime import timedelta

import pytest

from parvis.declarations.services.receipts.verification import CHECKS, WINDOW, admit_check
from tests.factories.declarations import NOW

pytestmark = pytest.mark.django_db


def test_a_neighbourhood_checks_twenty_receipts_then_waits() -> None:
    for number in range(CHECKS):
        assert admit_check(f"203.0.113.{number}", NOW).paused_until is None
    assert admit_check("203.0.113.9", NOW).paused_until == NOW + WINDOW
    assert admit_check("198.51.100.1", NOW).paused_until is None
    assert admit_check("203.0.113.9", NOW + WINDOW + timedelta(seconds=1)).paused_until is None
