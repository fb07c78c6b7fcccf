"""« À savoir » : banners for an office and a period, written, shown, withdrawn."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from parvis.audit.journal import Event, record
from parvis.kit.actors import Actor, Duty, check_holds
from parvis.kit.refusals import NotFound, Refusal
from parvis.parameters import kept
from parvis.parameters.kept import ShownBanner
from parvis.parameters.models import Banner, BannerKind

BANNER_WRITTEN = Event("parameters.banner_written", "Bandeau «\u00a0À savoir\u00a0» écrit")
BANNER_WITHDRAWN = Event("parameters.banner_withdrawn", "Bandeau «\u00a0À savoir\u00a0» retiré")
LONGEST_TITLE, LONGEST_BODY, LONGEST_PERIOD = 80, 300, timedelta(days=366)


class BannerNotPossible(Refusal):
    """What was typed cannot be shown, or would never be."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A banner as typed; ``office_code`` is empty for everybody."""

    kind: BannerKind
    title: str
    body: str
    office_code: str
    starts_on: date
    ends_on: date


def banners_for(offices: Collection[str], *, on: date) -> list[ShownBanner]:
    """What is shown that day to landlords of these offices, the most urgent first; without offices, what everybody sees."""
    order = (BannerKind.BAD, BannerKind.WARM, BannerKind.INFO)
    shown = [
        banner
        for banner in kept.kept().banners
        if banner.starts_on <= on <= banner.ends_on and (not banner.office_code or banner.office_code in offices)
    ]
    return sorted(shown, key=lambda banner: (order.index(BannerKind(banner.kind)), -banner.id))


def banners(*, past: bool, on: date) -> list[Banner]:
    """Those to come and in force, or the last hundred that are over or withdrawn."""
    if not past:
        return list(Banner.objects.filter(withdrawn_at=None, ends_on__gte=on).order_by("starts_on", "id"))
    return list(Banner.objects.exclude(withdrawn_at=None, ends_on__gte=on).order_by("-id")[:100])


def banner_of(reference: UUID) -> Banner:
    """One banner."""
    found = Banner.objects.filter(reference=reference).first()
    if found is None:
        raise NotFound
    return found


@transaction.atomic
def write(wording: Wording, *, by: Actor, at: datetime, on: date) -> Banner:
    """Show a banner from its first day to its last; the same one twice is one."""
    check_holds(by, Duty.EDIT_TEXTS)
    title, body = " ".join(wording.title.split()), " ".join(wording.body.split())
    _check(wording, title, body, on)
    said = {
        "kind": wording.kind, "title": title, "body": body, "office_code": wording.office_code,
        "starts_on": wording.starts_on, "ends_on": wording.ends_on,
    }  # fmt: skip
    same = Banner.objects.select_for_update().filter(withdrawn_at=None, **said).first()
    if same is not None:
        return same
    made = Banner.objects.create(written_at=at, written_by=by.label, **said)
    record(BANNER_WRITTEN, subject=str(made.reference), by=by, at=at, title=title, office=wording.office_code)
    _changed()
    return made


def _check(wording: Wording, title: str, body: str, on: date) -> None:
    if not title or len(title) > LONGEST_TITLE:
        raise BannerNotPossible(f"Un titre de {LONGEST_TITLE} caractères au plus.", field="title")
    if not body or len(body) > LONGEST_BODY:
        raise BannerNotPossible(f"Un texte de {LONGEST_BODY} caractères au plus.", field="body")
    if wording.ends_on < wording.starts_on:
        raise BannerNotPossible("Le dernier jour vient après le premier.", field="ends_on")
    if wording.ends_on < on:
        raise BannerNotPossible("Ce dernier jour est déjà passé.", field="ends_on")
    if wording.ends_on - wording.starts_on > LONGEST_PERIOD:
        raise BannerNotPossible("Un an au plus. Vous pourrez l’écrire à nouveau.", field="ends_on")


@transaction.atomic
def withdraw(reference: UUID, *, by: Actor, at: datetime) -> None:
    """Show a banner no more, at once. A second click changes nothing."""
    check_holds(by, Duty.EDIT_TEXTS)
    if not Banner.objects.filter(reference=reference).exists():
        raise NotFound
    if Banner.objects.filter(reference=reference, withdrawn_at=None).update(withdrawn_at=at):
        record(BANNER_WITHDRAWN, subject=str(reference), by=by, at=at)
        _changed()


def _changed() -> None:
    kept.forget()
    transaction.on_commit(kept.forget)
