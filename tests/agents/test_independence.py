"""Acts of two persons: an agent and one whose access they opened are no two persons (security.md T67)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from parvis.agents.posts import Role
from parvis.agents.selectors.standing import agent_standing_of
from parvis.correspondence.batches import services as batches
from parvis.correspondence.batches.models import BatchState, LetterBatch
from parvis.exchange.models import Delivery
from parvis.exchange.services import releasing
from parvis.kit.actors import Actor
from parvis.kit.refusals import NotIndependent
from parvis.landlords.models import AdministratorReplacement, ReplacementState
from parvis.landlords.services.role import replacing
from parvis.web.frame import cookies
from tests.factories.agents import Colleague, colleague
from tests.factories.landlords import Owner, owner

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("some_without_administrator")]
AT = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
Begun = Callable[[Colleague], Callable[[Actor], object]]


def _batch(first: Colleague) -> Callable[[Actor], object]:
    made = LetterBatch.objects.create(
        number="LOT-2026-0001",
        template="",
        office="",
        price_cents=100,
        prepared_at=AT,
        prepared_by=first.agent.login,
        count=1,
    )
    return lambda by: batches.approve(made.number, by=by, at=AT)


def _release(first: Colleague) -> Callable[[Actor], object]:
    Delivery.objects.create(
        sequence=2, state="held", started_at=AT, asked_by=first.agent.login, asked_at=AT, release_reason="Vu"
    )
    return lambda by: releasing.agree(2, by=by, at=AT)


def _replacement(first: Colleague) -> Callable[[Actor], object]:
    someone: Owner = owner()
    AdministratorReplacement.objects.create(
        landlord=someone.landlord,
        asked_by=someone.account,
        reason="Partie",
        asked_at=AT - timedelta(days=11),
        waits_until=AT - timedelta(days=1),
        state=ReplacementState.PROPOSED,
        proposed_by=first.agent.login,
    )
    return lambda by: replacing.approve(someone.account.login_id, reason="Vérifié", by=by, at=AT)


ACTS = pytest.mark.parametrize(
    ("begin", "role"),
    [
        (_batch, Role.NATIONAL_ADMINISTRATOR),
        (_release, Role.NATIONAL_ADMINISTRATOR),
        (_replacement, Role.RIGHTS_OFFICER),
    ],
    ids=["batch", "release", "replacement"],
)


@ACTS
def test_who_was_invited_is_no_second_person_to_who_invited(begin: Begun, role: Role) -> None:
    first = colleague((role, ""))
    puppet = colleague((role, ""), opened_by=first.agent.login)
    second = begin(first)
    with pytest.raises(NotIndependent):
        second(puppet.actor)
    second(colleague((role, "")).actor)


@ACTS
def test_nor_the_reverse(begin: Begun, role: Role) -> None:
    inviter = colleague((role, ""))
    first = colleague((role, ""), opened_by=inviter.agent.login)
    with pytest.raises(NotIndependent):
        begin(first)(inviter.actor)


@ACTS
def test_two_puppets_in_a_row_are_no_two_persons(begin: Begun, role: Role) -> None:
    first = colleague((role, ""))
    between = colleague((role, ""), opened_by=first.agent.login)
    last = colleague((role, ""), opened_by=between.agent.login)
    act = begin(first)
    with pytest.raises(NotIndependent):
        act(last.actor)
    act(colleague((role, "")).actor)


@ACTS
def test_nor_backwards(begin: Begun, role: Role) -> None:
    first = colleague((role, ""))
    between = colleague((role, ""), opened_by=first.agent.login)
    act = begin(colleague((role, ""), opened_by=between.agent.login))
    with pytest.raises(NotIndependent):
        act(first.actor)


def test_the_line_is_followed_for_three_levels_and_no_further() -> None:
    line = [colleague()]
    for _ in range(4):
        line.append(colleague(opened_by=line[-1].agent.login))
    logins = [who.agent.login for who in line]
    brother = colleague(opened_by=logins[0])
    assert brother.agent.login in line[0].actor.kin
    assert line[0].actor.kin == {"tests", *logins[1:4], brother.agent.login}
    assert line[2].actor.kin == {"tests", *logins[:2], *logins[3:]}
    assert line[4].actor.kin == set(logins[1:4])


@ACTS
def test_two_whom_a_third_invited_are_two(begin: Begun, role: Role) -> None:
    inviter = colleague((role, ""))
    first = colleague((role, ""), opened_by=inviter.agent.login)
    begin(first)(colleague((role, ""), opened_by=inviter.agent.login).actor)


def test_a_session_knows_them_as_well() -> None:
    inviter = colleague()
    puppet = colleague(opened_by=inviter.agent.login)
    for who, expected in ((inviter, {"tests", puppet.agent.login}), (puppet, {inviter.agent.login, "tests"})):
        found = agent_standing_of(who.browser().cookies[cookies.AGENT].value, at=datetime.now(UTC))
        assert found is not None
        assert found.actor.kin == who.actor.kin == expected


def test_the_page_says_why() -> None:
    inviter = colleague()
    puppet = colleague(opened_by=inviter.agent.login)
    _batch(inviter)
    page = puppet.browser().post(
        "/agents/courriers/lots/LOT-2026-0001/", {"acte": "valider", "act": "approve"}, follow=True
    )
    assert "Il faut deux agents indépendants" in page.content.decode()
    assert LetterBatch.objects.get().state == BatchState.PREPARED
