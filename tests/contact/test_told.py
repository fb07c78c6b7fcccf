"""Who is told that an answer is there, and who finds it among what is to do."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from parvis.agents.posts import Role
from parvis.contact.models import Conversation
from parvis.contact.selectors import own
from parvis.contact.services import answering, asking
from parvis.correspondence.models import Message
from parvis.identity.models import Account, AccountState, Credential
from parvis.kit.actors import Actor
from parvis.landlords.models import Habilitation, Membership
from tests.factories.agents import colleague as agent
from tests.factories.contact import conversation
from tests.factories.landlords import Owner, owner
from tests.factories.users import OFTEN, administrator, colleague

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def me() -> Owner:
    """Who administers."""
    return administrator()


@pytest.fixture
def lea(me: Owner) -> Owner:
    """Who asks."""
    return colleague(me, "Léa", "Roy", rights=OFTEN)


def _leaves(user: Owner) -> None:
    Account.objects.filter(pk=user.account.pk).update(state=AccountState.DISABLED, disabled_at=NOW)


def _answered(made: Conversation, *, seen: int = 1) -> tuple[int, set[int | None]]:
    """How many people the answer says are told, and who they are."""
    by = agent((Role.RECEPTION, "441")).actor
    count = answering.answer(made.opaque, "C’est fait.", seen=seen, key=uuid4(), by=by, at=NOW)
    return count, set(Message.objects.filter(template="contact/emails/answered").values_list("account_id", flat=True))


def _to_read(actor: Actor) -> list[str]:
    return [line.number for line in own.answers_to_read(actor, limit=5)]


def test_who_asked_alone_is_told_where_nobody_else_wrote(me: Owner, lea: Owner) -> None:
    made, _ = conversation(lea)
    assert _answered(made) == (1, {lea.account.pk})
    assert _to_read(lea.actor) == [made.number]
    assert _to_read(me.actor) == []


def test_who_wrote_last_is_told_with_who_asked(me: Owner, lea: Owner) -> None:
    made, _ = conversation(lea)
    asking.reply(made.opaque, "Je précise.", key=uuid4(), by=me.actor, at=NOW)
    assert _answered(made, seen=2) == (2, {me.account.pk, lea.account.pk})
    assert _to_read(me.actor) == _to_read(lea.actor) == [made.number]


def test_who_wrote_last_and_administers_no_more_is_not_told(me: Owner, lea: Owner) -> None:
    paul = administrator(me, first_name="Paul", last_name="Girard")
    made, _ = conversation(lea)
    asking.reply(made.opaque, "Je précise.", key=uuid4(), by=paul.actor, at=NOW)
    Habilitation.objects.filter(account=paul.account, right="administer").update(ended_at=NOW)
    assert _answered(made, seen=2) == (1, {lea.account.pk})


def test_where_who_asked_is_gone_the_administrators_of_that_office_are_told(me: Owner, lea: Owner) -> None:
    elsewhere = administrator(me, first_name="Paul", last_name="Girard")
    Membership.objects.create(account=elsewhere.account, offices=["751"])
    here = administrator(me, first_name="Nour", last_name="Benali")
    Membership.objects.create(account=here.account, offices=["441"])
    made, _ = conversation(lea)
    _leaves(lea)
    assert _answered(made) == (2, {me.account.pk, here.account.pk})
    assert _to_read(me.actor) == [made.number]
    assert _to_read(colleague(me, rights=OFTEN).actor) == []


def test_a_frozen_mailbox_is_not_written_to(me: Owner, lea: Owner) -> None:
    made, _ = conversation(lea)
    Credential.objects.filter(pk=lea.account.credential_id).update(frozen_at=NOW)
    assert _answered(made) == (1, {me.account.pk})
    assert _to_read(me.actor) == [made.number]


def test_an_answer_sent_twice_tells_the_same_people_once(lea: Owner) -> None:
    made, _ = conversation(lea)
    by, key = agent((Role.RECEPTION, "441")).actor, uuid4()
    told = [answering.answer(made.opaque, "C’est fait.", seen=1, key=key, by=by, at=NOW) for _ in range(2)]
    assert told == [1, 1]
    assert Message.objects.filter(template="contact/emails/answered").count() == 1


def test_nobody_is_told_where_nobody_is_left() -> None:
    alone = owner()
    made, _ = conversation(alone)
    Credential.objects.filter(pk=alone.account.credential_id).update(frozen_at=NOW)
    assert _answered(made) == (0, set())
