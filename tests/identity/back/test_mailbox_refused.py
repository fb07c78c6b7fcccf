"""A mailbox that nobody has any more gives no password back; its owner, who reads a code in it, makes it good again."""

from __future__ import annotations

import smtplib
from datetime import timedelta
from pathlib import Path
from typing import Any

import django.core.mail.backends.locmem  # noqa: F401 - what the worker's tests replace
import pytest
from django.core.management import call_command

from parvis.audit.models import Entry
from parvis.correspondence import worker
from parvis.correspondence.models import Message
from parvis.correspondence.returns.bounces import Bounce
from parvis.identity.models import Account, Credential, OneTimeCode, Purpose
from parvis.identity.services import codes
from parvis.identity.services.access import code_first, recovery
from parvis.identity.services.own import mailbox_refused
from tests.correspondence.batches.test_bounces import report
from tests.correspondence.worker.test_worker import fails_with
from tests.factories.agents import colleague
from tests.factories.correspondence import email
from tests.factories.identity import NOW, actor_of, code_received, deliver, session_of
from tests.factories.landlords import Owner, owner
from tests.web.backoffice.file.opening import file_of, opened

pytestmark = pytest.mark.django_db


def written_to(who: Owner) -> Message:
    """A mail that left to a proved mailbox."""
    return Message.objects.create(
        reference="M-123456789012",
        channel="email",
        template="identity/emails/identifier_again",
        to_email=who.account.credential.email or "",
        account_id=who.account.pk,
        partner_id=who.landlord.pk,
        state="sent",
        due_at=NOW,
        created_at=NOW,
        sent_at=NOW,
    )


def bounced(who: Owner, status: str = "5.1.1") -> bool:
    return mailbox_refused.note(Bounce(written_to(who).reference, status, True), at=NOW)


def refused_at(of: Account) -> object:
    return Credential.objects.values_list("email_refused_at", flat=True).get(accounts=of)


@pytest.mark.parametrize(
    ("answer", "counts"),
    [
        ((550, b"5.1.1 user unknown"), True),
        ((550, b"no such user here"), False),
        ((550, b"rejected by our policy"), False),
        ((550, b"5.7.1 we do not like your network"), False),
        ((552, b"mailbox full"), False),
        ((553, "5.1.3 no address"), True),
    ],
)
def test_what_is_refused_at_once_counts_as_what_comes_back(
    answer: tuple[int, Any], counts: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = owner()
    address = who.account.credential.email or ""
    fails_with(monkeypatch, smtplib.SMTPRecipientsRefused({address: answer}))
    email(to=address)
    worker.run_until_empty(at=NOW)
    assert (refused_at(who.account) == NOW) is counts
    told = Entry.objects.filter(event="identity.mailbox_refused", subject=who.account.login_id)
    assert told.exists() is counts
    assert Message.objects.get().state == "failed"


def asks_a_password(who: Owner) -> int:
    """How many mails leave for « Mot de passe oublié »."""
    session = session_of(who.account)
    recovery.ask(session, who.account.login_id, address="203.0.113.9", at=NOW)
    assert OneTimeCode.objects.filter(session=session, purpose=Purpose.RECOVER).exists(), "the page is the same"
    return len(deliver(NOW))


def test_a_mailbox_that_nobody_has_gives_no_password_back(tmp_path: Path) -> None:
    who = owner()
    (tmp_path / "1.eml").write_bytes(report(written_to(who).reference))
    call_command("bounces", str(tmp_path), skip_checks=True)
    assert refused_at(who.account) is not None
    assert asks_a_password(who) == 0
    assert Entry.objects.get(event="identity.mailbox_refused").partner_id == who.landlord.pk
    page = opened(colleague(), who).get(f"{file_of(who)}comptes/{who.account.reference}/").content.decode()
    assert "refusée par son serveur le" in page


@pytest.mark.parametrize("status", ["5.2.2", "5.7.1", "5.3.0", "5.1.7", "5.4.4"])
def test_one_that_is_full_or_refuses_our_mail_is_still_its_owner_s(status: str) -> None:
    who = owner()
    assert bounced(who, status)
    assert refused_at(who.account) is None
    assert asks_a_password(who) == 1


def test_a_code_read_in_it_makes_it_good_again() -> None:
    who = owner()
    bounced(who)
    session = session_of(who.account)
    codes.ask(
        session,
        Purpose.SIGN_IN,
        who.account.credential.email or "",
        credential_id=who.account.credential_id,
        by=actor_of(who.account),
        at=NOW,
    )
    assert codes.check(session, Purpose.SIGN_IN, "000000", at=NOW).verdict is not codes.Verdict.RIGHT
    assert refused_at(who.account) is not None
    assert codes.check(session, Purpose.SIGN_IN, code_received(NOW), at=NOW).verdict is codes.Verdict.RIGHT
    assert refused_at(who.account) is None


def test_who_knows_the_password_still_comes_in_by_a_code() -> None:
    who = owner()
    bounced(who)
    session = session_of(who.account)
    code_first.ask(session, who.account.login_id, address="203.0.113.9", at=NOW + timedelta(minutes=1))
    assert len(deliver(NOW + timedelta(minutes=1))) == 1


def test_told_twice_it_is_noted_once() -> None:
    who = owner()
    assert bounced(who)
    assert not mailbox_refused.note(Bounce("M-123456789012", "5.1.1", True), at=NOW)
    assert Entry.objects.filter(event="identity.mailbox_refused").count() == 1
