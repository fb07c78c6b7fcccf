"""The mail of a receipt carries the receipt, sealed as it is."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.core import mail
from django.db import connection

from parvis.correspondence import worker
from parvis.correspondence.models import Message
from parvis.declarations import paper
from parvis.declarations.paper import whole
from parvis.declarations.paper.whole import whole_paper
from parvis.declarations.selectors import ReceiptSheet, receipt_of
from parvis.declarations.selectors.receipts import SentRent, rents_of
from parvis.identity.models import Credential
from tests.declarations.test_submission import three_ready
from tests.factories import declarations as made
from tests.factories.declarations import NOW

pytestmark = pytest.mark.django_db


def test_the_mail_carries_the_receipt_the_same_as_on_its_page() -> None:
    who = three_ready()
    (receipt,) = made.sent(who)
    worker.run_until_empty(at=NOW)
    (sent,) = mail.outbox
    ((name, content, kind),) = sent.attachments
    assert (name, kind) == (f"accuse-{receipt.number}.pdf", "application/pdf")
    assert content == whole_paper(receipt_of(who.actor, receipt.number))
    assert Message.objects.get().attachment_name == name
    assert "Abadie" not in sent.body + str(sent.subject)


def test_a_receipt_that_proves_nothing_any_more_leaves_in_no_mail() -> None:
    who = three_ready()
    (receipt,) = made.sent(who)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE declarations_receipt SET person = 'Quelqu’un' WHERE id = %s", [receipt.pk])
        cursor.execute("SET LOCAL session_replication_role = origin")
    worker.run_until_empty(at=NOW)
    assert mail.outbox == []
    assert Message.objects.get().state == "failed"


@pytest.mark.parametrize("change", [{"frozen_at": NOW}, {"email": "autre@parvis.example"}])
def test_a_mailbox_blocked_or_left_meanwhile_gets_no_paper(change: dict[str, object]) -> None:
    who = three_ready()
    made.sent(who)
    Credential.objects.filter(pk=who.account.credential_id).update(**change)
    worker.run_until_empty(at=NOW)
    assert [sent.attachments for sent in mail.outbox] == [[]]


def test_a_long_receipt_is_sealed_without_ever_being_whole_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker prints none of its rents: it asks for one of them, and for the others some at a time."""
    monkeypatch.setattr(paper, "PRINTED", 2)
    asked: list[int | None] = []

    def watched(sheet: ReceiptSheet, **more: Any) -> list[SentRent]:
        asked.append(more["limit"])
        return rents_of(sheet, **more)

    monkeypatch.setattr(whole, "rents_of", watched)
    who = three_ready()
    (receipt,) = made.sent(who)
    sheet = receipt_of(who.actor, receipt.number)
    assert whole_paper(sheet).startswith(b"%PDF")
    assert asked == [1]
    table = b"".join(paper.rents_csv(sheet.year or 0, rents_of(sheet, limit=None), tells_confirmed=True))
    assert whole.table_digest(sheet) == hashlib.sha256(table).hexdigest()
    with whole.table_file(sheet) as file:
        assert file.read() == table
