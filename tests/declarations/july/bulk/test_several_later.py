"""Files of several accounts confirmed; what the worker does of them, and of whoever lost the right in between."""

from __future__ import annotations

from datetime import timedelta

import pytest

from parvis.correspondence.models import Message
from parvis.declarations.bulk import confirming, intake
from parvis.declarations.bulk.confirming import several as all_of_them
from parvis.declarations.bulk.confirming.several import confirm_all
from parvis.declarations.bulk.intake import receiving, several
from parvis.declarations.bulk.intake.overview import overview
from parvis.declarations.bulk.refusals import FileNotChecked
from parvis.declarations.models import Receipt
from parvis.kit.actors import Right
from parvis.landlords.models import Habilitation
from tests.declarations.july.bulk.test_several import file_of, keyed, sent_in, table, two
from tests.factories import declarations as made
from tests.factories.declarations import NOW, YEAR

pytestmark = pytest.mark.django_db


def test_each_account_is_confirmed_with_its_own_receipt_once() -> None:
    me, other, (abadie, benali, zola, _) = two()
    upload = sent_in(me, table(keyed(abadie, "525"), keyed(benali, "5240"), keyed(zola, "526")))
    credential = me.account.credential_id
    done = confirm_all(credential, upload.reference, wish="send", wants_unsure=True, at=NOW)
    again = confirm_all(credential, upload.reference, wish="send", wants_unsure=True, at=NOW)
    assert (done.accounts, done.refused, again.accounts) == (2, [], 0)
    assert dict(Receipt.objects.values_list("account_id", "count")) == {me.account.pk: 1, other.account.pk: 1}
    assert [draft.typed for draft in made.drafts_of()] == ["5240"]
    seen = overview(upload, at=NOW)
    assert [(part.sent, part.file.kept) for part in seen.parts] == [(1, 2), (1, 1)]
    assert seen.is_begun
    assert not seen.is_open


def test_a_right_lost_in_between_holds_back_its_account_alone() -> None:
    me, other, (abadie, _, zola, _) = two()
    upload = sent_in(me, table(keyed(abadie, "525"), keyed(zola, "526")))
    Habilitation.objects.filter(account=other.account, right=Right.DECLARE).update(ended_at=NOW)
    done = confirm_all(me.account.credential_id, upload.reference, wish="send", at=NOW)
    assert done.accounts == 1
    assert "Les Deux Rives" in done.refused[0]
    assert "Déclarer" in done.refused[0]
    assert set(Receipt.objects.values_list("account_id", flat=True)) == {me.account.pk}
    assert file_of(other).state == "ready"
    assert [part.may_declare for part in overview(upload, at=NOW).parts] == [True, False]


def test_long_files_are_parted_and_checked_by_the_worker_and_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "SMALL_BYTES", 0)
    me, _, (abadie, _, zola, _) = two()
    upload = sent_in(me, table(keyed(abadie, "525"), keyed(zola, "526")))
    assert (upload.state, upload.in_background) == ("received", True)
    with pytest.raises(FileNotChecked):
        confirm_all(me.account.credential_id, upload.reference, wish="send", at=NOW)
    worked = [intake.work_one(at=NOW) for _ in range(4)]
    assert worked == [True, True, True, False]
    assert [part.state for part in upload.parts.all()] == ["ready", "ready"]
    (mail,) = Message.objects.filter(template="declarations/emails/file_checked")
    assert f"/comptes/loyers-a-declarer/fichiers/{upload.reference}/" in str(mail.context)
    assert mail.context["ready"] == 2


def test_a_long_file_that_cannot_be_used_says_so_on_its_page_and_by_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "SMALL_BYTES", 0)
    me, _, (abadie, *_) = two()
    upload = sent_in(me, table(keyed(abadie, "")))
    intake.work_one(at=NOW)
    upload.refresh_from_db()
    assert (upload.state, upload.content) == ("refused", None)
    assert "Aucun loyer n’est rempli" in upload.refusal
    assert Message.objects.filter(template="declarations/emails/file_stopped").count() == 1


def test_many_accounts_are_left_to_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(several, "AT_ONCE", 1)
    monkeypatch.setattr(all_of_them, "AT_ONCE", 1)
    me, other, (abadie, _, zola, _) = two()
    upload = sent_in(me, table(keyed(abadie, "525"), keyed(zola, "526")))
    assert {part.state for part in upload.parts.all()} == {"received"}
    while intake.work_one(at=NOW):
        pass
    done = confirm_all(me.account.credential_id, upload.reference, wish="send", at=NOW)
    assert done.accounts == 2
    assert [part.state for part in upload.parts.order_by("pk")] == ["confirmed", "confirming"]
    intake.work_one(at=NOW)
    assert set(Receipt.objects.values_list("account_id", flat=True)) == {me.account.pk, other.account.pk}


@pytest.mark.parametrize("state", ["reading", "confirming"])
def test_the_worker_asks_for_the_right_too(state: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "SMALL_BYTES", 0 if state == "reading" else 400_000)
    me, _, (abadie, *_) = two()
    file = intake.receive(me.actor, YEAR, name="a.csv", content=table(keyed(abadie, "525")), at=NOW)
    if state == "confirming":
        confirming.confirm(me.actor, file.reference, wish="send", later=True, at=NOW)
    Habilitation.objects.filter(account=me.account, right=Right.DECLARE).update(ended_at=NOW)
    assert intake.work_one(at=NOW + timedelta(seconds=1))
    file.refresh_from_db()
    assert file.state == ("refused" if state == "reading" else "ready")
    assert "Déclarer" in file.refusal
    assert not Receipt.objects.exists()
