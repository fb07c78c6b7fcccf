"""Choosing what to declare, and changing one's mind. Nothing leaves; drafts are not told in the journal."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from parvis.declarations import kinds, workflow
from parvis.declarations.models import Bundle, Declaration, Kind
from parvis.declarations.refusals import AlreadyWithTheOffice, ClashingKinds, NothingChosen
from parvis.declarations.selectors.bundles import tenancy_to_declare, with_the_office
from parvis.declarations.selectors.grid import rows_named
from parvis.identity.selectors.accounts import own_account
from parvis.kit.actors import Actor, Right
from parvis.kit.refusals import NotAllowed, NotFound

SENT_BY_A_PAGE = tuple(code for code in kinds.KINDS if code != Kind.JULY_RENT)


@transaction.atomic
def choose(
    actor: Actor, reference: UUID, chosen: Collection[str], *, year: int | None, at: datetime
) -> tuple[str, ...]:
    """Keep which declarations are to be made about a tenancy; returns their codes in the order of the steps.

    Refuses an empty choice, pairs that say the same thing twice, a July rent that is not open, and a kind that already is
    with the office (it is corrected instead). The answers of a declaration no longer chosen are given up.
    """
    check_may_declare(actor)
    tenancy = tenancy_to_declare(actor, reference)
    wanted = tuple(code for code in kinds.KINDS if code in chosen)
    if not wanted:
        raise NothingChosen
    clash = next(iter(kinds.clashes(wanted)), None)
    if clash is not None:
        raise ClashingKinds(*clash)
    if Kind.JULY_RENT in wanted and not _rent_is_open(actor, reference, year):
        raise NotFound
    own = _own_drafts(actor, tenancy.id)
    corrections = set(own.filter(corrects__isnull=False).values_list("kind", flat=True))
    theirs = with_the_office(actor, tenancy.id)
    for code in wanted:
        if code in theirs and code not in corrections:
            raise AlreadyWithTheOffice(kinds.kind_of(code).title, theirs[code].submitted_at)
    own.exclude(kind__in=wanted).delete()
    keep(actor, tenancy.id, wanted, at=at)
    return wanted


def keep(actor: Actor, tenancy_id: int, wanted: Sequence[str], *, at: datetime) -> None:
    """Write the choice; a colleague's earlier one is replaced."""
    Bundle.objects.update_or_create(
        tenancy_id=tenancy_id,
        landlord_id=actor.partner_id,
        defaults={"kinds": list(wanted), "saved_at": at},
    )


@transaction.atomic
def remove(actor: Actor, reference: UUID, kind: str, *, at: datetime) -> tuple[str, ...]:
    """Take one declaration out of the choice, with its answers; returns what is left."""
    check_may_declare(actor)
    tenancy = tenancy_to_declare(actor, reference)
    bundle = Bundle.objects.select_for_update().filter(tenancy_id=tenancy.id, landlord_id=actor.partner_id).first()
    if bundle is None:
        return ()
    left = [code for code in bundle.kinds if code != kind]
    _own_drafts(actor, tenancy.id).filter(kind=kind).delete()
    if left:
        keep(actor, tenancy.id, left, at=at)
    else:
        bundle.delete()
    return tuple(left)


@transaction.atomic
def abandon(actor: Actor, reference: UUID) -> None:
    """Give the whole choice up, and its answers; the July rent typed stays in the grid."""
    check_may_declare(actor)
    tenancy = tenancy_to_declare(actor, reference)
    _own_drafts(actor, tenancy.id).delete()
    Bundle.objects.filter(tenancy_id=tenancy.id, landlord_id=actor.partner_id).delete()


@transaction.atomic
def ask_correction(actor: Actor, opaque: UUID, *, at: datetime) -> tuple[UUID, str]:
    """Begin another declaration in place of one that was sent, its answers copied; returns the tenancy and the kind.

    Asked twice, it is the same one. Refuses what the office has decided: a new declaration says what has changed since.
    """
    check_may_declare(actor)
    original = (
        Declaration.objects.select_related("tenancy")
        .filter(opaque=opaque, landlord_id=actor.partner_id, kind__in=SENT_BY_A_PAGE)
        .first()
    )
    if original is None:
        raise NotFound
    tenancy = tenancy_to_declare(actor, original.tenancy.reference)
    workflow.DECLARATION.target(workflow.CORRECT, original.state, actor)
    own = _own_drafts(actor, tenancy.id)
    own.filter(kind=original.kind, corrects=None).delete()
    if not own.filter(kind=original.kind).exists():
        Declaration.objects.create(
            kind=original.kind,
            tenancy_id=tenancy.id,
            landlord_id=original.landlord_id,
            account_id=own_account(actor),
            answers=original.answers,
            confirmed=[],
            corrects=original,
            saved_at=at,
        )
    bundle = Bundle.objects.filter(tenancy_id=tenancy.id, landlord_id=actor.partner_id).first()
    chosen = {*(bundle.kinds if bundle else ()), original.kind}
    keep(actor, tenancy.id, [code for code in kinds.KINDS if code in chosen], at=at)
    return tenancy.reference, original.kind


def check_may_declare(actor: Actor) -> None:
    """Only those who may declare prepare a declaration."""
    if not actor.may(Right.DECLARE):
        raise NotAllowed(Right.DECLARE.label)


def _own_drafts(actor: Actor, tenancy_id: int) -> QuerySet[Declaration]:
    return Declaration.objects.filter(
        tenancy_id=tenancy_id, landlord_id=actor.partner_id, state=workflow.DRAFT, kind__in=SENT_BY_A_PAGE
    )


def _rent_is_open(actor: Actor, reference: UUID, year: int | None) -> bool:
    rows = rows_named(actor, year, [reference]) if year is not None else []
    return bool(rows) and rows[0].is_open
