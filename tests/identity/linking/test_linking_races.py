"""Linking, detaching and joining at the same instant: one order of them, never a mixture."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.db.models import Count

from parvis.identity.models import Account, Credential, PendingChange, Session
from parvis.identity.rules import Own
from parvis.identity.services import first_sign_in
from parvis.identity.services.access import freezing, linking, moving
from parvis.identity.services.codes import Verdict
from parvis.kit.refusals import Refusal
from tests.factories.identity import (
    NOW,
    OWN_PASSWORD,
    account,
    actor_of,
    code_received,
    deliver,
    member,
    newborn,
    partner,
    session_of,
)
from tests.identity.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
GROUP = "groupe@parvis.example"


def owing(who: Account) -> Session:
    """A session in which the group's mailbox was proved."""
    deliver()
    session = session_of(who)
    first_sign_in.claim_email(session, GROUP, by=actor_of(who), at=NOW)
    assert first_sign_in.prove_email(session, code_received(), browser_token="", by=actor_of(who), at=NOW).link_owed
    session.refresh_from_db()
    return session


def leaving(who: Account, email: str) -> tuple[Session, PendingChange, str]:
    """A change of mailbox that waits for its last code."""
    deliver()
    session = session_of(who, code=True)
    change = moving.begin(session, email, [], OWN_PASSWORD, by=actor_of(who), at=NOW)
    assert moving.leave(change, session, code_received(), by=actor_of(who), at=NOW).verdict is Verdict.RIGHT
    return session, change, code_received()


def well() -> None:
    """What holds whatever happened."""
    crowded = Account.objects.values("credential", "partner").annotate(held=Count("pk")).filter(held__gt=1)
    assert not crowded.exists()
    mails = Counter(Credential.objects.exclude(email=None).values_list("email", flat=True))
    assert max(mails.values()) == 1
    assert not Session.objects.filter(credential=None, code_satisfied_at__isnull=False).exists()


@pytest.mark.parametrize("attempt", range(5))
def test_a_link_against_a_detachment_gives_one_order_of_both(attempt: int) -> None:
    holder = member(email=GROUP)
    other = account(partner(), holder.credential, state="active", opened_at=NOW)
    newcomer = newborn()
    joins = owing(newcomer)
    session, change, digits = leaving(other, "seul@parvis.example")

    def act(number: int) -> str:
        try:
            if number == 0:
                linking.keep_password(joins, OWN_PASSWORD, by=actor_of(newcomer), at=NOW)
            else:
                return "moved" if moving.arrive(change, session, digits, by=actor_of(other), at=NOW).token else "not"
        except Refusal:
            return "refused"
        return "linked"

    link, detachment = at_once(2, act)
    well()
    # The one that comes second finds another version of the group, and says so; neither half happens.
    assert (link, detachment) in {("linked", "moved"), ("linked", "not"), ("refused", "moved"), ("linked", "refused")}
    assert (Credential.objects.get(accounts=newcomer.pk).email == GROUP) == (link == "linked")
    assert (Credential.objects.get(accounts=other.pk).email == "seul@parvis.example") == (detachment == "moved")
    del attempt


def test_two_colleagues_who_join_one_group_at_once_are_not_both_there() -> None:
    member(email=GROUP)
    of = partner()
    people = [newborn(of), newborn(of)]
    sessions = [owing(who) for who in people]

    def join(number: int) -> bool:
        try:
            linking.keep_password(sessions[number], OWN_PASSWORD, by=actor_of(people[number]), at=NOW)
        except Refusal:
            return False
        return True

    assert sorted(at_once(2, join)) == [False, True]
    well()


def test_twenty_organisations_join_one_group_at_once() -> None:
    holder = member(email=GROUP)
    people = [newborn() for _ in range(20)]
    sessions = []
    for who in people:
        # One mailbox is sent ten codes a day for one purpose; twenty people on twenty days.
        sessions.append(owing(who))

    def join(number: int) -> bool:
        try:
            linking.keep_password(sessions[number], OWN_PASSWORD, by=actor_of(people[number]), at=NOW)
        except Refusal:
            return False
        return True

    joined = at_once(20, join).count(True)
    well()
    assert joined == 10, "ten tries of the group's password a day are looked at"
    assert Account.objects.filter(credential=holder.credential_id).count() == 1 + joined


def test_two_who_move_to_one_new_mailbox_do_not_both_get_it() -> None:
    people = [member(), member()]
    waiting = [leaving(who, "neuve@parvis.example") for who in people]

    def arrive(number: int) -> bool:
        session, change, digits = waiting[number]
        moved = moving.arrive(change, session, digits, by=actor_of(people[number]), at=NOW)
        return bool(moved.token) and not moved.link_owed

    assert sorted(at_once(2, arrive)) == [False, True]
    well()


def test_fifty_clicks_on_one_notice_freeze_once() -> None:
    who = member()
    link = freezing.link_for(who.credential_id, "test", at=NOW)
    token = freezing.draw_link(link.pk, at=NOW)["freeze"]
    assert at_once(50, lambda number: freezing.freeze(token, at=NOW + timedelta(seconds=number))).count(True) == 1


def test_two_tabs_choose_one_common_password() -> None:
    holder, who = member(email=GROUP), newborn()
    session = owing(who)

    def choose(number: int) -> bool:
        try:
            linking.choose_password(session, f"{OWN_PASSWORD}-{number}", Own(), by=actor_of(who), at=NOW)
        except Refusal:
            return False
        return True

    assert sorted(at_once(2, choose)) == [False, True]
    well()
    assert Credential.objects.get(accounts=who.pk).pk == holder.credential_id
