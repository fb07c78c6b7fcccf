"""What one agent opened and no second one agrees to ends by itself; among many users, the one is found."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.correspondence.models import Message
from parvis.identity.models import Account
from parvis.identity.services.access import freezing
from parvis.kit.actors import Right
from parvis.kit.refusals import ActNotPossible
from parvis.landlords.models import AdministratorReplacement, ReplacementState, SuspendedRight
from parvis.landlords.selectors.for_agents import replacements
from parvis.landlords.selectors.for_agents.replacements import choices_of
from parvis.landlords.services.role import replacing, succeeding
from parvis.parameters.services import change
from tests.factories.users import administrator, colleague, moment
from tests.landlords.role.test_by_office import WORKER, opened

pytestmark = pytest.mark.django_db


def test_without_a_second_agreement_it_ends_and_users_may_ask() -> None:
    change("replacement_lapses", 20, by=WORKER, at=moment())
    _, lea = opened(agreed=False)
    with pytest.raises(ActNotPossible, match="Votre caisse examine une demande"):
        replacing.ask("Il est parti.", by=lea.actor, at=moment())
    assert succeeding.lapse_due(by=WORKER, at=moment() + timedelta(days=19)) == 0
    late = moment() + timedelta(days=21)
    assert succeeding.lapse_due(by=WORKER, at=late) == 1
    assert succeeding.lapse_due(by=WORKER, at=late) == 0
    over = AdministratorReplacement.objects.get()
    assert (over.state, over.closed_by) == (ReplacementState.REFUSED, "worker")
    assert "second agent" in over.objection
    assert not Message.objects.exists()
    assert replacing.ask("Il est parti.", by=lea.actor, at=late)


def test_what_is_agreed_or_was_asked_by_a_user_does_not_lapse() -> None:
    opened()
    replacing.ask("Il est parti.", by=colleague(administrator()).actor, at=moment())
    assert succeeding.lapse_due(by=WORKER, at=moment() + timedelta(days=365)) == 0


def test_the_one_among_many_is_found_and_who_is_barred_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replacements, "MOST_USERS", 2)
    me = administrator()
    zoe, _, _, frozen, barred = (
        colleague(me, first, last)
        for first, last in (("Zoé", "Étienne"), ("Ana", "Bon"), ("Luc", "Can"), ("Zoé", "Gel"), ("Zoé", "Barre"))
    )
    freezing.freeze_own(frozen.account.credential_id, by=frozen.actor, at=moment())
    SuspendedRight.objects.create(
        account=barred.account, right=Right.ADMINISTER, by_office=True, suspended_at=moment(), suspended_by="a"
    )
    with CaptureQueriesContext(
        connection,
    ) as asked:
        some = choices_of(me.landlord.pk)
    assert (len(some.users), some.more, len(asked)) == (2, True, 2)
    found = choices_of(me.landlord.pk, words="zoe etien")
    assert ([reference for reference, _ in found.users], found.more) == ([zoe.account.reference], False)
    assert [who for who, _ in choices_of(me.landlord.pk, words="zoe").users] == [zoe.account.reference]
    Account.objects.filter(pk=zoe.account.pk).update(state="disabled")
    assert not choices_of(me.landlord.pk, words="zoe").users
