"""A shorter default erases nothing that an instance kept longer: it goes on as before until an agent says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.db import connection

from parvis.audit.journal import record
from parvis.audit.models import Entry
from parvis.kit.actors import system
from parvis.parameters import selectors
from parvis.parameters.catalogue import KEEP_JOURNAL, KEEP_LOOKS
from parvis.parameters.models import ParameterValue
from parvis.parameters.services import PARAMETER_CHANGED, change

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
BY = system("tests")


def something_happened(*, days: int) -> None:
    record(PARAMETER_CHANGED, subject="code_delay", by=BY, at=NOW - timedelta(days=days))


def release() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(import_module("parvis.parameters.migrations.0003_kept_as_before").KEEP)
    selectors.forget()
    return {row.name: row.value or 0 for row in ParameterValue.objects.order_by("pk")}


def test_an_instance_with_older_traces_keeps_them_as_long_as_before() -> None:
    something_happened(days=700)
    assert release() == {"keep_journal": 1096, "keep_looks": 1096}
    assert selectors.value(KEEP_JOURNAL) == selectors.value(KEEP_LOOKS) == 1096
    told = Entry.objects.filter(subject__startswith="keep_").order_by("subject")
    assert [(entry.event, entry.details["after"]) for entry in told] == [("parameters.changed", 1096)] * 2
    assert release() == {"keep_journal": 1096, "keep_looks": 1096}
    assert ParameterValue.objects.count() == 2, "done twice, done once"


def test_one_that_set_a_value_keeps_its_own() -> None:
    something_happened(days=700)
    change("keep_journal", 400, decision="DPO-2026-014", by=BY, at=NOW)
    assert release() == {"keep_journal": 400, "keep_looks": 1096}


def test_one_without_older_traces_begins_with_a_year() -> None:
    something_happened(days=300)
    assert release() == {}
    assert selectors.value(KEEP_JOURNAL) == 365
