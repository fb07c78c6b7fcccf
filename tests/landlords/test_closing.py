"""An access closed is closed at once, everywhere, and no invitation brings it back; one administrator always stays."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from parvis.correspondence.models import Message
from parvis.identity.models import Account, AccountState, Session
from parvis.kit.actors import Right
from parvis.kit.clock import day_in_paris
from parvis.kit.periods import day
from parvis.kit.refusals import ActNotPossible, ChangedMeanwhile, Refusal
from parvis.landlords.models import Invitation
from parvis.landlords.refusals import NotYetAppointing, NotYourself
from parvis.landlords.rules import Wish
from parvis.landlords.selectors.users import UserState, administrators
from parvis.landlords.services.users import inviting
from parvis.landlords.services.users.closing import close_access, reopen_access
from parvis.landlords.services.users.inviting import Guest
from parvis.landlords.services.users.rights import change_rights
from tests.factories.landlords import Owner, landlord, owner
from tests.factories.users import OFTEN, READING, administrator, colleague, line, moment, seen


def close(me: Owner, user: Owner) -> bool:
    return close_access(user.account.reference, seen=seen(me, user), by=me.actor, at=moment())


def reopen(me: Owner, user: Owner) -> bool:
    return reopen_access(user.account.reference, seen=seen(me, user), by=me.actor, at=moment())


@pytest.mark.django_db
def test_somebody_at_work_is_out_at_the_next_click() -> None:
    me = administrator()
    paul = colleague(me, rights=OFTEN)
    browser, page = paul.browser(), reverse("tenants", args=[paul.account.reference])
    assert browser.get(page).status_code == 200
    assert close(me, paul)
    answer = browser.get(page, follow=True)
    assert answer.redirect_chain == [(reverse("sign-in"), 302)]
    where = f"Votre accès à {paul.landlord.company_name} a été fermé le {day(day_in_paris(moment()))}"
    assert where in answer.content.decode()
    assert browser.get(page).status_code == 404
    assert not Session.objects.filter(credential=paul.account.credential_id, ends_at__gt=moment()).exists()
    paul.account.refresh_from_db()
    assert (paul.account.state, paul.account.disabled_by) == (AccountState.DISABLED, me.account.login_id)
    told = Message.objects.get(template="landlords/emails/access_closed")
    assert told.to_email == paul.account.credential.email


@pytest.mark.django_db
def test_who_works_for_another_organisation_too_goes_on_there() -> None:
    me = administrator()
    paul = colleague(me)
    elsewhere = owner(landlord(company_name="Autre"), credential=paul.account.credential)
    browser = elsewhere.browser()
    close(me, paul)
    assert browser.get(reverse("tenants", args=[elsewhere.account.reference])).status_code == 200
    answer = browser.get(reverse("tenants", args=[paul.account.reference]), follow=True)
    assert answer.redirect_chain == [(reverse("accounts"), 302)]
    assert "Votre accès à Alliance Familiale a été fermé" in answer.content.decode()


@pytest.mark.django_db
def test_a_closed_access_is_told_to_its_owner_alone() -> None:
    me = administrator()
    paul, stranger = colleague(me), owner(landlord(company_name="Autre"))
    mine = paul.browser()
    close(me, paul)
    page = reverse("tenants", args=[paul.account.reference])
    for other in (Client(), stranger.browser(), me.browser()):
        assert other.get(page).status_code == 404
    signed_out = mine.post(reverse("sign-out"), follow=True)
    assert "a été fermé" not in signed_out.content.decode()
    assert mine.get(page).status_code == 404


@pytest.mark.django_db
def test_closing_twice_is_one_act_and_what_changed_meanwhile_is_not_overwritten() -> None:
    me = administrator()
    paul = colleague(me)
    page = seen(me, paul)
    assert close(me, paul)
    assert not close_access(paul.account.reference, seen=page, by=me.actor, at=moment())
    assert Message.objects.filter(template="landlords/emails/access_closed").count() == 1
    lea = colleague(me, "Léa", "Bloch")
    page = seen(me, lea)
    change_rights(lea.account.reference, Wish(OFTEN), seen=page, by=me.actor, at=moment())
    with pytest.raises(ChangedMeanwhile):
        close_access(lea.account.reference, seen=page, by=me.actor, at=moment())


@pytest.mark.django_db
def test_reopening_gives_back_the_rights_shown() -> None:
    me = administrator()
    paul = colleague(me, rights=OFTEN)
    close(me, paul)
    assert line(me, paul).state is UserState.CLOSED
    assert reopen(me, paul)
    assert not reopen(me, paul)
    shown = line(me, paul)
    assert (shown.state, shown.rights, shown.closed_at) == (UserState.ACTIVE, OFTEN, None)


@pytest.mark.django_db
def test_invitations_waiting_for_or_made_by_the_person_are_cancelled_for_good() -> None:
    me = administrator()
    paul = administrator(me, first_name="Paul", last_name="Girard")
    guest = inviting.invite(Guest("Léa", "Bloch", "lea@agence.fr"), Wish(READING), by=paul.actor, at=moment())
    close(me, paul)
    assert not Invitation.objects.filter(cancelled_at=None).exists()
    guest.refresh_from_db()
    assert guest.state == AccountState.DISABLED
    reopen(me, paul)
    assert not Invitation.objects.filter(cancelled_at=None).exists()


@pytest.mark.django_db
def test_an_invited_person_closed_is_invited_again_rather_than_reopened() -> None:
    me = administrator()
    guest = inviting.invite(Guest("Léa", "Bloch", "lea@agence.fr"), Wish(READING), by=me.actor, at=moment())
    lea = Owner(me.landlord, guest, READING)
    assert close(me, lea)
    with pytest.raises(ActNotPossible):
        reopen(me, lea)


@pytest.mark.django_db
def test_nobody_closes_themselves_and_a_new_administrator_closes_no_administrator() -> None:
    old = administrator()
    new = owner(old.landlord)
    with pytest.raises(NotYourself):
        close(old, old)
    with pytest.raises(NotYetAppointing):
        close(new, old)
    paul = colleague(old)
    assert close(new, paul)
    assert close(old, new)
    with pytest.raises(NotYourself):
        close(old, old)


def at_once(first: Callable[[], object], second: Callable[[], object]) -> list[object]:
    """Both in two threads that start together; what each returned, or its refusal."""
    start = Barrier(2)

    def run(act: Callable[[], object]) -> object:
        connection.ensure_connection()
        start.wait(timeout=60)
        try:
            return act()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(run, [first, second]))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["close", "rights"])
def test_two_administrators_who_remove_each_other_leave_exactly_one(how: str) -> None:
    one = administrator()
    two = administrator(one, first_name="Paul", last_name="Girard")

    pages = {both.account.pk: seen(one, both) for both in (one, two)}

    def remove(me: Owner, other: Owner) -> object:
        page = pages[other.account.pk]
        reference = other.account.reference
        if how == "close":
            return close_access(reference, seen=page, by=me.actor, at=moment())
        return change_rights(reference, Wish(READING), seen=page, by=me.actor, at=moment())

    results = at_once(lambda: remove(one, two), lambda: remove(two, one))
    assert results.count(True) == 1
    assert len(administrators(one.landlord.pk, at=moment())) == 1
    assert Account.objects.filter(partner=one.landlord.pk, habilitations__right=Right.ADMINISTER).exists()
