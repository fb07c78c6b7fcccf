"""« Renvoyer les identifiants » : the agent sees both ways, what became of the last mail, and chooses."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from parvis.agents.posts import Role
from parvis.correspondence.models import Channel, Message, MessageState
from parvis.identity.models import Account, AccountState, Credential
from tests.factories.agents import colleague
from tests.factories.landlords import Owner, owner
from tests.web.backoffice.file.opening import alone, file_of, letter, opened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("some_without_administrator")]
WHY = {"reason": "Appel, identité vérifiée"}


@pytest.fixture
def someone() -> Owner:
    """An individual never signed in, whose mailbox the office told us."""
    me = owner()
    alone(me)
    Account.objects.filter(pk=me.account.pk).update(
        state=AccountState.NEW,
        opened_at=None,
        credential=Credential.objects.create(),
        claimed_email="neuf@agence.example",
    )
    return me


def page_of(someone: Owner) -> str:
    return f"{file_of(someone)}comptes/{someone.account.reference}/renvoyer/"


def bounced(someone: Owner) -> Message:
    return letter(
        someone, "identity/emails/identifier", channel=Channel.EMAIL, to_address=[], to_email="neuf@agence.example",
        state=MessageState.BOUNCED, sent_at=datetime.now(UTC), bounced_at=datetime.now(UTC), failure="Boîte inconnue.",
    )  # fmt: skip


def test_both_ways_are_shown_with_the_address_and_the_last_delivery(someone: Owner) -> None:
    page = opened(colleague((Role.RECEPTION, "441")), someone).get(page_of(someone)).content.decode()
    assert "Par mail à n•••••@agence.example" in page
    assert "Par courrier au" in page
    assert "Adresse postale" in page
    assert "Dernier envoi" in page
    assert page.index("Par mail à") < page.index("Par courrier au")


def test_after_a_mail_that_bounced_the_post_comes_first_and_letters_leave(someone: Owner) -> None:
    bounced(someone)
    browser = opened(colleague((Role.RECEPTION, "441")), someone)
    page = browser.get(page_of(someone)).content.decode()
    assert "refusé le" in page
    assert page.index("Par courrier au") < page.index("Par mail à")
    done = browser.post(page_of(someone), {**WHY, "way": "letters"}, follow=True).content.decode()
    assert "Deux lettres partent" in done
    due = Message.objects.filter(account_id=someone.account.pk, state=MessageState.DUE)
    assert set(due.values_list("channel", flat=True)) == {Channel.LETTER}


def test_by_mail_when_it_is_chosen(someone: Owner) -> None:
    browser = opened(colleague((Role.RECEPTION, "441")), someone)
    done = browser.post(page_of(someone), {**WHY, "way": "email"}, follow=True).content.decode()
    assert "partent par mail" in done


@pytest.mark.parametrize("way", ["", "pigeon", "\x00", "x" * 10_000])
def test_a_way_that_does_not_exist_sends_nothing(way: str, someone: Owner) -> None:
    browser = opened(colleague((Role.RECEPTION, "441")), someone)
    assert "Choisissez comment." in browser.post(page_of(someone), {**WHY, "way": way}).content.decode()
    assert not Message.objects.filter(account_id=someone.account.pk, state=MessageState.DUE).exists()
