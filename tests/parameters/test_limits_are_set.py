"""Limits that were constants of the code: what the office sets counts where it is used."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from parvis.exchange.formats import FORMATS
from parvis.exchange.formats.format import Absence
from parvis.exchange.inbound.loading import Held, check_limit
from parvis.identity import rules
from parvis.identity.refusals import PasswordTooWeak
from parvis.identity.services import limits
from parvis.kit.actors import system
from parvis.landlords.services.role import replacing
from parvis.parameters import selectors, services
from parvis.parameters.catalogue import BANK_HOLD, PASSWORD_SHORTEST
from parvis.parameters.models import ParameterValue
from parvis.parameters.selectors import value
from parvis.web.account.words import policy
from tests.factories.users import administrator, colleague, moment

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 21, 8, 26, tzinfo=UTC)


def given(name: str, new: int) -> None:
    services.change(name, new, by=system("tests"), at=NOW)


def test_how_much_a_full_file_may_end() -> None:
    landlords, told = FORMATS["landlords"], [Absence("441", 100, 6)]
    with pytest.raises(Held, match="plus de 5"):
        check_limit(landlords, told)
    given("feed_most_ended", 6)
    check_limit(landlords, told)


def test_how_often_one_may_try() -> None:
    assert (limits.of_value("x").limit, limits.of_codes("x", "y").limit, limits.of_recoveries("x", "y").limit) == (
        100,
        10,
        6,
    )
    for name, new in (("tries_a_day", 50), ("codes_a_day", 7), ("recoveries_a_day", 4)):
        given(name, new)
    assert (limits.of_value("x").limit, limits.of_codes("x", "y").limit, limits.of_recoveries("x", "y").limit) == (
        50,
        7,
        4,
    )


def test_how_long_a_password_is_and_the_page_says_it() -> None:
    password = "Tuile-7vr+Q"
    rules.check_password(password, rules.Own(), value(PASSWORD_SHORTEST))
    given("password_shortest", 14)
    assert policy()["low"] == 14
    with pytest.raises(PasswordTooWeak, match="de 14 à 64"):
        rules.check_password(password, rules.Own(), value(PASSWORD_SHORTEST))


def test_how_long_an_organisation_may_object() -> None:
    given("administrator_replaced_after", 20)
    asked = replacing.ask("Il est parti.", by=colleague(administrator()).actor, at=moment())
    assert asked.waits_until - asked.asked_at == timedelta(days=20)


def test_no_bank_change_leaves_before_three_days() -> None:
    """Written in the specification: an agent lengthens that time and never shortens it (product.md §3.5)."""
    assert (BANK_HOLD.default, BANK_HOLD.low) == (72, 72)
    with pytest.raises(services.NotAParameter, match="de 72 à 240"):
        given("bank_hold", 71)
    assert value(BANK_HOLD) == 72
    given("bank_hold", 96)
    assert value(BANK_HOLD) == 96


def test_what_was_set_before_a_limit_moved_is_brought_within_it() -> None:
    ParameterValue.objects.create(name="bank_hold", value=48, changed_at=NOW, changed_by="tests")
    selectors.forget()
    assert value(BANK_HOLD) == 72
    assert selectors.duration(BANK_HOLD) == timedelta(hours=72)
    assert [line.value for line in selectors.all_parameters() if line.parameter == BANK_HOLD] == [72]
