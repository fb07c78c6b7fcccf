"""What somebody left in a form of a change."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime

from parvis.changes.models import ChangeDraft, DraftForm
from parvis.identity.selectors.accounts import own_account
from parvis.kit.actors import Actor, ActorKind
from parvis.kit.encryption import open_


@dataclass(frozen=True, slots=True)
class Left:
    """The answers by the name of their field, as many values as were typed or ticked; none where nothing was left."""

    answers: dict[str, list[str]] = field(default_factory=dict)
    version: str = ""
    saved_at: datetime | None = None

    @property
    def words(self) -> str:
        """The text of a message, empty where none was typed."""
        return " ".join(self.answers.get("text", [])).strip()


def draft_of(actor: Actor, form: DraftForm, *, subject: str = "") -> Left:
    """One's own draft, never a colleague's; an agent who reads as the landlord sees none: it was told to nobody yet."""
    if actor.kind is not ActorKind.PARTNER:
        return Left()
    found = ChangeDraft.objects.filter(account_id=own_account(actor), form=form, subject=subject).first()
    if found is None:
        return Left()
    if DraftForm(found.form).is_sealed:
        answers = json.loads(open_(bytes(found.sealed), found.column)) if found.sealed is not None else {}
    else:
        answers = found.answers
    return Left(answers, str(found.version), found.saved_at)
