"""The mails about payments: to whom, of what, once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from parvis.correspondence import worker
from parvis.correspondence.models import Message
from parvis.identity.models import Account, Credential, PaymentEmails
from parvis.kit.actors import Right
from parvis.landlords.models import Membership
from parvis.tenancies.models import Tenancy, Transfer
from parvis.tenancies.services import payment_emails
from tests.factories.landlords import Owner, landlord, owner
from tests.factories.tenancies import payment, tenancy
from tests.identity.test_races import at_once
from tests.tenancies.payments.conftest import JULY, JUNE

pytestmark = pytest.mark.django_db(transaction=True)
NOON = datetime(2026, 8, 5, 10, 0, tzinfo=UTC)
"""The day the transfer of July is paid."""


def wishes(me: Owner, chosen: PaymentEmails) -> None:
    Account.objects.filter(pk=me.account.pk).update(payment_emails=chosen)


def subjects(at: datetime = NOON) -> list[str]:
    worker.run_until_empty(at=at)
    return [words.replace("\u00a0", " ") for words in Message.objects.order_by("pk").values_list("subject", flat=True)]


@pytest.fixture
def steady(me: Owner) -> Tenancy:
    """Paid the same for June and July."""
    flat = tenancy(me.landlord)
    payment(flat, JUNE, 20_000)
    payment(flat, JULY, 20_000)
    return flat


def test_each_transfer_is_told_to_who_wishes_it(me: Owner, steady: Tenancy) -> None:
    wishes(me, PaymentEmails.EACH)
    assert payment_emails.tell_due(at=NOON) == 1
    assert subjects() == ["200,00 € versés le 5 août"]
    body = Message.objects.get().body
    assert str(Transfer.objects.get(paid_on=date(2026, 8, 5)).reference) in body
    assert "Moreau" not in body


def test_nothing_is_told_of_a_steady_transfer_unless_wished(me: Owner, steady: Tenancy) -> None:
    assert payment_emails.tell_due(at=NOON) == 0
    wishes(me, PaymentEmails.EACH)
    assert payment_emails.tell_due(at=NOON) == 0, "it was nobody's news then, it is none now"


def test_a_change_and_a_missing_payment_are_told(me: Owner, two_months: dict[str, Tenancy]) -> None:
    assert payment_emails.tell_due(at=NOON) == 1
    assert subjects() == ["Pas de versement ce mois-ci pour 1 locataire"]
    body = Message.objects.get().body.replace("\u00a0", " ")
    assert "485,00 € versés le 5 août 2026" in body
    assert "−115,00 €" in body


def test_who_has_left_is_not_missed(me: Owner, two_months: dict[str, Tenancy]) -> None:
    Tenancy.objects.filter(pk=two_months["stopped"].pk).update(end_on=date(2026, 7, 1))
    payment_emails.tell_due(at=NOON)
    assert subjects() == ["Votre versement change : −115,00 €"]


def test_an_aid_of_nothing_is_a_payment_that_did_not_come(me: Owner, steady: Tenancy) -> None:
    other = tenancy(me.landlord)
    payment(other, JUNE, 10_000)
    payment(other, JULY, 0, reason_code="file_pending")
    payment_emails.tell_due(at=NOON)
    assert subjects() == ["Pas de versement ce mois-ci pour 1 locataire"]
    assert Transfer.objects.get(paid_on=date(2026, 8, 5)).tenancies == 1


def test_a_transfer_is_told_once_however_often_it_is_delivered(me: Owner, two_months: dict[str, Tenancy]) -> None:
    assert payment_emails.tell_due(at=NOON) == 1
    payment(two_months["stays"], JULY, 1_000, kind="back_payment")
    assert payment_emails.tell_due(at=NOON + timedelta(days=1)) == 0


def test_history_is_no_news_and_neither_is_what_is_still_to_come(me: Owner, two_months: dict[str, Tenancy]) -> None:
    assert payment_emails.tell_due(at=NOON - timedelta(days=1)) == 0
    assert payment_emails.tell_due(at=NOON + timedelta(days=10)) == 0
    assert payment_emails.tell_due(at=NOON) == 1


@pytest.mark.parametrize("why", ["right", "ended", "office", "wish", "mailbox", "frozen"])
def test_nobody_is_told_who_may_not_or_will_not(me: Owner, two_months: dict[str, Tenancy], why: str) -> None:
    if why == "right":
        me.account.habilitations.filter(right=Right.PAYMENTS.value).delete()
    elif why == "ended":
        me.account.habilitations.filter(right=Right.PAYMENTS.value).update(ended_at=NOON - timedelta(hours=1))
    elif why == "office":
        Membership.objects.create(account=me.account, offices=["751"])
    elif why == "wish":
        wishes(me, PaymentEmails.NONE)
    elif why == "mailbox":
        credential = me.account.credential
        credential.email, credential.email_proved_at = None, None
        credential.save()
    else:
        Credential.objects.filter(pk=me.account.credential_id).update(frozen_at=NOON)
    assert payment_emails.tell_due(at=NOON) == 0


def test_one_mail_counts_the_transfers_of_many_companies(me: Owner) -> None:
    other = owner(landlord(company_name="SCI Tilleul"), credential=me.account.credential)
    for one in (me, other):
        wishes(one, PaymentEmails.EACH)
        payment(tenancy(one.landlord), JULY, 20_000)
    assert payment_emails.tell_due(at=NOON) == 1
    assert subjects() == ["2 versements : 400,00 €"]
    body = Message.objects.get().body
    assert "SCI Tilleul" in body
    assert "/comptes/" in body


def test_blocks_follow_one_another_until_all_is_told(me: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payment_emails, "BLOCK", 1)
    for one in (me, owner(), owner()):
        wishes(one, PaymentEmails.EACH)
        payment(tenancy(one.landlord), JULY, 20_000)
    assert payment_emails.tell_due(at=NOON) == 3
    assert not Transfer.objects.filter(told_at=None).exists()


def test_two_workers_at_once_tell_each_transfer_once(me: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payment_emails, "BLOCK", 2)
    for one in (me, *(owner() for _ in range(7))):
        wishes(one, PaymentEmails.EACH)
        payment(tenancy(one.landlord), JULY, 20_000)
    told = at_once(4, lambda _: payment_emails.tell_due(at=NOON))
    assert sum(told) == 8
    assert Message.objects.values("to_email").distinct().count() == Message.objects.count() == 8
