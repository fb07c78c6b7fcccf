"""Nobody administers any more: told once, to everybody there, with what each can do."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse

from parvis.audit.models import Entry
from parvis.correspondence.models import Message
from parvis.identity.models import Account, AccountState, Credential, Nature, Partner
from parvis.kit.actors import system
from parvis.landlords.models import Habilitation, Membership
from parvis.landlords.services.role.silence import notice_silent_administrators
from parvis.parameters import services as parameters
from tests.factories.identity import deliver
from tests.factories.landlords import Owner
from tests.factories.users import administrator, colleague, moment
from tests.identity.test_races import at_once

pytestmark = pytest.mark.django_db
BY = system("worker")
TEMPLATE = "landlords/emails/nobody_administers"


def away(who: Owner, days: float) -> None:
    """Not there for so long."""
    then = moment() - timedelta(days=days)
    Account.objects.filter(pk=who.account.pk).update(last_signed_in_at=then, opened_at=then - timedelta(days=1))


def told(at: datetime | None = None) -> int:
    return notice_silent_administrators(by=BY, at=at or moment())


def readers() -> set[int | None]:
    return set(Message.objects.filter(template=TEMPLATE).values_list("account_id", flat=True))


def silent() -> tuple[Owner, Owner, Owner]:
    """An administrator away for seventy days, a deputy, a colleague."""
    me = administrator()
    paul, lea = colleague(me), colleague(me, "Léa", "Roy")
    Membership.objects.create(account=paul.account, is_deputy=True)
    away(me, 70)
    return me, paul, lea


def test_administrators_deputy_and_users_are_told_what_each_can_do() -> None:
    me, paul, lea = silent()
    assert told() == 1
    mails = {message.to[0]: f"{message.subject}\n{message.body}" for message in deliver(moment())}
    said = {me: "Vous êtes administrateur", paul: "Vous êtes suppléant", lea: "le suppléant prend le relais"}
    assert len(mails) == 3
    for who, words in said.items():
        text = mails[who.account.credential.email or ""]
        assert words in text
        assert "Personne n’administre" in text
        assert f"/c/{who.account.reference}/administrateur/" in text
    assert Entry.objects.filter(event="landlords.administrators_silent").count() == 1


def test_a_silence_is_told_once_and_the_next_one_again() -> None:
    me, *_ = silent()
    assert [told(), told(), told(moment() + timedelta(days=300))] == [1, 0, 0]
    Account.objects.filter(pk=me.account.pk).update(last_signed_in_at=moment() + timedelta(days=301))
    assert told(moment() + timedelta(days=302)) == 0
    assert told(moment() + timedelta(days=362)) == 1


def test_fifty_nine_days_are_no_silence_and_the_office_may_change_how_many_are() -> None:
    me, *_ = silent()
    away(me, 59.9)
    assert told() == 0
    parameters.change("administrator_silence", 30, by=BY, at=moment())
    assert told() == 1


def test_one_of_two_administrators_is_enough() -> None:
    me, *_ = silent()
    other = administrator(me)
    assert told() == 0
    away(other, 61)
    assert told() == 1


def test_one_just_appointed_is_given_their_sixty_days() -> None:
    me, paul, _ = silent()
    away(paul, 90)
    Habilitation.objects.create(account=paul.account, right="administer", granted_at=moment(), granted_by="test")
    assert told() == 0
    assert told(moment() + timedelta(days=61)) == 1
    assert readers() >= {me.account.pk, paul.account.pk}


def test_somebody_alone_is_not_told_of_their_own_absence() -> None:
    me = administrator()
    away(me, 400)
    assert told() == 0
    closed = colleague(me, state=AccountState.DISABLED)
    assert told() == 0
    assert closed.account.pk not in readers()


def test_individuals_are_never_told() -> None:
    me, *_ = silent()
    Partner.objects.filter(pk=me.landlord.pk).update(nature=Nature.INDIVIDUAL)
    assert told() == 0


def test_closed_and_frozen_people_are_not_written_to() -> None:
    me, paul, lea = silent()
    Account.objects.filter(pk=lea.account.pk).update(state=AccountState.DISABLED)
    Credential.objects.filter(pk=paul.account.credential_id).update(frozen_at=moment())
    assert told() == 1
    assert readers() == {me.account.pk}


def test_other_organisations_hear_nothing_and_ten_cost_what_one_costs(
    django_assert_max_num_queries: pytest.FixtureRequest,
) -> None:
    present = administrator()
    colleague(present)
    away(present, 1)
    everybody = [who.account.pk for _ in range(10) for who in silent()]
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        assert told() == 10
    assert readers() == set(everybody)


@pytest.mark.django_db(transaction=True)
def test_workers_that_run_at_once_tell_once() -> None:
    silent()
    assert sum(at_once(5, lambda _: told())) == 1
    assert Message.objects.filter(template=TEMPLATE).count() == 3


def test_the_command_tells(capsys: pytest.CaptureFixture[str]) -> None:
    silent()
    call_command("notice_silent_administrators")
    assert "Organismes prévenus\u00a0: 1." in capsys.readouterr().out


def test_the_page_of_the_role_says_it_too() -> None:
    me, _, lea = silent()
    page = reverse("role", args=[lea.account.reference])
    assert "Personne n’administre Alliance Familiale depuis le" in lea.browser().get(page).content.decode()
    away(me, 2)
    assert "Personne n’administre" not in lea.browser().get(page).content.decode()
