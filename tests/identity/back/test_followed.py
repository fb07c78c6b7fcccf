"""« Ce n’est pas moi » about one account follows it when it parts from the others, and leaves nobody in."""

from __future__ import annotations

import pytest

from parvis.identity.models import Account, Credential, FreezeLink
from parvis.identity.services.access import freezing, linking, moving
from tests.factories.identity import NOW, OWN_PASSWORD, actor_of, code_received, member, newborn, session_of
from tests.identity.linking.test_linking import credential_of, group, owing

pytestmark = pytest.mark.django_db


def detached(who: Account) -> None:
    """``who`` leaves its group for a mailbox of its own."""
    session = session_of(who, code=True)
    change = moving.begin(session, "seul@parvis.example", [who.reference], OWN_PASSWORD, by=actor_of(who), at=NOW)
    moving.leave(change, session, code_received(), by=actor_of(who), at=NOW)
    moving.arrive(change, session, code_received(), by=actor_of(who), at=NOW)


@pytest.mark.parametrize("named", [True, False])
def test_a_link_about_an_account_freezes_what_it_has_become_since(named: bool) -> None:
    who, *others = group()
    before = who.credential_id
    link = freezing.link_for(before, "test", at=NOW, account_id=who.pk if named else None)
    token = freezing.draw_link(link.pk, at=NOW)["freeze"]
    detached(who)
    apart = credential_of(who)
    assert apart.pk != before
    assert freezing.freeze(token, at=NOW)
    assert Credential.objects.get(pk=before).frozen_at == NOW
    assert Credential.objects.get(pk=apart.pk).frozen_at == (NOW if named else None)
    assert all(credential_of(other).frozen_at == NOW for other in others)
    assert not freezing.freeze(token, at=NOW)


def test_the_notice_of_a_link_follows_the_account_that_joined() -> None:
    member(email="groupe@parvis.example")
    who = newborn()
    session = owing(who, "groupe@parvis.example")
    linking.keep_password(session, OWN_PASSWORD, by=actor_of(who), at=NOW)
    assert list(FreezeLink.objects.values_list("account", flat=True).distinct()) == [who.pk]
