"""Questions written to an office."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

from parvis.changes.services.attachments import keep_attachment
from parvis.contact.models import Conversation
from parvis.contact.services import asking
from parvis.contact.services.asking import Question
from tests.factories.landlords import Owner
from tests.factories.papers import paper

WORDS = "Bonjour, le loyer de mon locataire a changé en juin. Que dois-je faire ?"


def conversation(
    who: Owner,
    *,
    topic: str = "other",
    about: str = "Locataire n° 1234567",
    text: str = WORDS,
    files: int = 0,
    office: str = "",
    at: datetime | None = None,
) -> tuple[Conversation, UUID | None]:
    """A question with that many files, and the reference of the last one."""
    now, kept = at or datetime.now(UTC), []
    for number in range(files):
        kept.append(keep_attachment(paper(f"bail-{number}.pdf"), by=who.actor, at=now).opaque)
    place = office or who.landlord.third_party_numbers.order_by("pk")[0].office_id
    asked = Question(place, topic, about, text, tuple(kept))
    made = asking.ask(asked, key=uuid4(), by=who.actor, at=now)
    return made, kept[-1] if kept else None
