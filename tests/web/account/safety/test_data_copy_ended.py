"""What ends a copy of one's data while it is being made, what of a closed account stays out of it, and one that cannot be made."""

from __future__ import annotations

from datetime import timedelta
from threading import Event, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse

from parvis.agents.posts import Role
from parvis.agents.services import openings
from parvis.contact.models import ConversationMessage
from parvis.identity.models import Credential, DataCopy
from parvis.identity.services import invited
from parvis.identity.services.access import freezing
from parvis.identity.services.own import contents, copying
from parvis.kit.actors import system
from tests.factories.agents import colleague
from tests.factories.awaited import rent_sent
from tests.factories.contact import conversation
from tests.factories.identity import deliver
from tests.factories.landlords import Owner, landlord, owner
from tests.web.account.safety.test_data_copy import WORKER, asked, at, taken, types, unzipped
from tests.web.account.visits import inside, now, regular, said

ADMINISTRATOR = system("administrator")


def two_organisations() -> tuple[Owner, Owner]:
    """One person with an account of each of two organisations."""
    me = regular(of=landlord(company_name="Reste SARL"))
    left = landlord(company_name="Parti SARL")
    owner(left)  # its administrator, who stays
    return me, owner(left, credential=me.account.credential)


@pytest.mark.django_db(transaction=True)
def test_this_is_not_me_waits_for_no_copy_that_is_being_made(monkeypatch: pytest.MonkeyPatch) -> None:
    me = regular()
    credential = me.account.credential
    whose: dict[str, Any] = {"credential": credential, "credential_version": credential.version, "account": me.account}
    DataCopy.objects.create(opaque=uuid4(), asked_at=now(), due_at=now(), **whose)
    link = freezing.link_for(credential.pk, "identity.copy_asked", at=now())
    value = freezing.draw_link(link.pk, at=now())["freeze"]
    inside_it, ended, real, made = Event(), Event(), contents.archive_of, list[int]()

    def slow(*whom: Any, **words: Any) -> bytes:
        inside_it.set()
        ended.wait(20)
        return real(*whom, **words)

    def work() -> None:
        made.append(copying.prepare_due(by=WORKER, at=now()))
        connection.close()

    monkeypatch.setattr(contents, "archive_of", slow)
    worker = Thread(target=work)
    worker.start()
    assert inside_it.wait(20)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
        assert freezing.freeze(value, at=now())
    finally:
        ended.set()
        worker.join()
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")
    assert Credential.objects.get(pk=credential.pk).frozen_at is not None
    assert made == [0]
    assert not DataCopy.objects.exists()


@pytest.mark.django_db
def test_of_a_closed_account_nothing_of_the_organisation_is_in_it() -> None:
    me, gone = two_organisations()
    rent_sent(gone)
    rent_sent(me)
    conversation(gone, text="Une question avant de partir")
    invited.close_account(gone.account.pk, by=ADMINISTRATOR, at=now())
    deliver(now())
    client = inside(me)
    client.post(at(me, "-ask"))
    types(me, client)
    DataCopy.objects.update(due_at=now())
    copying.prepare_due(by=WORKER, at=now())
    files = unzipped(taken(me, client))
    theirs = {name for name, content in files.items() if gone.account.login_id in content}
    own = {"profil.csv", "connexions.csv", "appareils.csv", "textes-acceptes.csv"}
    assert "profil.csv" in theirs
    assert theirs <= {"LISEZ-MOI.txt", "donnees.json", *own}
    assert "Fermés, sans ce que l’organisme y a fait et reçu" in files["LISEZ-MOI.txt"]
    assert "avant de partir" not in "".join(files.values())
    assert me.account.login_id in files["declarations.csv"]


@pytest.mark.django_db
def test_the_closing_of_an_account_ends_the_copy_that_holds_it() -> None:
    me, gone = two_organisations()
    client = inside(me)
    client.post(at(me, "-ask"))
    types(me, client)
    DataCopy.objects.update(due_at=now())
    assert copying.prepare_due(by=WORKER, at=now()) == 1
    invited.close_account(gone.account.pk, by=ADMINISTRATOR, at=now())
    assert not DataCopy.objects.exists()


@pytest.mark.django_db
def test_who_looked_at_a_request_or_its_paper_is_told() -> None:
    me = regular()
    client = inside(me)
    assert "Aucun agent n’a ouvert votre dossier, ni vos demandes, ni vos pièces jointes" in said(
        client.get(at(me, ""))
    )
    made, _ = conversation(me, text="Une question", files=1)
    clerk = colleague((Role.RECEPTION, "441"))
    openings.record_look(me.landlord.pk, made.number, by=clerk.actor, at=now())
    openings.record_look(me.landlord.pk, made.number, paper="bail.pdf", by=clerk.actor, at=now())
    page = said(client.get(at(me, "")))
    assert "Dossier à traiter regardé par un agent" in page
    assert "Pièce jointe ouverte par un agent" in page
    assert clerk.actor.label not in page
    assert "Aucun agent" not in page


@pytest.mark.django_db
def test_one_that_cannot_be_made_keeps_nobody_waiting() -> None:
    bad, _ = asked()
    made, _ = conversation(bad, text="Une question")
    deliver(now())
    good, _ = asked()
    ConversationMessage.objects.filter(conversation=made).update(text=b"rubbish")
    DataCopy.objects.filter(account=bad.account).update(due_at=now() - timedelta(minutes=5))
    DataCopy.objects.filter(account=good.account).update(due_at=now())
    assert copying.prepare_due(by=WORKER, at=now()) == 1
    assert DataCopy.objects.get(ready_at=None).account_id == bad.account.pk
    assert DataCopy.objects.get(ready_at=None).due_at > now()


@pytest.mark.django_db
def test_who_has_many_accounts_is_told_how_many_lines_of_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "MOST_IN_ALL", 14)
    me, _ = two_organisations()
    held = unzipped(HttpResponse(contents.archive_of(me.account.credential_id, at=now())))
    assert "aux 7\u00a0lignes les plus récentes" in held["LISEZ-MOI.txt"]
