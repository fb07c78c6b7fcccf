"""One of everything that has an address in the back office, all of it at one office; each made as the portal makes it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from parvis.agents.models import Alert, AlertKind
from parvis.agents.posts import Role
from parvis.agents.services import alerts, exports
from parvis.agents.services.openings import open_file
from parvis.changes.services.attachments import join_attachment, keep_attachment
from parvis.correspondence.models import Message
from parvis.correspondence.returns.models import ReturnedLetter, ReturnReason
from parvis.declarations.models import Declaration
from parvis.exchange.models import DeliveryFile, OutgoingDelivery
from parvis.exchange.services import outbound
from parvis.kit.actors import Duty, system
from parvis.kit.clock import day_in_paris
from parvis.landlords.models import Office
from parvis.parameters import banners
from parvis.parameters.models import BannerKind
from tests.exchange.inbox import BASE, TENANCY, Inbox
from tests.factories.agents import Colleague, colleague, invited
from tests.factories.awaited import rent_sent
from tests.factories.changes import BELGIAN, bank_asked
from tests.factories.contact import conversation
from tests.factories.correspondence import OFFICE, batched, letter
from tests.factories.landlords import Owner, owner
from tests.factories.papers import paper
from tests.factories.tenancies import tenancy

PLACE = "441"


def everywhere() -> Colleague:
    """An agent of every role, at every office."""
    return colleague(*[(role, "") for role in Role])


def opened_by(who: Colleague, someone: Owner) -> None:
    """The file of a landlord, opened today with a reason."""
    now = datetime.now(UTC)
    open_file(who.agent.pk, someone.landlord.pk, reason="call", note="", by=who.actor, at=now)


def things(folder: Path) -> tuple[Owner, dict[str, Any]]:
    """A landlord of the office, and what stands for each word of the addresses of agents."""
    now = datetime.now(UTC)
    someone, other = owner(), owner()
    alerts.ring(colleague((Role.RECEPTION, PLACE)).agent.pk, AlertKind.MANY_FILES, at=now)
    declared = rent_sent(someone)
    Declaration.objects.filter(pk=declared.pk).update(state="manual")
    asked, file = conversation(someone, files=1)
    flagged = bank_asked(other, iban=BELGIAN, at=now)
    return someone, {
        **_WORDS,
        **_letters(someone, now),
        **_deliveries(folder),
        "partner": someone.landlord.pk,
        "holder": someone.account.reference,
        "declaration": declared.opaque,
        "number": declared.receipt.number if declared.receipt else "",
        "manual": declared.opaque,
        "tenancy": tenancy(someone.landlord, last_name="Papier").reference,
        "conversation": asked.opaque,
        "attachment": file,
        "agent": colleague((Role.RECEPTION, PLACE)).agent.reference,
        "alert": Alert.objects.latest("pk").pk,
        "banner": _banner(now),
        "export": _export(now),
        "enrolment": invited()[1],
        "flagged": flagged.number,
        "change": bank_asked(someone, at=now).number,
        "agent-bank-paper.attachment": _joined(other, flagged.number),
        "agent-declaration-paper.attachment": _joined(someone, declared.reference or ""),
    }


_WORDS = {
    "agent_session": 1,
    "call": "mot-de-passe-refuse",
    "parameter": "code_delay",
    "accepted": "usage_rules",
    "family": "change-reasons",
    "text": "iban_refused",
    "agent-template.text": "identity/letters/identifier",
    "agent-template-paper.text": "identity/letters/identifier",
    "office": PLACE,
    "topic": "mail",
    "task": "take_in",
}
"""What the portal came with."""


def _letters(someone: Owner, now: datetime) -> dict[str, Any]:
    """A letter that was posted and came back, another that could not leave."""
    account = {"account_id": someone.account.pk, "partner_id": someone.landlord.pk}
    theirs = {"office": {**OFFICE, "name": str(Office.objects.get(pk=PLACE).name)}}
    posted, failed = letter(**account, context=theirs), letter(**account, context=theirs)
    batch = batched(posted, posted_on=day_in_paris(now) - timedelta(days=20))
    batch.number = "LOT-2026-9001"  # beside those the portal numbers itself
    batch.save()
    Message.objects.filter(pk=posted.pk).update(state="sent", sent_at=now - timedelta(days=21), number="L-2026-900001")
    Message.objects.filter(pk=failed.pk).update(state="failed", failure="L’adresse ne tient pas dans la fenêtre.")
    ReturnedLetter.objects.create(
        message=posted,
        partner_id=someone.landlord.pk,
        to_address=posted.to_address,
        reason=ReturnReason.NOT_THERE,
        noted_at=now,
        noted_by="a.gent",
    )
    return {
        "message": failed.reference,
        "file-message.message": posted.reference,
        "batch": batch.number,
        "batch_file": "manifeste.csv",
    }


def _joined(who: Owner, subject: str) -> UUID:
    """A file that goes with something of theirs."""
    now = datetime.now(UTC)
    kept = keep_attachment(paper("piece.pdf"), by=who.actor, at=now)
    join_attachment(kept.opaque, subject, by=who.actor, at=now)
    return kept.opaque


def _banner(now: datetime) -> Any:
    today = day_in_paris(now)
    words = banners.Wording(BannerKind.INFO, "Maintenance", "Le portail ferme dimanche matin.", "", today, today)
    return banners.write(words, by=everywhere().actor, at=now, on=today).reference


def _export(now: datetime) -> UUID:
    """A file somebody of the office asks for."""
    wanted = exports.Wanted("journal", "Journal d’un jour", "since=01/07/2026", 900, Duty.READ_JOURNAL, (PLACE,))
    return exports.ask(wanted, reason="Contrôle", by=colleague((Role.RIGHTS_OFFICER, PLACE)).actor, at=now).reference


def _deliveries(folder: Path) -> dict[str, Any]:
    """A delivery with a bad line, and one that left."""
    for part in ("in", "out"):
        (folder / part).mkdir()
    rent_sent(owner(), leave=False)
    inbox = Inbox(folder / "in")
    inbox.take(1, {**dict(BASE), "tenancies": [TENANCY | {"rent_cents": "abc"}]})
    outbound.send(folder / "out", by=system("tests"), at=datetime.now(UTC))
    bad = DeliveryFile.objects.filter(kind="tenancies").latest("pk")
    sent = OutgoingDelivery.objects.latest("sequence").sequence
    return {"delivery": bad.delivery_id, "position": bad.position, "sequence": sent}
