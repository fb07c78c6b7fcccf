"""A newcomer's replacement that was stopped, or restored, is no dead end: the same person is asked to come again."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from parvis.identity.models import Account, AccountState
from parvis.landlords.models import AdministratorReplacement, AfterReplacement, Invitation, ReplacementState
from parvis.landlords.refusals import AlreadyAUser
from parvis.landlords.services.role import by_office, replacing, succeeding
from parvis.upkeep import restoring
from tests.factories.landlords import Owner
from tests.factories.users import moment
from tests.landlords.role.test_by_office import LATE, NOUR, ONE, PROOF, TWO, WHY, WORKER, opened
from tests.landlords.role.test_role import administers
from tests.landlords.test_inviting import came

pytestmark = pytest.mark.django_db


def _invited() -> tuple[Owner, Account, datetime]:
    me, _ = opened(guest=NOUR)
    at = moment() + LATE
    assert succeeding.succeed_due(by=WORKER, at=at) == 1
    return me, Account.objects.get(last_name="Benali"), at


def _again(me: Owner, at: datetime) -> None:
    wanted = by_office.Wanted(me.account.reference, AfterReplacement.USER, "", NOUR)
    by_office.open_replacement(me.landlord.pk, wanted, PROOF, reason=WHY, by=ONE, at=at)
    by_office.agree(me.landlord.pk, reason=WHY, by=TWO, at=at)


def test_stopped_the_account_of_the_invitation_is_closed_with_it() -> None:
    me, nour, at = _invited()
    assert replacing.still_here(by=me.actor, at=at)
    nour.refresh_from_db()
    assert nour.state == AccountState.DISABLED
    assert Invitation.objects.get(account=nour).cancelled_at == at


def test_opened_again_the_same_account_is_invited_again() -> None:
    me, nour, at = _invited()
    by_office.note_objection(me.landlord.pk, reason="On recommence", by=ONE, at=at + timedelta(days=40))
    again = at + timedelta(days=41)
    _again(me, again)
    assert succeeding.succeed_due(by=WORKER, at=again + LATE) == 1
    assert Account.objects.filter(partner_id=me.landlord.pk, claimed_email=NOUR.email).count() == 1
    came(nour, email=NOUR.email, at=again + LATE)
    assert administers(Owner(me.landlord, nour, frozenset()))
    assert not administers(me)


def test_who_has_come_by_themselves_meanwhile_gets_the_role_without_a_second_account() -> None:
    me, nour, at = _invited()
    by_office.note_objection(me.landlord.pk, reason="On recommence", by=ONE, at=at)
    _again(me, at)
    Account.objects.filter(pk=nour.pk).update(state=AccountState.ACTIVE, opened_at=at)
    nour.credential.__class__.objects.filter(pk=nour.credential_id).update(email=NOUR.email, email_proved_at=at)
    assert [succeeding.succeed_due(by=WORKER, at=at + LATE) for _ in range(3)] == [1, 1, 0]
    assert Account.objects.filter(last_name="Benali").count() == 1
    assert administers(Owner(me.landlord, nour, frozenset()))


def test_whoever_has_an_open_account_is_still_no_newcomer() -> None:
    me, nour, at = _invited()
    came(nour, email=NOUR.email, at=at)
    wanted = by_office.Wanted("", AfterReplacement.USER, "", NOUR)
    with pytest.raises(AlreadyAUser):
        by_office.open_replacement(me.landlord.pk, wanted, PROOF, reason=WHY, by=ONE, at=at)


def test_restored_it_is_agreed_again_and_the_invitation_leaves_again() -> None:
    me, nour, at = _invited()
    restoring._end_approvals(at)
    assert succeeding.lapse_due(by=WORKER, at=at + timedelta(days=1)) == 0
    by_office.agree(me.landlord.pk, reason=WHY, by=TWO, at=at)
    live = AdministratorReplacement.objects.get()
    assert (live.state, live.asked_by) == (ReplacementState.AGREED, None)
    assert succeeding.succeed_due(by=WORKER, at=at + LATE) == 1
    nour.refresh_from_db()
    assert nour.state == AccountState.NEW
    came(nour, email=NOUR.email, at=at + LATE)
    assert not administers(me)
