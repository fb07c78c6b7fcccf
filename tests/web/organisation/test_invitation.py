"""Where an invitation leads: who invites, where, to do what, what comes next; and the same silence for all that is over."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from parvis.correspondence.models import Message
from parvis.identity.models import Account, Credential
from parvis.identity.services import invited
from parvis.kit.actors import Right, system
from parvis.landlords.models import Habilitation, Invitation, Landlord
from parvis.landlords.rules import Wish
from parvis.landlords.services.users import inviting
from parvis.landlords.services.users.closing import close_access
from parvis.landlords.services.users.inviting import Guest, send_again
from tests.factories.identity import deliver
from tests.factories.landlords import Owner
from tests.factories.users import OFTEN, READING, administrator, moment, seen

pytestmark = pytest.mark.django_db
LEA = Guest("Léa", "Bloch", "lea.bloch@agence.fr")
OVER = "Cette invitation n’est plus valable"


def invites(me: Owner, wish: Wish | None = None) -> tuple[Account, str]:
    """An invitation as it arrives: the account, and the address behind the button of the mail."""
    guest = inviting.invite(LEA, wish or Wish(OFTEN), by=me.actor, at=moment())
    return guest, link_in_mail()


def link_in_mail() -> str:
    first = next(message for message in deliver(moment()) if "Invitation" in message.subject)
    found = re.search(r"/invitation/[\w-]+/", str(first.body))
    assert found is not None, first.body
    return found[0]


def reads(address: str) -> tuple[int, str]:
    answer: Any = Client().get(address)
    return answer.status_code, answer.content.decode()


def test_the_button_of_the_mail_leads_to_who_invites_where_and_what_comes_next() -> None:
    me = administrator()
    wish = Wish(OFTEN, frozenset({"441"}), moment().date() + timedelta(days=90))
    _, address = invites(me, wish)
    status, html = reads(address)
    assert status == 200
    for words in (
        "Claire M. vous attend",
        "Alliance Familiale",
        "Léa, vous",
        "Voir les locataires",
        "Déclarer les loyers",
        "Caf de la Loire-Atlantique",
        "Jusqu’au",
        "second mail",
        "Se connecter",
    ):
        assert words in html
    assert "Changer les coordonnées bancaires" not in html
    assert "Martin" not in html


def test_the_sign_in_page_opens_with_the_identifier_and_nothing_is_used_up() -> None:
    guest, address = invites(administrator())
    for _ in range(2):
        _, html = reads(address)
        found = re.search(rf'href="({reverse("sign-in")}\?invitation=[^"]+)"', html)
        assert found is not None
        _, sign_in = reads(found[1])
        assert f'value="{guest.login_id}"' in sign_in
        assert "error" not in re.findall(r'<input[^>]*name="identifier"[^>]*>', sign_in)[0]


@pytest.mark.parametrize("typed", ["", "x", "x" * 10_000, "\x00", "' OR 1=1 --", "<script>", "٣٤٥", " "])
def test_the_sign_in_page_takes_no_other_word_for_an_invitation(typed: str) -> None:
    answer: Any = Client().get(reverse("sign-in"), {"invitation": typed})
    assert answer.status_code == 200
    field = re.findall(r'<input[^>]*name="identifier"[^>]*>', answer.content.decode())[0]
    assert re.search(r'value="[^"]', field) is None


def withdrawn(me: Owner, guest: Account) -> None:
    close_access(guest.reference, seen=seen(me, Owner(me.landlord, guest, READING)), by=me.actor, at=moment())


def expired(me: Owner, guest: Account) -> None:
    Invitation.objects.update(expires_at=moment())


def accepted(me: Owner, guest: Account) -> None:
    Invitation.objects.update(accepted_at=moment())


def closed(me: Owner, guest: Account) -> None:
    invited.close_account(guest.pk, by=system("test"), at=moment())


def frozen(me: Owner, guest: Account) -> None:
    Credential.objects.filter(pk=guest.credential_id).update(frozen_at=moment())


def inviter_gone(me: Owner, guest: Account) -> None:
    administrator(me)
    Habilitation.objects.filter(account=me.account, right=Right.ADMINISTER).update(ended_at=moment())


def rights_ended(me: Owner, guest: Account) -> None:
    Invitation.objects.update(rights_end_on=moment().date() - timedelta(days=2))


def replaced(me: Owner, guest: Account) -> None:
    Invitation.objects.update(invited_at=moment() - timedelta(hours=1))
    send_again(guest.reference, by=me.actor, at=moment())


@pytest.mark.parametrize(
    "happens", [withdrawn, expired, accepted, closed, frozen, inviter_gone, rights_ended, replaced]
)
def test_a_link_that_is_over_says_the_same_whatever_happened(happens: Any) -> None:
    me = administrator()
    guest, address = invites(me)
    happens(me, guest)
    unknown = reads(reverse("invitation", args=["x" * 43]))
    status, html = reads(address)
    assert (status, OVER in html) == (404, True)
    assert html.count("<") == unknown[1].count("<")
    for word in (guest.login_id, "Alliance", "Claire", "Léa"):
        assert word not in html
    assert guest.login_id not in reads(f"{reverse('sign-in')}?invitation={address.split('/')[2]}")[1]


def test_an_invitation_sent_again_has_a_link_of_its_own() -> None:
    me = administrator()
    guest, first = invites(me)
    replaced(me, guest)
    second = link_in_mail()
    assert first != second
    assert [reads(address)[0] for address in (first, second)] == [404, 200]


def test_the_link_is_kept_nowhere() -> None:
    _, address = invites(administrator())
    kept = Message.objects.get(template="landlords/emails/invited")
    assert address.split("/")[2] not in f"{kept.subject}{kept.body}{kept.context}"


def test_a_password_already_chosen_is_said_so() -> None:
    guest, address = invites(administrator())
    Credential.objects.filter(pk=guest.credential_id).update(password_changed_at=moment())
    _, html = reads(address)
    assert "mot de passe que vous avez déjà choisi" in html
    assert "second mail" not in html


def test_a_right_the_organisation_lost_meanwhile_is_not_announced() -> None:
    me = administrator()
    Landlord.objects.filter(pk=me.landlord.pk).update(may_consult_files=True)
    _, address = invites(me, Wish(frozenset({Right.CONSULT, Right.CONSULT_FILES})))
    assert "dossier d’un allocataire" in reads(address)[1]
    Landlord.objects.filter(pk=me.landlord.pk).update(may_consult_files=False)
    assert "dossier d’un allocataire" not in reads(address)[1]


def test_the_mail_of_an_invitation_that_is_over_does_not_leave() -> None:
    inviting.invite(LEA, Wish(OFTEN), by=administrator().actor, at=moment())
    Invitation.objects.update(cancelled_at=moment())
    assert deliver(moment()) == []
