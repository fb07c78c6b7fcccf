"""Values the office changes without a deployment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from parvis.audit.models import Entry
from parvis.kit.actors import system
from parvis.parameters import selectors, services
from parvis.parameters.catalogue import CODE_DELAY, KEEP_JOURNAL, PARAMETERS, SESSION_SILENCE, VALID_BY_EMAIL, Unit
from parvis.parameters.models import ParameterValue

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 21, 8, 26, tzinfo=UTC)
BY = system("test")


@pytest.fixture(autouse=True)
def _read_anew() -> Iterator[None]:
    selectors.forget()
    yield
    selectors.forget()


def test_an_untouched_parameter_has_its_default() -> None:
    assert selectors.value(CODE_DELAY) == 1_440
    assert selectors.duration(VALID_BY_EMAIL) == timedelta(days=14)


def test_a_change_counts_at_once_and_is_written_down() -> None:
    services.change("code_delay", 60, by=BY, at=NOW)
    services.change("code_delay", 0, by=BY, at=NOW)
    assert selectors.value(CODE_DELAY) == 0
    told = Entry.objects.filter(event="parameters.changed").order_by("id").values_list("details", flat=True)
    assert list(told) == [{"before": 1_440, "after": 60}, {"before": 60, "after": 0}]


@pytest.mark.parametrize(
    ("name", "value"), [("code_delay", -1), ("code_delay", 43_201), ("session_silence", 0), ("rien", 3)]
)
def test_what_is_out_of_bounds_or_unknown_changes_nothing(name: str, value: int) -> None:
    with pytest.raises(services.NotAParameter):
        services.change(name, value, by=BY, at=NOW)
    assert selectors.value(SESSION_SILENCE) == 30
    assert not Entry.objects.filter(event="parameters.changed").exists()


@pytest.mark.parametrize("cited", ["", "   ", "DPO", "x" * 81])
def test_traces_are_kept_longer_by_a_written_decision_only(cited: str) -> None:
    with pytest.raises(services.NoDecision):
        services.change("keep_journal", 366, decision=cited, by=BY, at=NOW)
    assert selectors.value(KEEP_JOURNAL) == 365
    services.change("keep_journal", 200, decision=cited, by=BY, at=NOW)
    services.change("keep_journal", 365, decision=cited, by=BY, at=NOW)
    assert "decision" not in Entry.objects.filter(event="parameters.changed").latest("pk").details


def test_the_decision_cited_is_kept_with_the_value_and_in_the_journal() -> None:
    out = StringIO()
    with pytest.raises(CommandError, match="décision écrite"):
        call_command("parameters", "keep_looks", "700", stdout=out)
    call_command("parameters", "keep_looks", "700", "--decision", " DPO-2026-014  du 12/11 ", stdout=out)
    assert ParameterValue.objects.get(name="keep_looks").decision == "DPO-2026-014 du 12/11"
    assert Entry.objects.get(event="parameters.changed").details == {
        "before": 365,
        "after": 700,
        "decision": "DPO-2026-014 du 12/11",
    }


def test_each_parameter_is_whole() -> None:
    for name, parameter in PARAMETERS.items():
        assert name == parameter.name
        assert parameter.low <= parameter.default <= parameter.high
        assert parameter.meaning
        if parameter.unit not in (Unit.NUMBER, Unit.CENTS, Unit.EUROS, Unit.SWITCH, Unit.PERCENT, Unit.POINTS):
            assert parameter.duration(1) > timedelta()


def test_the_command_lists_and_changes() -> None:
    out = StringIO()
    call_command("parameters", "session_silence", "15", stdout=out)
    call_command("parameters", stdout=out)
    assert "session_silence = 15 minutes (de 5 à 120, 30 au départ, donné par " in out.getvalue()
    with pytest.raises(CommandError, match="de 5 à 120"):
        call_command("parameters", "session_silence", "1")
    with pytest.raises(CommandError, match="valeur"):
        call_command("parameters", "session_silence")
