"""A colleague invited: two e-mails, one account, and rights only for who proves the invited mailbox in time."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from parvis.correspondence.models import Message
from parvis.identity.models import Account, AccountState, Credential, TextKind
from parvis.identity.refusals import EmailNotUnderstood
from parvis.identity.selectors.texts import in_force
from parvis.identity.services.own import texts
from parvis.identity.services.sign_in import SignIn
from parvis.kit.actors import Right
from parvis.kit.refusals import ActNotPossible, NotAllowed
from parvis.landlords.models import Habilitation, Invitation, Landlord
from parvis.landlords.refusals import AlreadyAUser, GenericAddress, InvitationRests, NotYetAppointing, RightsNotPossible
from parvis.landlords.rules import Wish
from parvis.landlords.selectors.users import UserState, user_of
from parvis.landlords.services.rights import finish_first_sign_in
from parvis.landlords.services.users import inviting
from parvis.landlords.services.users.closing import close_access
from parvis.landlords.services.users.inviting import Guest, invite, send_again
from tests.factories.identity import actor_of, attempt, deliver
from tests.factories.landlords import Owner, landlord, owner
from tests.factories.users import OFTEN, READING, administrator, colleague, line, moment, seen

pytestmark = pytest.mark.django_db
LEA = Guest("Léa", "Bloch", "lea.bloch@agence.fr")


def invited(me: Owner, wish: Wish | None = None, guest: Guest = LEA) -> Account:
    return invite(guest, wish or Wish(OFTEN, frozenset({"441"})), by=me.actor, at=moment())


def came(guest: Account, *, email: str = LEA.email, at: datetime | None = None) -> None:
    """Every step of the first sign-in, up to its last click."""
    now = at or moment()
    Credential.objects.filter(pk=guest.credential_id).update(
        email=email, email_proved_at=now, password_changed_at=now, provisional_until=None
    )
    for kind in TextKind:
        texts.accept(kind, in_force(kind, at=now).version, by=actor_of(guest), at=now)
    finish_first_sign_in(by=actor_of(guest), at=now)


def held(guest: Account) -> set[str]:
    return set(Habilitation.objects.filter(account=guest, ended_at=None).values_list("right", flat=True))


def test_two_emails_bring_identifier_and_password_apart() -> None:
    me = administrator()
    guest = invited(me)
    (first,) = deliver(moment())
    assert first.to == [LEA.email]
    for words in (guest.login_id, "Claire Martin", "Alliance Familiale", "Déclarer", "Ne faites rien"):
        assert words in str(first.body)
    (second,) = deliver(moment() + timedelta(minutes=6))
    found = re.search(r"\b(\w{4}-\w{4}-\w{4})\b", str(second.body))
    assert found
    assert guest.login_id not in str(second.body)
    outcome = attempt(guest.login_id, found[1], at=moment() + timedelta(minutes=7))
    assert (outcome.kind, outcome.reference) == (SignIn.SIGNED_IN, guest.reference)
    guest.credential.refresh_from_db()
    until = guest.credential.provisional_until
    assert until is not None
    assert timedelta(days=6, hours=23) < until - moment() < timedelta(days=7, hours=1)


def test_rights_come_when_the_invited_person_has_come_and_not_before() -> None:
    me = administrator()
    guest = invited(me)
    assert held(guest) == set()
    shown = user_of(me.actor, guest.reference, at=moment())
    assert (shown.state, shown.rights, shown.offices) == (UserState.INVITED, OFTEN, ("441",))
    came(guest)
    assert held(guest) == {"consult", "declare"}
    assert guest.membership.offices == ["441"]
    assert user_of(me.actor, guest.reference, at=moment()).state is UserState.ACTIVE
    assert not Message.objects.filter(channel="letter").exists()


def test_another_mailbox_proved_gives_no_right() -> None:
    guest = invited(administrator())
    came(guest, email="autre@agence.fr")
    assert held(guest) == set()
    assert Invitation.objects.get().cancelled_at is not None


def test_an_expired_invitation_gives_no_right() -> None:
    guest = invited(administrator())
    came(guest, at=moment() + timedelta(days=7, minutes=1))
    assert held(guest) == set()


@pytest.mark.usefixtures("some_without_administrator")
def test_an_inviter_who_no_longer_administers_gives_no_right() -> None:
    me = administrator()
    guest = invited(me)
    Habilitation.objects.filter(account=me.account, right=Right.ADMINISTER).update(ended_at=moment())
    came(guest)
    assert held(guest) == set()


def test_the_person_of_a_cancelled_invitation_cannot_come_in() -> None:
    me = administrator()
    guest = invited(me)
    deliver(moment())
    close_access(guest.reference, seen=seen(me, Owner(me.landlord, guest, READING)), by=me.actor, at=moment())
    assert deliver(moment() + timedelta(minutes=6)) == []
    guest.refresh_from_db()
    assert guest.state == AccountState.DISABLED
    assert Invitation.objects.get().cancelled_at is not None


def test_an_invitation_sent_again_replaces_the_first_one() -> None:
    me = administrator()
    guest = invited(me)
    with pytest.raises(InvitationRests):
        send_again(guest.reference, by=me.actor, at=moment())
    later = moment() + timedelta(days=8)
    send_again(guest.reference, by=me.actor, at=later)
    assert Invitation.objects.filter(cancelled_at=None).count() == 1
    came(guest, at=later + timedelta(hours=1))
    assert held(guest) == {"consult", "declare"}
    with pytest.raises(ActNotPossible):
        send_again(guest.reference, by=me.actor, at=later + timedelta(days=1))


def test_a_cancelled_person_may_be_invited_again() -> None:
    me = administrator()
    guest = invited(me)
    lea = Owner(me.landlord, guest, READING)
    close_access(guest.reference, seen=seen(me, lea), by=me.actor, at=moment())
    send_again(guest.reference, by=me.actor, at=moment() + timedelta(minutes=11))
    assert line(me, lea).state is UserState.INVITED
    assert len(deliver(moment() + timedelta(minutes=11))) == 1


def test_somebody_of_the_organisation_is_shown_instead_of_invited_again() -> None:
    me = administrator()
    paul = colleague(me)
    guest = invited(me)
    for email, reference in ((paul.account.credential.email, paul.account.reference), (LEA.email, guest.reference)):
        with pytest.raises(AlreadyAUser) as refused:
            invited(me, guest=Guest("Paul", "Girard", email or ""))
        assert refused.value.reference == reference


def test_who_uses_the_address_elsewhere_makes_no_difference_and_may_join_with_it() -> None:
    me = administrator()
    elsewhere = owner(landlord(company_name="Autre"))
    email = elsewhere.account.credential.email or ""
    guest = invited(me, guest=Guest("Léa", "Bloch", email))
    assert guest.credential_id != elsewhere.account.credential_id
    Credential.objects.filter(pk=elsewhere.account.credential_id).update(email="x@parvis.example")
    came(guest, email=email)
    assert held(guest) == {"consult", "declare"}


@pytest.mark.parametrize(
    ("guest", "wish", "refusal"),
    [
        (Guest("Léa", "Bloch", "contact@agence.fr"), Wish(READING), GenericAddress),
        (Guest("Léa", "Bloch", "lea"), Wish(READING), EmailNotUnderstood),
        (LEA, Wish(frozenset()), RightsNotPossible),
        (LEA, Wish(READING, frozenset({"751"})), RightsNotPossible),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(guest: Guest, wish: Wish, refusal: type[Exception]) -> None:
    me = administrator()
    accounts = Account.objects.count()
    with pytest.raises(refusal):
        invited(me, wish, guest)
    assert (Account.objects.count(), Message.objects.count(), Invitation.objects.count()) == (accounts, 0, 0)


def test_a_new_administrator_invites_users_but_no_administrator() -> None:
    old = administrator()
    new = owner(old.landlord)
    assert invited(new, Wish(READING))
    with pytest.raises(NotYetAppointing):
        invited(new, Wish(READING | {Right.ADMINISTER}), Guest("Zoé", "Abel", "zoe@agence.fr"))
    assert invited(old, Wish(READING | {Right.ADMINISTER}), Guest("Zoé", "Abel", "zoe@agence.fr"))


def test_who_does_not_administer_invites_nobody() -> None:
    paul = colleague(administrator())
    with pytest.raises(NotAllowed):
        invited(paul)


def test_the_first_person_of_another_landlord_still_gets_every_right() -> None:
    invited(administrator())
    of = landlord(company_name="Autre")
    assert Landlord.objects.filter(pk=of.pk).exists()
    assert not inviting.accept(owner(of).account, by=owner(of).actor, at=moment())


def test_a_password_asked_for_by_a_closed_account_is_not_drawn() -> None:
    me = administrator()
    guest = invited(me)
    deliver(moment())
    Account.objects.filter(pk=guest.pk).update(state=AccountState.DISABLED)
    assert deliver(moment() + timedelta(minutes=6)) == []
    guest.credential.refresh_from_db()
    assert guest.credential.password == ""
