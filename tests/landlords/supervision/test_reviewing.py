"""The yearly review: asked, asked again, confirmed as it was seen, told to agents where it is late."""

from __future__ import annotations

from datetime import timedelta

import pytest

from parvis.correspondence.models import Message
from parvis.kit.actors import Right, operator, system
from parvis.kit.refusals import ChangedMeanwhile, NotAllowed
from parvis.landlords.models import Habilitation, RightsReview
from parvis.landlords.selectors.supervised import late_reviews, review_of
from parvis.landlords.services.supervision import reviewing
from tests.factories.landlords import Owner
from tests.factories.users import OFTEN, administrator, colleague, moment

pytestmark = pytest.mark.django_db
WORKER = system("worker")
MAIL = "landlords/emails/review_due"


def _due() -> tuple[Owner, Owner]:
    """An organisation of two people, administered for more than a year."""
    me = administrator()
    Habilitation.objects.filter(account=me.account).update(granted_at=moment() - timedelta(days=400))
    return me, colleague(me, rights=OFTEN)


def _seen(me: Owner) -> str:
    return reviewing.as_seen(review_of(me.actor, at=moment()))


def test_asked_once_a_year_then_again_then_told_to_agents() -> None:
    me, _ = _due()
    assert reviewing.ask_due(by=WORKER, at=moment()) == 1
    assert reviewing.ask_due(by=WORKER, at=moment()) == 0
    assert [one.context["again"] for one in Message.objects.filter(template=MAIL)] == [False]
    agent = operator("agent")
    assert late_reviews(agent, at=moment() + timedelta(days=29)) == []
    late = moment() + timedelta(days=31)
    assert reviewing.ask_due(by=WORKER, at=late) == 1
    assert reviewing.ask_due(by=WORKER, at=late) == 0
    assert [one.context["again"] for one in Message.objects.filter(template=MAIL).order_by("pk")] == [False, True]
    assert [one.partner_id for _, one in late_reviews(agent, at=late)] == [me.landlord.pk]
    assert reviewing.confirm(_seen(me), by=me.actor, at=late)
    assert late_reviews(agent, at=late) == []
    assert reviewing.ask_due(by=WORKER, at=late + timedelta(days=360)) == 0
    assert reviewing.ask_due(by=WORKER, at=late + timedelta(days=366)) == 1


def test_one_person_alone_and_a_young_organisation_owe_none() -> None:
    administrator()
    young = administrator()
    Habilitation.objects.filter(account=young.account).update(granted_at=moment() - timedelta(days=300))
    colleague(young)
    assert reviewing.ask_due(by=WORKER, at=moment()) == 0


def test_it_is_confirmed_as_it_was_seen() -> None:
    me, paul = _due()
    seen = _seen(me)
    Habilitation.objects.create(account=paul.account, right="payments", granted_at=moment(), granted_by="x")
    with pytest.raises(ChangedMeanwhile):
        reviewing.confirm(seen, by=me.actor, at=moment())
    assert not RightsReview.objects.exclude(confirmed_at=None).exists()
    assert reviewing.confirm(_seen(me), by=me.actor, at=moment())
    assert not reviewing.confirm(_seen(me), by=me.actor, at=moment())
    done = RightsReview.objects.get()
    assert (done.confirmed_by, done.users) == (me.account, 2)


def test_who_does_not_administer_confirms_nothing() -> None:
    me, paul = _due()
    with pytest.raises(NotAllowed, match=Right.ADMINISTER.label):
        reviewing.confirm(_seen(me), by=paul.actor, at=moment())
