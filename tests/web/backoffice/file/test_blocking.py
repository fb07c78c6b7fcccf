"""« Bloquer l’accès »: what an agent does when a thief may be in, even with the only administrator's access."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.db import connection

from parvis.agents.posts import Role
from parvis.audit import purging, sealing
from parvis.audit.models import Entry
from parvis.correspondence.models import Message
from parvis.correspondence.rendering.texts import words_of
from parvis.identity.models import AccountState, Credential, FormerMailbox, Session
from parvis.identity.services.access import freezing
from parvis.kit.refusals import ActNotPossible, DutyMissing, NotFound
from parvis.landlords.refusals import LastAdministrator, NoReasonGiven
from parvis.landlords.services import by_agent
from parvis.landlords.services.users import blocking
from tests.factories.agents import colleague
from tests.factories.landlords import Owner, owner
from tests.web.backoffice.file.opening import file_of, opened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("some_without_administrator")]
NOW = datetime.now(UTC)
FILLING = import_module("parvis.identity.migrations.0018_which_are_frozen_by_office")
WHY = "Le bailleur appelle : il n’a rien demandé"


@pytest.fixture
def sole() -> Owner:
    """The only administrator of an organisation."""
    return owner()


def block(someone: Owner, *, by: Role = Role.RIGHTS_OFFICER, place: str = "441", reason: str = WHY) -> None:
    who = colleague((by, place)).actor
    blocking.block(someone.landlord.pk, someone.account.reference, reason=reason, by=who, at=NOW)


def unlock(someone: Owner, role: Role) -> None:
    by = colleague((role, "441")).actor
    by_agent.unlock(someone.landlord.pk, someone.account.reference, reason=WHY, by=by, at=NOW)


def frozen_at(someone: Owner) -> datetime | None:
    return Credential.objects.values_list("frozen_at", flat=True).get(pk=someone.account.credential_id)


def test_the_only_administrator_is_blocked_and_keeps_the_role(sole: Owner) -> None:
    browser = sole.browser()
    by = colleague((Role.RIGHTS_OFFICER, "441")).actor
    with pytest.raises(LastAdministrator, match="bloquez son accès"):
        by_agent.suspend(sole.landlord.pk, sole.account.reference, reason=WHY, by=by, at=NOW)
    block(sole)
    assert frozen_at(sole) == NOW
    assert browser.get(f"/c/{sole.account.reference}/").status_code != 200
    assert not Session.objects.filter(credential=sole.account.credential_id, ends_at__gt=NOW).exists()
    assert sole.account.habilitations.filter(right="administer", ended_at=None).exists()
    entry = Entry.objects.get(event="identity.frozen_by_office")
    assert (entry.partner_id, entry.details["reason"]) == (sole.landlord.pk, WHY)


def test_the_mailboxes_and_the_seat_are_told_once(sole: Owner) -> None:
    FormerMailbox.objects.create(
        credential=sole.account.credential,
        email="avant@agence.example",
        left_at=NOW,
        told_until=NOW + timedelta(days=9),
    )
    for _ in range(2):
        block(sole)
    mails = Message.objects.filter(template="identity/emails/frozen")
    assert {mail.to_email for mail in mails} == {sole.account.credential.email, "avant@agence.example"}
    assert mails.count() == 2
    assert "Votre caisse a un doute" in words_of(mails[0].template, mails[0].context)
    letter = Message.objects.get(template="landlords/letters/access_blocked")
    assert WHY not in words_of(letter.template, letter.context)
    assert Entry.objects.filter(event="identity.frozen_by_office").count() == 1


def test_what_an_agent_blocked_reception_does_not_open(sole: Owner) -> None:
    block(sole)
    with pytest.raises(DutyMissing):
        unlock(sole, Role.RECEPTION)
    assert frozen_at(sole) == NOW
    unlock(sole, Role.RIGHTS_OFFICER)
    assert frozen_at(sole) is None
    freezing.freeze_credential(sole.account.credential_id, because="profile", by=sole.actor, at=NOW)
    unlock(sole, Role.RECEPTION)
    assert frozen_at(sole) is None, "what the owner asked for, reception opens"


def test_who_blocked_is_known_after_the_journal_is_purged(
    sole: Owner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "heads_path", lambda: tmp_path / "heads.jsonl")
    long_ago, by = NOW - timedelta(days=400), colleague((Role.RIGHTS_OFFICER, "441")).actor
    blocking.block(sole.landlord.pk, sole.account.reference, reason=WHY, by=by, at=long_ago)
    sealing.seal(at=long_ago)
    purging.purge(before=NOW - timedelta(days=365))
    assert not Entry.objects.filter(event="identity.frozen_by_office").exists()
    with pytest.raises(DutyMissing):
        unlock(sole, Role.RECEPTION)


def test_what_was_blocked_before_it_stood_on_the_credential_is_read_once_from_the_journal(sole: Owner) -> None:
    theirs, thawed = owner(), owner()
    for someone in (sole, thawed):
        block(someone)
    unlock(thawed, Role.RIGHTS_OFFICER)
    for someone in (theirs, thawed):
        freezing.freeze_credential(someone.account.credential_id, because="profile", by=someone.actor, at=NOW)
    Credential.objects.update(frozen_by_office=False)
    with connection.cursor() as cursor:
        cursor.execute(FILLING.FROZEN)
    assert Credential.objects.get(frozen_by_office=True).pk == sole.account.credential_id


def test_what_its_owner_froze_an_agent_makes_theirs(sole: Owner) -> None:
    before = NOW - timedelta(hours=1)
    freezing.freeze_credential(sole.account.credential_id, because="profile", by=sole.actor, at=before)
    browser = opened(colleague((Role.RIGHTS_OFFICER, "441")), sole)
    where = f"{file_of(sole)}comptes/{sole.account.reference}/"
    assert f"{where}bloquer/" in browser.get(where).content.decode()
    assert " par la caisse." not in browser.get(file_of(sole)).content.decode()
    page = browser.post(f"{where}bloquer/", {"reason": WHY}, follow=True).content.decode()
    assert "Un mail et un courrier préviennent le bailleur." in page
    assert f"{where}bloquer/" not in page
    assert " par la caisse." in browser.get(file_of(sole)).content.decode()
    assert frozen_at(sole) == before
    assert Message.objects.filter(template="landlords/letters/access_blocked").count() == 1
    assert Message.objects.filter(template="identity/emails/frozen").count() == 2, "the owner’s, and the office’s"
    assert Entry.objects.get(event="identity.frozen_by_office").details["reason"] == WHY
    with pytest.raises(DutyMissing):
        unlock(sole, Role.RECEPTION)
    freezing.freeze_credential(sole.account.credential_id, because="profile", by=sole.actor, at=NOW)
    assert freezing.is_frozen_by_office(sole.account.credential_id), "its owner does not make it theirs again"


def test_from_a_form_opened_before_nothing_is_told_that_was_not_done(sole: Owner) -> None:
    browser = opened(colleague((Role.RIGHTS_OFFICER, "441")), sole)
    block(sole)
    where = f"{file_of(sole)}comptes/{sole.account.reference}/bloquer/"
    page = browser.post(where, {"reason": WHY}, follow=True).content.decode()
    assert "L’accès était déjà bloqué par la caisse." in page
    assert "préviennent le bailleur" not in page
    assert Message.objects.filter(template="landlords/letters/access_blocked").count() == 1


def test_it_says_why_and_does_not_reach_what_is_closed(sole: Owner) -> None:
    with pytest.raises(NoReasonGiven):
        block(sole, reason="  ")
    other = owner(sole.landlord)
    other.account.state, other.account.disabled_at = AccountState.DISABLED, NOW
    other.account.save()
    with pytest.raises(ActNotPossible):
        block(other)
    with pytest.raises(NotFound):
        block(replace(sole, account=owner().account))
    assert not Message.objects.exists()


def test_from_the_file_the_button_leads_to_it_and_the_card_says_so(sole: Owner) -> None:
    browser = opened(colleague((Role.RIGHTS_OFFICER, "441")), sole)
    where = f"{file_of(sole)}comptes/{sole.account.reference}/"
    assert "Bloquer l’accès" in browser.get(where).content.decode()
    page = browser.post(f"{where}bloquer/", {"reason": WHY}, follow=True).content.decode()
    assert "L’accès est bloqué." in page
    assert f"{where}bloquer/" not in page
    assert "Débloquer" in page
