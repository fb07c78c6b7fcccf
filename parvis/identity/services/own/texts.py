"""The texts a person accepts: published in versions, accepted one by one, asked again when they change."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from parvis.audit.journal import record
from parvis.identity import events
from parvis.identity.models import Acceptance, TextKind, TextVersion
from parvis.identity.refusals import NotYetReadable, TextNotReady
from parvis.identity.selectors.accounts import own_account
from parvis.identity.selectors.texts import in_force
from parvis.kit.actors import Actor, Duty, check_holds
from parvis.kit.db import one_row
from parvis.kit.refusals import ChangedMeanwhile
from parvis.parameters.services import said_why

LONGEST_LABEL = 60
MOST_SUMMARY, LONGEST_SENTENCE = 3, 200


@transaction.atomic
def publish(
    kind: TextKind,
    *,
    summary: list[str],
    body: list[dict[str, Any]],
    by: Actor,
    at: datetime,
    reason: str = "",
    seen: int | None = None,
) -> TextVersion:
    """Put a new version in force from ``at`` on; everybody is asked again at their next page.

    ``summary`` is what the page says first; ``body`` is a list of ``{"title": …, "paragraphs": […]}``. Two who publish
    at once get two versions or one refusal of the database, never two texts under one number. ``seen`` is the version the
    page was made with; if another came between it is refused. None asks nothing. Agents give a ``reason``.
    """
    check_holds(by, Duty.EDIT_TEXTS)
    check(summary, body)
    words = said_why(reason, by)
    one_row("SELECT pg_advisory_xact_lock(hashtext('identity.texts'))", [])
    latest = TextVersion.objects.filter(kind=kind).order_by("-version").first()
    if latest is not None and (latest.summary, latest.body) == (summary, body):
        return latest
    newest = latest.version if latest else 0
    if seen is not None and seen != newest:
        raise ChangedMeanwhile(
            f"La version {newest} a été publiée entre-temps\u00a0: elle est ci-dessous. Reprenez-la avant de publier la vôtre."
        )
    text = TextVersion.objects.create(
        kind=kind,
        version=newest + 1,
        published_at=at,
        summary=summary,
        body=body,
        published_by=by.label[:LONGEST_LABEL],
        reason=words,
    )
    why = {"reason": words} if words else {}
    record(events.TEXT_PUBLISHED, subject=f"{kind.value} {text.version}", by=by, at=at, **why)
    return text


def check(summary: list[str], body: list[dict[str, Any]]) -> None:
    """Refuse a version that does not say what changes in three sentences at most, or has no words."""
    if not 1 <= len(summary) <= MOST_SUMMARY or any(len(sentence) > LONGEST_SENTENCE for sentence in summary):
        sentence = f"Une à {MOST_SUMMARY} phrases, de {LONGEST_SENTENCE} caractères au plus."
        raise TextNotReady(sentence, field="summary")
    if not body or any(not part["title"] or not part["paragraphs"] for part in body):
        sentence = "Chaque partie a un titre, après «\u00a0##\u00a0», puis un paragraphe au moins."
        raise TextNotReady(sentence, field="body")


@transaction.atomic
def accept(kind: TextKind, version: int, *, by: Actor, at: datetime) -> None:
    """Accept the version one has read; refuses one that is no longer, or not yet, in force. Twice is once."""
    text = in_force(kind, at=at)
    if text.version != version:
        raise NotYetReadable
    _, fresh = Acceptance.objects.get_or_create(account_id=own_account(by), text=text, defaults={"accepted_at": at})
    if fresh:
        record(events.TEXT_ACCEPTED, subject=by.label, by=by, at=at, text=kind.value, version=version)
