"""Changes asked, at every moment of their life."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from parvis.changes.models import ChangeKind, ChangeRequest, DirectPaymentOffer, StopLink
from parvis.changes.rules import Address
from parvis.changes.services import information, keeping
from parvis.changes.services.attachments import join_attachment, keep_attachment
from parvis.changes.services.bank import asking, stopping
from parvis.identity.models import Session
from parvis.identity.services.codes import Verdict
from tests.factories.identity import deliver, session_of
from tests.factories.landlords import Owner
from tests.factories.papers import paper
from tests.factories.tenancies import tenancy

NOW = datetime(2026, 7, 21, 8, 26, tzinfo=UTC)
HOME = Address("3 place du Bouffay", "", "", "44000", "NANTES")
IBAN = "FR7630006000011234567890189"
ANOTHER = "FR1420041010050500013M02606"
BELGIAN = "BE68539007547034"


def address_asked(
    who: Owner,
    *,
    at: datetime = NOW,
    key: UUID | None = None,
    everywhere: bool = False,
    street: str = HOME.address_1,
    from_day: date | None = None,
) -> list[ChangeRequest]:
    """A new address, asked as the page does."""
    return information.change_address(
        replace(HOME, address_1=street),
        from_day or at.date(),
        everywhere=everywhere,
        key=key or uuid4(),
        by=who.actor,
        at=at,
    )


def bank_typed(
    who: Owner,
    *,
    iban: str = IBAN,
    holder: str = "",
    session: Session | None = None,
    at: datetime = NOW,
    file: bytes = b"",
) -> tuple[ChangeRequest, Session]:
    """Another account, typed as the page does; its code is on the way."""
    session = session or session_of(who.account, at=at)
    joined = paper("rib.pdf", file) if file else None
    user_number = who.landlord.third_party_numbers.order_by("pk")[0].user_number
    typed = asking.Typed(user_number, holder or who.landlord.name, iban, joined)
    return asking.ask_bank_change(typed, session, by=who.actor, at=at), session


def bank_code(at: datetime = NOW) -> str:
    """The digits of the bank code among the mails that arrive."""
    (text,) = [str(message.body) for message in deliver(at) if "coordonnées bancaires" in str(message.subject)]
    found = re.search(r"(\d{3})\u00a0(\d{3})", text)
    assert found is not None, text
    return found[1] + found[2]


def bank_asked(
    who: Owner, *, iban: str = IBAN, holder: str = "", at: datetime = NOW, file: bytes = b""
) -> ChangeRequest:
    """The same, proved by its code: held, or waiting for a colleague."""
    change, session = bank_typed(who, iban=iban, holder=holder, at=at, file=file)
    outcome, proved = asking.prove_bank_change(change.opaque, session, bank_code(at), by=who.actor, at=at)
    assert outcome.verdict is Verdict.RIGHT
    return proved


def one_of_each_change(someone: Owner) -> dict[str, Any]:
    """What stands for each word of the addresses of changes: one typed, one held, an offer, a link that stops."""
    now = datetime.now(UTC)
    kept = keep_attachment(paper("rib.pdf"), by=someone.actor, at=now)
    own = someone.third_party_number
    bank: dict[str, Any] = {
        "kind": ChangeKind.BANK_DETAILS,
        "known_as": own,
        "by": someone.actor,
        "at": now,
        "details": {"account_holder": "Alliance Familiale"},
        "iban": b"closed",
        "iban_index": b"index",
        "iban_last4": "0189",
    }
    with transaction.atomic():
        held = keeping.begin(state="held", key=uuid4(), held_until=now + timedelta(days=3), **bank)
        typed = keeping.begin(state="asked", key=uuid4(), **bank)
        join_attachment(kept.opaque, held.number, by=someone.actor, at=now)
        unpaid = tenancy(someone.landlord, last_name="Petit", direct_payment=False)
        offer = DirectPaymentOffer.objects.create(
            tenancy=unpaid, landlord=someone.landlord, offered_at=now, answer_by=now.date() + timedelta(days=60)
        )
        link = StopLink.objects.create(change=held, made_at=now)
        stop = stopping.draw_link(link.pk, at=now)["stop"]
    return {
        "change": held.number,
        "attachment": kept.opaque,
        "bank_change": held.opaque,
        "bank-change-code.bank_change": typed.opaque,
        "bank-change-code-again.bank_change": typed.opaque,
        "offer": offer.opaque,
        "stop": stop,
    }
