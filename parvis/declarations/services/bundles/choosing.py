"""Choosing what to declare, and changing one's mind. Nothing leaves; drafts are not told in the journal."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from parvis.declarations import kinds, workflow
from parvis.declarations.kinds.arrears.following import STAGES
from parvis.declarations.kinds.withdrawal import WITHDRAWN, WITHDRAWN_ALONE
from parvis.declarations.models import SENT, Bundle, Declaration, Kind
from parvis.declarations.refusals import (
    AlreadyWithTheOffice,
    ClashingKinds,
    FollowedAlready,
    NothingChosen,
    PossiblyClashingKinds,
)
from parvis.declarations.selectors.bundles import tenancy_to_declare, undecided_of, with_the_office
from parvis.declarations.selectors.grid import rows_named
from parvis.declarations.services import papers
from parvis.identity.selectors.accounts import own_account
from parvis.kit.actors import Actor, Right
from parvis.kit.refusals import NotAllowed, NotFound

SENT_BY_A_PAGE = tuple(code for code in kinds.KINDS if code != Kind.JULY_RENT)


@transaction.atomic
def choose(
    actor: Actor, reference: UUID, chosen: Collection[str], *, year: int | None, at: datetime, keeps_both: bool = False
) -> tuple[str, ...]:
    """Keep which declarations are to be made about a tenancy; returns their codes in the order of the steps.

    Refuses an empty choice, pairs that say the same thing twice, a July rent that is not open, and a kind that already is
    with the office (it is corrected instead). A pair of which the answers will decide is refused until the person
    ``keeps_both``. The answers of a declaration no longer chosen are given up.
    """
    check_may_declare(actor)
    tenancy = tenancy_to_declare(actor, reference)
    wanted = tuple(code for code in kinds.KINDS if code in chosen)
    if not wanted:
        raise NothingChosen
    own = _own_drafts(actor, tenancy.id)
    _check_pairs(wanted, dict(own.values_list("kind", "details")), keeps_both=keeps_both)
    if Kind.JULY_RENT in wanted and not _rent_is_open(actor, reference, year):
        raise NotFound
    corrections = set(
        own.filter(Q(corrects__isnull=False) | Q(answers__has_key="stage")).values_list("kind", flat=True)
    )
    theirs = with_the_office(actor, tenancy.id)
    for code in wanted:
        if code in theirs and code not in corrections:
            raise AlreadyWithTheOffice(kinds.kind_of(code).title, theirs[code].submitted_at)
    _give_up(own.exclude(kind__in=wanted))
    keep(actor, tenancy.id, wanted, at=at)
    return wanted


def _check_pairs(wanted: Collection[str], details: Mapping[str, Mapping[str, Any]], *, keeps_both: bool) -> None:
    """Refuse the pairs that clash by what the drafts say; those of which nothing is known yet, unless both are kept."""
    for clash in kinds.clashes(wanted, details):
        raise ClashingKinds(clash.sentence, clash.superfluous)
    for clash in () if keeps_both else kinds.possible_clashes(wanted, details):
        raise PossiblyClashingKinds(clash.possibly, clash.superfluous)


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
    _give_up(_own_drafts(actor, tenancy.id).filter(kind=kind))
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
    _give_up(_own_drafts(actor, tenancy.id))
    Bundle.objects.filter(tenancy_id=tenancy.id, landlord_id=actor.partner_id).delete()


_NOTHING_CONFIRMED: dict[str, Any] = {"warnings": [], "confirmed": [], "confirmed_reason": ""}
"""Of what is begun or taken back: whatever was confirmed was so of other answers."""


@transaction.atomic
def ask_correction(
    actor: Actor, opaque: UUID, *, at: datetime, withdrawn: bool = False, alone: bool = False
) -> tuple[UUID, str]:
    """Begin another declaration in place of one that was sent, its answers copied; returns the tenancy and the kind.

    ``withdrawn`` takes it back instead: it did not happen; ``alone``, of this one dwelling of a building. Asked twice, it is the
    same one; one begun about another declaration of the kind is given up. What the office took in stands until it takes the
    correction in. Refuses what it rejected, a second correction of that kind while one is not decided, and to take back a debt
    while the office looks at what came of it.
    """
    check_may_declare(actor)
    original = _sent_by_a_page(actor, opaque)
    tenancy = tenancy_to_declare(actor, original.tenancy.reference)
    is_taken_in = original.state == workflow.INTEGRATED
    workflow.DECLARATION.target(workflow.REVISE if is_taken_in else workflow.CORRECT, original.state, actor)
    _check_not_asked(actor, original)
    if withdrawn:
        _check_not_followed(original)
    _give_up(_own_drafts(actor, tenancy.id).filter(kind=original.kind).exclude(corrects=original))
    taken_back = (WITHDRAWN_ALONE if alone else WITHDRAWN) if withdrawn else {}
    answers = {name: text for name, text in original.answers.items() if name not in WITHDRAWN}
    Declaration.objects.update_or_create(
        kind=original.kind,
        tenancy_id=tenancy.id,
        landlord_id=original.landlord_id,
        corrects=original,
        state=workflow.DRAFT,
        defaults={"revises": original.revises or is_taken_in}
        | ({"answers": answers | taken_back, **_NOTHING_CONFIRMED} if withdrawn else {}),
        create_defaults={
            "account_id": own_account(actor),
            "answers": answers | taken_back,
            "revises": original.revises or is_taken_in,
            **_NOTHING_CONFIRMED,
            "saved_at": at,
        },
    )
    _keep_too(actor, tenancy.id, original.kind, at=at)
    return tenancy.reference, original.kind


def _sent_by_a_page(actor: Actor, opaque: UUID) -> Declaration:
    """What this landlord sent by the questions; anything else, or another's: not found.

    A sending under way is waited for: it holds the bundle first, and what it is about to send is then seen sent.
    """
    about = Declaration.objects.filter(opaque=opaque).values("tenancy_id")
    list(Bundle.objects.select_for_update().filter(tenancy_id__in=about, landlord_id=actor.partner_id))
    mine = Declaration.objects.select_related("tenancy").filter(SENT, opaque=opaque, landlord_id=actor.partner_id)
    original = mine.filter(kind__in=SENT_BY_A_PAGE).first()
    if original is None:
        raise NotFound
    return original


def _check_not_asked(actor: Actor, original: Declaration) -> None:
    """Of what was taken in, one correction at a time: the same that may leave (``sending``)."""
    theirs = undecided_of(actor, original.tenancy_id).get((original.kind, "stage" in original.details))
    if theirs is not None and original.state == workflow.INTEGRATED:
        raise AlreadyWithTheOffice(kinds.kind_of(original.kind).title, theirs.submitted_at)


def _check_not_followed(original: Declaration) -> None:
    versions, earlier = [original.reference], original.corrects
    while earlier is not None:
        versions.append(earlier.reference)
        earlier = earlier.corrects
    after = Declaration.objects.filter(
        tenancy_id=original.tenancy_id,
        landlord_id=original.landlord_id,
        kind=original.kind,
        state__in=workflow.WITH_THE_OFFICE,
        details__about__in=versions,
    ).first()
    if after is not None and after.submitted_at is not None:
        raise FollowedAlready(STAGES[after.details["stage"]], after.submitted_at)


@transaction.atomic
def follow_up(actor: Actor, opaque: UUID, stage: str, *, at: datetime) -> tuple[UUID, str]:
    """Begin the report that follows one: a plan, how it goes, that all is paid (``arrears.following``).

    It does not wait for the office's decision: a debt is treated by an agent for months. Refused are a report that has not left yet,
    was refused or only asks to correct another, and a second one before the first is decided. Asked twice, it is the same one;
    another stage takes its place.
    """
    check_may_declare(actor)
    before = (
        Declaration.objects.select_related("tenancy")
        .filter(SENT, opaque=opaque, landlord_id=actor.partner_id, kind=Kind.ARREARS, state__in=workflow.FOLLOWED)
        .exclude(Q(revises=True) | Q(details__has_key="withdrawn"))
        .first()
    )
    if before is None or stage not in STAGES:
        raise NotFound
    tenancy = tenancy_to_declare(actor, before.tenancy.reference)
    theirs = undecided_of(actor, tenancy.id).get((before.kind, True))
    if theirs is not None:
        raise AlreadyWithTheOffice(kinds.kind_of(before.kind).title, theirs.submitted_at)
    _give_up(_own_drafts(actor, tenancy.id).filter(kind=before.kind).exclude(answers__stage=stage))
    Declaration.objects.get_or_create(
        kind=before.kind,
        tenancy_id=tenancy.id,
        landlord_id=before.landlord_id,
        state=workflow.DRAFT,
        defaults={
            "account_id": own_account(actor),
            "answers": {"stage": stage, "about": before.answers.get("about") or before.reference},
            "saved_at": at,
        },
    )
    _keep_too(actor, tenancy.id, before.kind, at=at)
    return tenancy.reference, before.kind


def _keep_too(actor: Actor, tenancy_id: int, kind: str, *, at: datetime) -> None:
    """Add one to what was chosen."""
    bundle = Bundle.objects.filter(tenancy_id=tenancy_id, landlord_id=actor.partner_id).first()
    chosen = {*(bundle.kinds if bundle else ()), kind}
    keep(actor, tenancy_id, [code for code in kinds.KINDS if code in chosen], at=at)


def check_may_declare(actor: Actor) -> None:
    """Only those who may declare prepare a declaration."""
    if not actor.may(Right.DECLARE):
        raise NotAllowed(Right.DECLARE.label)


def _own_drafts(actor: Actor, tenancy_id: int) -> QuerySet[Declaration]:
    return Declaration.objects.filter(
        tenancy_id=tenancy_id, landlord_id=actor.partner_id, state=workflow.DRAFT, kind__in=SENT_BY_A_PAGE
    )


def _give_up(drafts: QuerySet[Declaration]) -> None:
    """The answers of these drafts, and the files joined to them, are gone."""
    ids = list(drafts.values_list("pk", flat=True))
    papers.forget(ids)
    Declaration.objects.filter(pk__in=ids).delete()


def _rent_is_open(actor: Actor, reference: UUID, year: int | None) -> bool:
    rows = rows_named(actor, year, [reference]) if year is not None else []
    return bool(rows) and rows[0].is_open
