"""« Ce qui s’est passé »: every kind on one list, of one's own offices, without a secret; the first tenants, the state of access."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from parvis.agents.posts import Role
from parvis.audit.journal import record
from parvis.changes.models import ChangeRequest
from parvis.contact.models import Conversation
from parvis.contact.services import answering
from parvis.correspondence.models import Channel, MessageState
from parvis.declarations.events import DECIDED
from parvis.declarations.models import Declaration, Receipt
from parvis.identity import events
from parvis.identity.models import Account, Credential
from parvis.kit.encryption import close
from parvis.landlords.events import USER_INVITED
from parvis.landlords.models import ThirdPartyNumber
from tests.factories import declarations
from tests.factories.agents import colleague
from tests.factories.changes import address_asked, bank_asked
from tests.factories.contact import conversation
from tests.factories.correspondence import batched
from tests.factories.landlords import Owner, landlord, owner
from tests.factories.tenancies import tenancy
from tests.factories.two_offices import THERE, TwoOffices, send, two_offices, type_everything
from tests.web.backoffice.file.opening import file_of, letter, opened

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)


def words_of(browser: Client, address: str) -> list[str]:
    """The lines of « Ce qui s’est passé » on a page, in words."""
    page = browser.get(address).content.decode()
    if '<caption class="vh">Ce qui s’est passé' not in page:
        return []
    table = page.split('<caption class="vh">Ce qui s’est passé', 1)[1].split("</table>", 1)[0].split("<tbody>", 1)[1]
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in ROW.findall(table)]


def acted(who: Owner, event: Any, subject: str, *, by: Any = None, **told: Any) -> None:
    with transaction.atomic():
        record(event, subject=subject, by=by or who.actor, at=NOW, **told)


@pytest.fixture
def one_of_each() -> TwoOffices:
    """A landlord of two offices to whom everything happened at both."""
    world = two_offices()
    type_everything(world)
    send(world.chief.actor)
    address_asked(world.chief, everywhere=True)
    for code in ("441", THERE):
        conversation(world.chief, topic="july_rent", about=f"Ce qui est de {code}", office=code)
    letter(world.chief, "identity/letters/password", subject="Votre mot de passe", state=MessageState.SENT, sent_at=NOW)
    acted(world.chief, events.SIGNED_IN, world.chief.account.login_id, browser="Firefox sur Linux")
    acted(world.chief, USER_INVITED, world.limited.account.login_id)
    return world


KINDS = {
    "courriers": "Votre mot de passe", "connexions": "Mot de passe accepté Firefox sur Linux",
    "declarations": "loyers de juillet 2026", "demandes": "Changement d’adresse", "messages": "Message : Un loyer de juillet",
    "agents": "Un agent a ouvert votre dossier", "autres": "Utilisateur invité",
}  # fmt: skip


def test_every_kind_is_told_on_the_file_and_each_choice_shows_its_own(one_of_each: TwoOffices) -> None:
    browser, file = opened(colleague((Role.RECEPTION, "441")), one_of_each.chief), file_of(one_of_each.chief)
    for address in (file, f"{file}passe/", f"{file}passe/?voir=rien"):
        everything = " | ".join(words_of(browser, address))
        for told in KINDS.values():
            assert told in everything, (address, told, everything)
    for kind in KINDS:
        page = " | ".join(words_of(browser, f"{file}passe/?voir={kind}"))
        assert [other for other, told in KINDS.items() if told in page] == [kind], page


def test_what_another_office_was_told_is_not_there(one_of_each: TwoOffices) -> None:
    chief, file = one_of_each.chief, file_of(one_of_each.chief)
    of_theirs = Declaration.objects.filter(tenancy__caf_code=THERE).earliest("pk")
    clerk = colleague((Role.CASEWORKER, THERE))
    by = replace(clerk.actor, partner_id=chief.landlord.pk)
    acted(chief, DECIDED, of_theirs.reference or "", by=by, note="vu au téléphone")
    thread = Conversation.objects.get(office_id=THERE)
    answering.take(thread.opaque, by=clerk.actor, at=NOW)
    theirs = {
        "receipt": Receipt.objects.get(office_id=THERE).number, "thread": thread.number, "asked": f"Ce qui est de {THERE}",
        "change": ChangeRequest.objects.get(office_id=THERE).number, "decided": "vu au téléphone",
        "taken": "Message pris en charge",
    }  # fmt: skip
    here = " | ".join(words_of(opened(colleague((Role.RECEPTION, "441")), chief), f"{file}passe/"))
    assert [what for what, told in theirs.items() if told in here] == []
    both = opened(colleague((Role.RECEPTION, "441"), (Role.RECEPTION, THERE)), chief)
    everywhere = " | ".join(words_of(both, f"{file}passe/"))
    assert [what for what, told in theirs.items() if told not in everywhere] == []
    assert f"Déclaration traitée par un agent : Loyer de juillet 2026, Lina {of_theirs.tenancy.last_name}" in everywhere


def test_who_answers_no_message_reads_its_topic_and_no_more(one_of_each: TwoOffices) -> None:
    file = file_of(one_of_each.chief)
    page = opened(colleague(), one_of_each.chief).get(f"{file}passe/?voir=messages").content.decode()
    assert "Message\u00a0: Un loyer de juillet" in page
    assert "Ce qui est de 441" not in page
    assert "/agents/messages/" not in page.split("<main", 1)[1]


def test_every_link_leads_somewhere(one_of_each: TwoOffices) -> None:
    browser, file = opened(colleague((Role.RECEPTION, "441")), one_of_each.chief), file_of(one_of_each.chief)
    page = browser.get(f"{file}passe/").content.decode()
    found = re.findall(
        r'href="(/agents/(?:dossiers|messages)/[^"?]+)"', page.split("<tbody>", 1)[1].split("</table>", 1)[0]
    )
    for part in ("/accuses/", "/demandes/", "/agents/messages/", "/messages/M-"):
        assert any(part in link for link in found), part
    assert {browser.get(link).status_code for link in found} == {200}


def test_no_secret_and_no_whole_number(one_of_each: TwoOffices) -> None:
    chief = one_of_each.chief
    iban = "FR7630006000011234567890189"
    ThirdPartyNumber.objects.filter(landlord=chief.landlord).update(
        iban=close(iban, "landlords_thirdpartynumber.iban"), iban_last4="0189"
    )
    alone = owner()
    bank_asked(alone, iban=iban, at=NOW)
    letter(alone, "identity/emails/code", channel=Channel.EMAIL, to_email="claire.martin@tilleuls.example", to_address=[],
           subject="Votre code", body="123456")  # fmt: skip
    browser = opened(colleague((Role.CASEWORKER, "441")), alone)
    page = browser.get(file_of(alone)).content.decode() + browser.get(f"{file_of(alone)}passe/").content.decode()
    mailbox = Credential.objects.get(pk=alone.account.credential_id).email or "-"
    for secret in (iban, "claire.martin@tilleuls.example", mailbox, "123456"):
        assert secret not in page
    assert "Changement de coordonnées bancaires ••••\u00a00189" in page


def test_where_each_letter_is() -> None:
    someone = owner()
    Account.objects.filter(pk=someone.account.pk).update(opened_at=None)
    Credential.objects.filter(pk=someone.account.credential_id).update(provisional_until=NOW + timedelta(days=40))
    left = {"state": MessageState.SENT, "sent_at": NOW - timedelta(days=9)}
    posted = letter(
        someone, "identity/letters/password", days=9, subject="Mot de passe", number="L-2026-000000001", **left
    )
    letter(someone, "declarations/letters/july_rents", days=8, subject="Loyers", context={"office": {"name": "Caf de la Loire-Atlantique"}},
           number="L-2026-000000002", **left)  # fmt: skip
    mail = {"channel": Channel.EMAIL, "to_email": "x@caf.example", "to_address": []}
    letter(someone, "identity/emails/identifier", days=7, subject="Identifiant", state=MessageState.BOUNCED, sent_at=NOW,
           bounced_at=NOW, failure="Boîte pleine.", **mail)  # fmt: skip
    batched(posted, posted_on=date(2026, 7, 16))
    browser = opened(colleague((Role.RECEPTION, "441")), someone)
    bounced, printed, sent = words_of(browser, f"{file_of(someone)}passe/?voir=courriers")
    assert "Mail de l’identifiant : parti le" in bounced
    assert "boîte pleine" in bounced
    assert bounced.endswith("Mail à x•••••@caf.example Revenu")
    assert "Attend son lot d’impression. Lettre L-2026-000000002 À imprimer" in printed
    assert "Lettre du mot de passe : partie le 16 juillet 2026, devait arriver au plus tard le" in sent
    assert sent.endswith("Lettre L-2026-000000001 Devrait être arrivée")


def test_fifteen_stand_on_the_file_and_the_rest_page_by_page() -> None:
    someone = owner()
    for index in range(60):
        letter(someone, "identity/letters/identifier", days=index + 1, subject=f"Lettre {index:02d}.")
    browser, file = opened(colleague((Role.RECEPTION, "441")), someone), file_of(someone)
    assert len(words_of(browser, file)) == 15
    address, seen = f"{file}passe/?voir=courriers", []
    for _ in range(3):
        page = browser.get(address).content.decode()
        seen += re.findall(r"Lettre (\d\d)\.", page)
        following = re.search(r'href="([^"]+)" rel="next"', page)
        address = unescape(following[1]) if following else ""
        assert not address or "voir=courriers" in address
    assert seen == [f"{index:02d}" for index in range(60)]
    assert address == ""
    assert browser.get(f"{file}passe/", {"apres": "x' OR 1", "voir": "\0"}).status_code == 200


def test_more_of_everything_asks_no_more_of_the_database(one_of_each: TwoOffices) -> None:
    chief, file = one_of_each.chief, file_of(one_of_each.chief)
    browser = opened(colleague((Role.RECEPTION, "441")), chief)
    browser.get(file)
    with CaptureQueriesContext(connection) as few:
        browser.get(file)
    for number in range(12):
        conversation(chief, topic="other", about=str(number), office="441")
        acted(chief, events.SIGNED_IN, chief.account.login_id)
    with CaptureQueriesContext(connection) as many:
        browser.get(file)
    assert len(many) <= len(few)


def test_the_first_ten_tenants_with_july_and_whom_the_aid_is_paid_to() -> None:
    someone = owner(landlord(company_name="Habitat du Rivage"))
    names = [f"Abadie{letter}" for letter in "abcdefghijkl"]
    made = [tenancy(someone.landlord, last_name=name, direct_payment=name != "Abadieb") for name in names]
    declarations.campaign()
    declarations.typed(someone, made[0], "525", previous="520")
    declarations.sent(someone)
    browser = opened(colleague((Role.RECEPTION, "441")), someone)
    page = browser.get(file_of(someone)).content.decode()
    table = page.split('<caption class="vh">Locataires', 1)[1].split("</table>", 1)[0].split("<tbody>", 1)[1]
    rows = [" ".join(unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in ROW.findall(table)]
    assert [row.split()[1] for row in rows] == names[:10]
    assert made[0].claimant_number in rows[0]
    assert rows[0].endswith("Transmis Au bailleur")
    assert "À saisir Juillet 2025 inconnu" in rows[1]
    assert rows[1].endswith("Au locataire")
    search = {"asked": names[11]}
    assert names[11] in browser.post(f"{file_of(someone)}locataires/", search).content.decode().split("<tbody>", 1)[1]


def test_the_band_says_what_they_are_and_how_they_get_in() -> None:
    someone = owner(landlord(company_name="Habitat du Rivage"))
    owner(someone.landlord)
    Account.objects.filter(pk=someone.account.pk).update(state="new", opened_at=None)
    page = opened(colleague((Role.RECEPTION, "441")), someone).get(file_of(someone)).content.decode()
    band = " ".join(re.sub(r"<[^>]+>", " ", page.split('id="bref"', 1)[1].split("</section>", 1)[0]).split())
    for told in (
        "Nature Organisme",
        "Jamais connecté (1)",
        "Actif (1)",
        "Comptes rapprochés Aucun",
        "Administrateur Claire Martin",
    ):
        assert told in band, band
