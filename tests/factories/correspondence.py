"""Messages, and texts that exist in tests only."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import transaction
from jinja2 import ChoiceLoader, DictLoader

from parvis.correspondence.models import BatchState, LetterBatch, Message
from parvis.correspondence.rendering import texts
from parvis.correspondence.services import queue_email, queue_letter

AT = datetime(2026, 7, 13, 8, 0, tzinfo=UTC)
TEXTS = {
    "tests/emails/hello.txt": "Bonjour {{ account_name }}\n\nVotre **espace** est ouvert.\n\n=> Ouvrir | /connexion\n",
    "tests/emails/code.txt": "{{ code }} est votre code\n\n> {{ code }}\n\nValable jusqu’au {{ until }}.\n",
    "tests/letters/hello.txt": "Votre identifiant\n\nBonjour.\n\n> Identifiant | {{ login_id }}\n",
    "tests/letters/password.txt": "Votre mot de passe\n\n> Mot de passe | {{ code }}\n\nAvant le {{ until }}.\n",
    "tests/letters/endless.txt": "Trop long\n\n{% for i in range(90) %}\nUn paragraphe.\n\n{% endfor %}",
    "tests/letters/broken.txt": "Cassé\n\n{{ nobody_gave_this }}\n",
}
OFFICE = {
    "name": "Caf de Loire-Atlantique",
    "address": ["22 rue de Malville", "44937 Nantes cedex 9"],
    "phone": "32 30",
}
CONTEXT: dict[str, Any] = {
    "account_name": "Agence des Trois Tilleuls",
    "login_id": "LOG012345A",
    "user_number": "44100046470V12",
    "office": OFFICE,
}
ADDRESS = ["Agence des Trois Tilleuls", "12 rue de l’Église", "44000 Nantes"]


def write_texts() -> None:
    """Let the texts above be found beside the rooms' own."""
    env = texts._environment()
    if not isinstance(env.loader, ChoiceLoader):
        assert env.loader is not None
        env.loader = ChoiceLoader([DictLoader(TEXTS), env.loader])


def email(*, to: str = "lina@tilleuls.example", template: str = "tests/emails/hello", **more: Any) -> Message:
    """A queued e-mail."""
    write_texts()
    with transaction.atomic():
        return queue_email(to=to, template=template, context={**CONTEXT, **more.pop("context", {})}, at=AT, **more)


def letter(*, template: str = "tests/letters/hello", **more: Any) -> Message:
    """A queued letter."""
    write_texts()
    context = {**CONTEXT, **more.pop("context", {})}
    with transaction.atomic():
        return queue_letter(to_address=ADDRESS, template=template, context=context, at=AT, **more)


def batched(*letters: Message, posted_on: date | None = None) -> LetterBatch:
    """The letters in a batch of two agents: approved, or already posted some day, expected six days later."""
    made = datetime.now(UTC)
    batch = LetterBatch.objects.create(
        number=f"LOT-2026-{LetterBatch.objects.count() + 1:04d}",
        state=BatchState.POSTED if posted_on else BatchState.APPROVED,
        count=len(letters),
        price_cents=110,
        prepared_at=made,
        prepared_by="l.one",
        approved_at=made,
        approved_by="l.two",
        made_at=made if posted_on else None,
        handed_over_at=made if posted_on else None,
        posted_on=posted_on,
        expected_on=posted_on + timedelta(days=6) if posted_on else None,
    )
    Message.objects.filter(pk__in=[one.pk for one in letters]).update(batch=batch)
    return batch
