"""An encrypted value copied to another row opens nothing (security.md T52); what was bound otherwise is bound anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Model

from parvis.agents.models import Agent
from parvis.agents.posts import Role
from parvis.agents.services import proofs
from parvis.exchange.models import SetAsideLine
from parvis.exchange.selectors import given_back
from parvis.kit.encryption import CannotOpen, close, open_
from parvis.kit.merging import rebind
from parvis.landlords.models import Landlord, ThirdPartyNumber
from parvis.upkeep.keys import FIELDS
from tests.exchange.inbox import BASE, LANDLORD, TENANCY, Inbox
from tests.factories.agents import colleague

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 10, 9, 0, tzinfo=UTC)
WORDS = {(model, field): words for model, field, words in FIELDS}
MIGRATIONS = {
    (Agent, "time_secret"): "parvis.agents.migrations.0006_secrets_bound_to_agents",
    (SetAsideLine, "line"): "parvis.exchange.migrations.0007_lines_bound_to_rows",
    (Landlord, "nir"): "parvis.landlords.migrations.0017_secrets_bound_to_rows",
    (ThirdPartyNumber, "iban"): "parvis.landlords.migrations.0017_secrets_bound_to_rows",
}
"""Values that were bound to their column only, and what binds them to their row."""
OTHER = LANDLORD | {
    "tiers_number": "7654321", "user_number": "44176543210V12", "nir": "180037511623439", "iban": "FR7630001007941234567890185",
}  # fmt: skip
BOUND = pytest.mark.parametrize("named", list(MIGRATIONS), ids=lambda named: f"{named[0].__name__}.{named[1]}")


@pytest.fixture
def two(tmp_path: Path) -> Callable[[tuple[type[Model], str]], list[Any]]:
    """Two rows of each."""
    inbox = Inbox(tmp_path)
    first = LANDLORD | {"iban": "FR7630006000011234567890189"}
    bad = [TENANCY | {"aid_type": "X"}, TENANCY | {"aid_type": "Y", "tenancy_ref": "B2"}]
    inbox.take(1, {**dict(BASE), "landlords": [first, OTHER], "tenancies": bad})
    for _ in range(2):
        colleague((Role.RECEPTION, "441"))

    def rows(named: tuple[type[Model], str]) -> list[Any]:
        model, field = named
        found = list(model._default_manager.exclude(**{f"{field}__isnull": True}).order_by("pk"))
        assert len(found) == 2
        return found

    return rows


def _opened(row: Any, named: tuple[type[Model], str]) -> str:
    return open_(bytes(getattr(row, named[1])), WORDS[named](row))


@BOUND
def test_a_value_copied_to_another_row_does_not_open(
    named: tuple[type[Model], str], two: Callable[[tuple[type[Model], str]], list[Any]]
) -> None:
    one, other = two(named)
    assert _opened(one, named) != _opened(other, named)
    named[0]._default_manager.filter(pk=other.pk).update(**{named[1]: getattr(one, named[1])})
    with pytest.raises(CannotOpen):
        _opened(two(named)[1], named)


def test_no_code_is_right_for_a_key_that_was_another_agents() -> None:
    thief, victim = colleague((Role.RECEPTION, "441")), colleague()
    Agent.objects.filter(pk=victim.agent.pk).update(time_secret=thief.agent.time_secret)
    victim.agent.refresh_from_db()
    for code in (thief.code(NOW), victim.code(NOW)):
        assert proofs.check(victim.agent, code, by=victim.actor, at=NOW).kind is proofs.Proof.WRONG
    assert proofs.check(thief.agent, thief.code(NOW), by=thief.actor, at=NOW).kind is proofs.Proof.RIGHT


def test_a_line_that_was_set_aside_elsewhere_is_not_given_back(
    two: Callable[[tuple[type[Model], str]], list[Any]],
) -> None:
    one, other = two((SetAsideLine, "line"))
    assert len(list(given_back(one.file))) == 3
    SetAsideLine.objects.filter(pk=other.pk).update(line=one.line)
    with pytest.raises(CannotOpen):
        list(given_back(one.file))


@BOUND
def test_what_was_bound_to_its_column_is_bound_to_its_row_and_back(
    named: tuple[type[Model], str], two: Callable[[tuple[type[Model], str]], list[Any]]
) -> None:
    texts = [_opened(row, named) for row in two(named)]
    column, migration = f"{named[0]._meta.db_table}.{named[1]}", import_module(MIGRATIONS[named])
    for row, text in zip(two(named), texts, strict=True):
        named[0]._default_manager.filter(pk=row.pk).update(**{named[1]: close(text, column)})
    with pytest.raises(CannotOpen):
        _opened(two(named)[0], named)
    migration.forth()
    assert [_opened(row, named) for row in two(named)] == texts
    kept = [bytes(getattr(row, named[1])) for row in two(named)]
    migration.forth()  # run again, it finds nothing to do
    assert [bytes(getattr(row, named[1])) for row in two(named)] == kept
    migration.back()
    assert [open_(bytes(getattr(row, named[1])), column) for row in two(named)] == texts


def test_it_goes_on_block_by_block_past_what_never_opened() -> None:
    agents = [colleague((Role.RECEPTION, "441")).agent for _ in range(5)]
    migration = import_module(MIGRATIONS[Agent, "time_secret"])
    for agent in agents:
        Agent.objects.filter(pk=agent.pk).update(time_secret=close("KEY", "agents_agent.time_secret"))
    Agent.objects.filter(pk=agents[2].pk).update(time_secret=b"rubbish")
    assert rebind(migration.READ.format(migration.COLUMN, migration.ROW), migration.WRITE, block=2) == 4
    found = Agent.objects.exclude(pk=agents[2].pk).order_by("pk")
    assert [proofs.secret_of(agent) for agent in found] == ["KEY"] * 4
    assert bytes(Agent.objects.get(pk=agents[2].pk).time_secret or b"") == b"rubbish"
