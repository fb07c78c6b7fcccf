"""« Télécharger mes données » : asked and taken under a code, told at once, made after a day, erased after a week."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from parvis.agents.posts import Role
from parvis.audit.models import Entry
from parvis.identity.models import Credential, DataCopy, FormerMailbox
from parvis.identity.services.access import freezing
from parvis.identity.services.own import copying
from parvis.kit.actors import system
from parvis.parameters.services import change
from parvis.upkeep import keys
from tests.factories.agents import colleague
from tests.factories.awaited import rent_sent
from tests.factories.changes import bank_asked
from tests.factories.contact import conversation
from tests.factories.identity import OWN_PASSWORD, code_received, deliver
from tests.factories.landlords import Owner
from tests.web.account.visits import inside, now, regular, said
from tests.web.backoffice.file.opening import opened

pytestmark = pytest.mark.django_db
WORKER = system("worker")
DAY = timedelta(hours=25)


def at(me: Owner, name: str) -> str:
    return reverse(f"profile-data{name}", args=[me.account.reference])


def types(me: Owner, client: Client) -> str:
    """The code that was just sent, typed."""
    page = client.post(
        reverse("profile-code", args=[me.account.reference]), {"code": code_received(now())}, follow=True
    )
    return said(page)


def asked() -> tuple[Owner, Client]:
    """Somebody who has asked, the code typed."""
    me = regular()
    client = inside(me)
    client.post(at(me, "-ask"))
    assert "Demandée le" in types(me, client)
    return me, client


def ready() -> tuple[Owner, Client]:
    """The same, as if a day ago: the copy is there."""
    me, client = asked()
    DataCopy.objects.update(due_at=now())
    assert copying.prepare_due(by=WORKER, at=now()) == 1
    deliver(now())
    return me, client


def taken(me: Owner, client: Client) -> Any:
    deliver(now())
    client.post(at(me, "-take"))
    assert "Le code est bon" in types(me, client)
    return client.get(at(me, "-file"))


def unzipped(answer: Any) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        return {name: file.read(name).decode("utf-8-sig") for name in file.namelist()}


def test_without_its_code_nothing_is_asked() -> None:
    me = regular()
    client = inside(me)
    assert "Télécharger mes données" in said(client.get(at(me, "")))
    client.get(at(me, "-ask"))
    answer = client.post(at(me, "-ask"), follow=True)
    assert "la copie de vos données est pour vous" in said(answer)
    client.post(reverse("profile-code", args=[me.account.reference]), {"code": "000000"})
    assert not DataCopy.objects.exists()
    assert types(me, client)
    assert DataCopy.objects.count() == 1


def test_it_is_told_at_once_to_this_mailbox_and_to_the_one_before() -> None:
    me = regular()
    client = inside(me)
    FormerMailbox.objects.create(
        credential=me.account.credential, email="avant@agence.example", left_at=now(), told_until=now() + DAY
    )
    client.post(at(me, "-ask"))
    types(me, client)
    told = [mail for mail in deliver(now()) if mail.subject == "Une copie de vos données a été demandée"]
    assert {mail.to[0] for mail in told} == {me.account.credential.email, "avant@agence.example"}
    assert all("/ce-n-est-pas-moi/" in str(mail.body) for mail in told)


def test_it_is_made_after_the_delay_and_not_before() -> None:
    change("copy_waits", 48, by=WORKER, at=now())
    me, client = asked()
    assert copying.prepare_due(by=WORKER, at=now() + timedelta(hours=47)) == 0
    assert client.get(at(me, "-file")).status_code == 302
    assert client.post(at(me, "-take")).status_code == 404
    deliver(now())
    assert copying.prepare_due(by=WORKER, at=now() + timedelta(hours=49)) == 1
    assert copying.prepare_due(by=WORKER, at=now() + timedelta(hours=50)) == 0
    (told,) = deliver(now() + timedelta(hours=49))
    assert told.subject == "La copie de vos données est prête"
    assert "Données personnelles" in str(told.body)
    assert "/ce-n-est-pas-moi/" in str(told.body)


def test_it_is_taken_behind_another_code_in_the_session_where_it_was_typed() -> None:
    me, client = ready()
    assert "Recevoir un code" in said(client.get(at(me, "")))
    assert client.get(at(me, "-file")).status_code == 302
    elsewhere = inside(me)
    answer = taken(me, client)
    assert answer.headers["Content-Type"] == "application/zip"
    assert elsewhere.get(at(me, "-file")).status_code == 302
    told = Entry.objects.filter(event__startswith="identity.copy_", subject=me.account.login_id).order_by("pk")
    assert list(told.values_list("event", flat=True)) == [
        f"identity.copy_{name}" for name in ("asked", "ready", "taken")
    ]


def test_the_code_lets_one_take_it_for_a_quarter_of_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    me, client = ready()
    taken(me, client)
    monkeypatch.setattr(copying, "TAKEN_WITHIN", timedelta(0))
    assert client.get(at(me, "-file")).status_code == 302


def test_nobody_else_takes_it() -> None:
    me, client = ready()
    taken(me, client)
    other = regular()
    stranger = inside(other)
    assert stranger.get(at(me, "-file")).status_code == 404
    assert stranger.get(at(other, "-file")).status_code == 302
    assert stranger.post(at(other, "-take")).status_code == 404
    assert Client().get(at(me, "-file")).status_code in (302, 404)
    stranger.post(at(other, "-give-up"))
    assert DataCopy.objects.count() == 1


def test_what_stands_in_it_is_ones_own_and_no_secret() -> None:
    me, client = asked()
    other = regular()
    rent_sent(me)
    rent_sent(other)
    bank = bank_asked(me, at=now())
    conversation(me, text="Une question de mon loyer")
    client.post(at(me, "-give-up"))
    deliver(now())
    client.post(at(me, "-ask"))
    digits = code_received(now())
    client.post(reverse("profile-code", args=[me.account.reference]), {"code": digits})
    spaced = f"{digits[:3]}\u00a0{digits[3:]}"
    opened(colleague((Role.RECEPTION, "441")), me)
    assert "Un agent a ouvert votre dossier" in said(client.get(at(me, "")))
    DataCopy.objects.update(due_at=now())
    copying.prepare_due(by=WORKER, at=now())
    files = unzipped(taken(me, client))
    whole = "\n".join(files.values())
    assert {"LISEZ-MOI.txt", "donnees.json", "profil.csv", "connexions.csv", "declarations.csv", "demandes.csv"} <= set(
        files
    )
    for own in (
        me.account.login_id,
        me.account.credential.email or "?",
        bank.number,
        f"…{bank.iban_last4}",
        "Une question de mon loyer",
    ):
        assert own in whole, own
    assert other.account.login_id not in whole
    assert len(re.findall(r"D-\d{4}-\d{9}-", files["declarations.csv"])) == 1
    assert not re.search(r"FR\d{2}[ \d]{20,}", whole)
    for secret in (OWN_PASSWORD, me.account.credential.password, spaced):
        assert secret not in whole
    told = json.loads(files["donnees.json"])
    assert told["Mon profil"][0] == {"Compte": me.account.login_id, "Donnée": "Prénom", "Valeur": me.account.first_name}
    assert "consultations.csv" in files["LISEZ-MOI.txt"]
    assert "Un agent a ouvert votre dossier" in files["consultations.csv"]


def test_at_rest_it_is_closed_and_its_key_changes_with_the_others() -> None:
    ready()
    copy = DataCopy.objects.get()
    assert b"PK" not in bytes(copy.content or b"")[:60]
    assert any(model is DataCopy for model, _, _ in keys.FIELDS)


@pytest.mark.parametrize("made", [False, True])
def test_this_is_not_me_ends_it(made: bool) -> None:
    me, _ = ready() if made else asked()
    link = freezing.link_for(me.account.credential_id, "identity.copy_asked", at=now())
    assert freezing.freeze(freezing.draw_link(link.pk, at=now())["freeze"], at=now())
    assert not DataCopy.objects.exists()
    assert copying.prepare_due(by=WORKER, at=now() + DAY) == 0
    assert Entry.objects.filter(event="identity.copy_stopped", subject=me.account.login_id).exists()


def test_whoever_asked_before_the_identity_changed_gets_nothing() -> None:
    me, client = ready()
    Credential.objects.filter(pk=me.account.credential_id).update(version=9)
    assert client.get(at(me, "-file")).status_code in (302, 404)
    assert copying.prepare_due(by=WORKER, at=now()) == 0
    assert not DataCopy.objects.exists()
    assert inside(me).get(at(me, "-file")).status_code == 302


def test_it_is_given_up_and_may_be_asked_again() -> None:
    me, client = asked()
    assert "déjà demandée" in said(client.post(at(me, "-ask"), follow=True))
    assert "annulée et effacée" in said(client.post(at(me, "-give-up"), follow=True))
    assert "Il n’y avait plus de copie" in said(client.post(at(me, "-give-up"), follow=True))
    assert not DataCopy.objects.exists()


def test_it_is_erased_after_its_days() -> None:
    me, client = ready()
    before: datetime = DataCopy.objects.get().expires_at or now()
    assert timedelta(days=6) < before - now() <= timedelta(days=7)
    assert copying.forget_old(by=WORKER, at=before - timedelta(minutes=1)) == 0
    assert copying.forget_old(by=WORKER, at=before) == 1
    assert client.get(at(me, "-file")).status_code == 302
    assert Entry.objects.filter(event="identity.copy_erased", subject=me.account.login_id).exists()
