"""« Mon profil » : one's names, password, mailbox, devices, and what happened."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from parvis.identity.models import Account, AccountState, Credential, PendingChange, Session
from parvis.identity.services.sign_in import SignIn
from parvis.kit.actors import system
from parvis.parameters.catalogue import PROFILE_CODE_DELAY
from parvis.parameters.services import change
from tests.factories.identity import OWN_PASSWORD, attempt, code_received, deliver, session_of
from tests.factories.landlords import Owner, landlord
from tests.web.account.visits import ANYTHING, inside, now, regular, said

NEW = "Lanterne-Moulin-Sable-92"

pytestmark = pytest.mark.django_db


def at(me: Owner, name: str, *args: object) -> str:
    return reverse(name, args=[me.account.reference, *args])


def email_of(account: Account) -> str | None:
    return Credential.objects.get(accounts=account.pk).email


def grouped(count: int) -> tuple[Owner, list[Account]]:
    """Somebody who works for several organisations with one mailbox."""
    me = regular()
    credential = Credential.objects.get(pk=me.account.credential_id)
    others = []
    for number in range(count - 1):
        partner = landlord(company_name=f"Organisme {number}").partner
        others.append(
            Account.objects.create(
                reference=f"REFERENCE{number:03d}",
                login_id=f"LOG9{number:05d}K",
                user_number=f"4419{number:010d}",
                partner=partner,
                credential=credential,
                first_name="Claire",
                last_name="Martin",
                state=AccountState.ACTIVE,
                created_at=now(),
                opened_at=now(),
            )
        )
    return me, others


def posts(client: Client, address: str, **fields: object) -> Any:
    return client.post(address, fields, follow=True)


def test_the_profile_says_who_one_is_and_how_one_signs_in() -> None:
    me = regular()
    html = said(inside(me).get(at(me, "profile")))
    for words in (me.account.login_id, str(email_of(me.account)), "actif maintenant", "Règles d’usage", "Changer"):
        assert words in html


def test_names_are_corrected_and_a_strange_telephone_is_not() -> None:
    me, fields = regular(), {"first_name": "Zoé", "last_name": "Le Gall", "job_title": "Gérante"}
    client = inside(me)
    answer = posts(client, at(me, "profile-information"), **fields, phone="zéro deux")
    assert "Écrivez un numéro de téléphone" in said(answer)
    assert "zéro deux" in said(answer)
    answer = posts(client, at(me, "profile-information"), **fields, phone="02 40-00 00 00")
    assert "Vos informations sont à jour" in said(answer)
    assert Account.objects.get(pk=me.account.pk).phone == "0240000000"


def test_a_password_changes_after_a_code_and_other_devices_are_out() -> None:
    me, _ = grouped(2)
    client = inside(me)
    other = session_of(me.account, at=now(), code=True)
    fields = {"present": OWN_PASSWORD, "password": NEW, "password_again": NEW}
    html = said(posts(client, at(me, "profile-password"), **fields))
    assert "Il confirme votre nouveau mot de passe." in html
    assert attempt(me.account.login_id, NEW, at=now()).kind is SignIn.WRONG
    answer = posts(client, at(me, "profile-code"), code=code_received(now()))
    assert "Le nouveau mot de passe vaut pour vos 2 comptes." in said(answer)
    assert attempt(me.account.login_id, NEW, at=now()).kind is SignIn.SIGNED_IN
    assert not Session.objects.filter(pk=other.pk).exists()
    assert client.get(at(me, "profile")).status_code == 200
    (told,) = [message for message in deliver(now()) if "mot de passe a été changé" in message.subject]
    assert told.to == [email_of(me.account)]
    assert PendingChange.objects.get().secret_hash == ""


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"present": "Faux", "password": NEW, "password_again": NEW}, "pas votre mot de passe actuel"),
        ({"present": OWN_PASSWORD, "password": OWN_PASSWORD, "password_again": OWN_PASSWORD}, "différent de l’actuel"),
        ({"present": OWN_PASSWORD, "password": NEW, "password_again": "x"}, "sont différents"),
        ({"present": OWN_PASSWORD, "password": "court", "password_again": "court"}, "ne respecte pas encore"),
        ({}, "Entrez votre mot de passe actuel."),
    ],
)
def test_a_password_that_may_not_be_is_refused_with_its_reason(fields: dict[str, str], why: str) -> None:
    me = regular()
    html = said(posts(inside(me), at(me, "profile-password"), **fields))
    assert why in html
    assert OWN_PASSWORD not in html
    assert not PendingChange.objects.exists()


def test_ten_wrong_passwords_an_hour_are_looked_at() -> None:
    me = regular()
    client = inside(me)
    fields = {"present": "Faux", "password": NEW, "password_again": NEW}
    for _ in range(10):
        posts(client, at(me, "profile-password"), **fields)
    assert "Trop d’essais" in said(posts(client, at(me, "profile-password"), **{**fields, "present": OWN_PASSWORD}))


def test_the_profile_has_a_delay_of_its_own_for_codes() -> None:
    change(PROFILE_CODE_DELAY.name, 10, by=system("test"), at=now())
    me = regular()
    client = inside(me)
    fields = {"present": OWN_PASSWORD, "password": NEW, "password_again": NEW}
    posts(client, at(me, "profile-password"), **fields)
    posts(client, at(me, "profile-code"), code=code_received(now()))
    again = f"{NEW}-2"
    html = said(posts(client, at(me, "profile-password"), present=NEW, password=again, password_again=again))
    assert "Votre mot de passe est changé." in html
    assert attempt(me.account.login_id, again, at=now()).kind is SignIn.SIGNED_IN


def changes(client: Client, me: Owner, email: str, **fields: object) -> Any:
    """Ask for another mailbox and type both codes."""
    typed = {"email": email, "email_again": email, "present": OWN_PASSWORD, **fields}
    posts(client, at(me, "profile-email"), **typed)
    posts(client, at(me, "profile-code"), code=code_received(now()))
    return posts(client, at(me, "profile-code"), code=code_received(now()))


def test_one_account_is_detached_and_both_mailboxes_are_told() -> None:
    me, (other, _) = grouped(3)
    former = email_of(me.account)
    client = inside(me)
    assert "L’adresse mail est changée" in said(changes(client, me, "seule@parvis.example", which="one"))
    assert (email_of(me.account), email_of(other)) == ("seule@parvis.example", former)
    assert sorted(message.to[0] for message in deliver(now())) == sorted([str(former), "seule@parvis.example"])
    assert client.get(at(me, "profile")).status_code == 200
    assert client.get(reverse("profile", args=[other.reference])).status_code == 404


def test_several_or_all_accounts_change_at_once() -> None:
    me, (second, third) = grouped(3)
    client = inside(me)
    changes(client, me, "deux@parvis.example", which="some", accounts=[me.account.reference, second.reference])
    assert email_of(me.account) == email_of(second) == "deux@parvis.example"
    assert email_of(third) not in ("deux@parvis.example", None)
    deliver(now())
    changes(client, me, "tous@parvis.example", which="all")
    assert email_of(me.account) == email_of(second) == "tous@parvis.example"


def test_a_mailbox_of_other_organisations_leads_to_the_page_of_the_link() -> None:
    holder, (me, other) = regular(), (lambda pair: (pair[0], pair[1][0]))(grouped(2))
    client = inside(me)
    held = str(email_of(holder.account))
    html = said(changes(client, me, held, which="one"))
    assert "Un seul mot de passe pour vos 2 comptes" in html
    assert holder.account.login_id in html
    answer = posts(client, at(me, "link"), way="keep", present=OWN_PASSWORD)
    assert "ont le même mot de passe" in said(answer)
    assert email_of(me.account) == held
    assert email_of(other) != held
    assert client.get(at(holder, "profile")).status_code == 200


def test_a_change_can_be_given_up_and_forgets_itself() -> None:
    me = regular()
    client = inside(me)
    typed = {"email": "autre@parvis.example", "email_again": "autre@parvis.example", "present": OWN_PASSWORD}
    posts(client, at(me, "profile-email"), **typed)
    assert "Rien n’a été changé." in said(posts(client, at(me, "profile-cancel")))
    assert "plus de changement en attente" in said(client.get(at(me, "profile-code"), follow=True))
    posts(client, at(me, "profile-email"), **typed)
    PendingChange.objects.update(asked_at=now() - timedelta(minutes=31))
    assert "plus de changement en attente" in said(client.get(at(me, "profile-code"), follow=True))


def test_who_typed_a_wrong_address_begins_again_at_once_with_the_code_on_its_way() -> None:
    me = regular()
    client = inside(me)
    for email in ("fausse@parvis.example", "juste@parvis.example"):
        html = said(posts(client, at(me, "profile-email"), email=email, email_again=email, present=OWN_PASSWORD))
        assert "Premier code" in html
        assert "Vous pourrez demander un nouveau code dans" in html
        if email.startswith("fausse"):
            posts(client, at(me, "profile-cancel"))
    assert "Vous pourrez demander un nouveau code" in said(posts(client, at(me, "profile-code-again")))
    assert "Second code" in said(posts(client, at(me, "profile-code"), code=code_received(now())))
    posts(client, at(me, "profile-code"), code=code_received(now()))
    assert email_of(me.account) == "juste@parvis.example"


@pytest.mark.parametrize("typed", ANYTHING)
def test_a_mailbox_that_cannot_be_is_refused(typed: str) -> None:
    me = regular()
    fields = {"email": typed, "email_again": typed, "present": OWN_PASSWORD, "which": "one"}
    answer = posts(inside(me), at(me, "profile-email"), **fields)
    assert answer.status_code == 200
    assert not PendingChange.objects.exists()


def test_accounts_that_are_not_ones_own_cannot_be_ticked() -> None:
    me, stranger = regular(), regular()
    typed = {"email": "a@parvis.example", "email_again": "a@parvis.example", "present": OWN_PASSWORD}
    answer = posts(inside(me), at(me, "profile-email"), **typed, which="some", accounts=[stranger.account.reference])
    assert "Choisissez" in said(answer)
    assert not PendingChange.objects.exists()


def test_a_device_is_disconnected_from_here_and_others_devices_are_not() -> None:
    me, stranger = regular(), regular()
    client = inside(me)
    other, theirs = session_of(me.account, at=now()), session_of(stranger.account, at=now())
    assert "est déconnecté" in said(posts(client, at(me, "profile-close", other.pk)))
    assert "était déjà déconnecté" in said(posts(client, at(me, "profile-close", other.pk)))
    assert posts(client, at(me, "profile-close", theirs.pk)).status_code == 404
    assert Session.objects.filter(pk=theirs.pk).exists()
    session_of(me.account, at=now())
    posts(client, at(me, "profile-close-others"))
    assert Session.objects.filter(credential=me.account.credential_id).count() == 1


def test_a_forgotten_browser_asks_a_code_again() -> None:
    me = regular()
    client = inside(me)
    address = re.search(r'action="([^"]+/navigateurs/\d+/)"', said(client.get(at(me, "profile"))))
    assert address is not None
    assert "Un code sera demandé" in said(posts(client, address[1]))
    client.post(reverse("sign-out"))
    answer = client.post(reverse("sign-in"), {"identifier": me.account.login_id, "password": OWN_PASSWORD})
    assert "connexion/code" in answer["Location"]


def test_who_sees_a_strange_sign_in_closes_everything() -> None:
    me = regular()
    client = inside(me)
    assert "Bloquer mon accès" in said(client.get(at(me, "profile-freeze")))
    assert "l’accès est bloqué" in said(posts(client, at(me, "profile-freeze")))
    assert attempt(me.account.login_id, at=now()).kind is SignIn.FROZEN


def test_the_journal_and_its_file_tell_what_was_done_and_no_formula() -> None:
    me = regular()
    client = inside(me)
    html = said(client.get(at(me, "profile-journal")))
    assert "Mot de passe accepté" in html
    file = client.get(at(me, "profile-journal-csv"))
    assert file["Content-Type"].startswith("text/csv")
    assert "Mot de passe accepté" in file.content.decode("utf-8-sig")


def test_what_the_portal_wrote_is_read_again_without_its_secrets() -> None:
    me = regular()
    client = inside(me)
    html = said(client.get(at(me, "profile-messages")))
    address = re.search(r'href="([^"]+/profil/messages/M-[^"]+/)"', html)
    assert address is not None
    page = said(client.get(address[1]))
    assert "••••••" in page
    assert not re.search(r"\b\d{3}\u00a0\d{3}\b", page)
    assert regular().account.login_id not in html


def test_the_display_follows_the_device_again() -> None:
    me = regular()
    client = inside(me)
    client.post(reverse("theme"), {"theme": "dark"})
    assert client.cookies["theme"].value == "dark"
    client.post(reverse("theme"), {"theme": "auto"})
    assert client.cookies["theme"].value == ""
