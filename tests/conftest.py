"""What all tests share: a database that transactional tests may empty and get back as the migrations left it."""

from __future__ import annotations

import pytest
from django.db import connection


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Transactional tests begin with the rows the migrations wrote (texts, parameters)."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        if marker is not None and marker.kwargs.get("transaction") and "serialized_rollback" not in marker.kwargs:
            item.add_marker(pytest.mark.django_db(**{**marker.kwargs, "serialized_rollback": True}), append=False)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> None:
    """Emptying tables between transactional tests must pass the journal's guard, which a test of its own puts back."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER audit_no_truncate")
