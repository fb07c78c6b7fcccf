"""Who the aid of each tenancy is paid to, and what the office offers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from parvis.changes import workflow
from parvis.changes.models import DIRECT_PAYMENT_KINDS, ChangeRequest, DirectPaymentOffer
from parvis.changes.rules.conditions import TenancyFacts
from parvis.kit.actors import Actor
from parvis.kit.db import beyond, edge
from parvis.kit.refusals import NotFound
from parvis.tenancies.models import Decency, JulyRent, Tenancy, shown_aid
from parvis.tenancies.rules import read_search
from parvis.tenancies.selectors.names import LAST_CHARACTER

PAGE = 50
STANDS = Q(tenancy__landlord_id=F("landlord_id"), tenancy__end_on__isnull=True, tenancy__absent_since__isnull=True)
"""Of an offer: the tenancy is in place, and still of the landlord it was made to."""


@dataclass(frozen=True, slots=True)
class TenancyLine:
    """One tenancy in place: its tenant, whom its aid is paid to, and why one cannot ask, if so."""

    reference: UUID
    name: str
    place: str
    claimant_number: str
    aid: str
    is_paid_to_landlord: bool
    is_waiting: bool
    is_decent: bool


@dataclass(frozen=True, slots=True)
class TenancyPage:
    """Some tenancies by name, and where the next and former ones begin."""

    lines: list[TenancyLine]
    previous: UUID | None
    next: UUID | None


@dataclass(frozen=True, slots=True)
class OfferLine:
    """One offer of the office that waits for an answer."""

    opaque: UUID
    name: str
    place: str
    answer_by: date

    @property
    def edge(self) -> str:
        """Where the page after this line begins."""
        return edge(self.answer_by, self.opaque).word


def tenancies_by_payment(
    actor: Actor,
    *,
    paid_to_landlord: bool,
    search: str = "",
    after: UUID | None = None,
    before: UUID | None = None,
    limit: int = PAGE,
) -> TenancyPage:
    """The tenancies in place whose aid is, or is not, paid to the landlord, by name."""
    rows = _found(_in_place(actor).filter(direct_payment=paid_to_landlord), search)
    place = before or after
    edge = _in_place(actor).filter(reference=place).first() if place else None
    if edge is None:
        before = after = None
    elif before:
        rows = rows.filter(sort_name__lte=edge.sort_name).exclude(sort_name=edge.sort_name, pk__gte=edge.pk)
    else:
        rows = rows.filter(sort_name__gte=edge.sort_name).exclude(sort_name=edge.sort_name, pk__lte=edge.pk)
    order = ("-sort_name", "-pk") if before else ("sort_name", "pk")
    found = list(rows.order_by(*order)[: limit + 1])
    more, shown = len(found) > limit, found[:limit]
    if before:
        shown = shown[::-1]
    back, on = (more, True) if before else (bool(after), more)
    return TenancyPage(
        [_line(row) for row in shown],
        shown[0].reference if shown and back else None,
        shown[-1].reference if shown and on else None,
    )


def _found(rows: QuerySet[Tenancy], written: str) -> QuerySet[Tenancy]:
    """By the beginning of the names or of the claimant number, as in the list of tenants: one range of an index each."""
    search = read_search(written)
    if search is None:
        return rows
    if search.number is not None:
        return rows.filter(claimant_number__range=search.number)
    named = Q()
    for match in search.names:
        begins = Q(sort_name__gte=match.prefix, sort_name__lt=match.prefix + LAST_CHARACTER)
        named |= begins & Q(sort_name__contains=f" {match.containing}") if match.containing else begins
    return rows.filter(named)


def tenancies_ticked(actor: Actor, references: Collection[UUID]) -> list[TenancyLine]:
    """Those of these tenancies that are in place and whose aid goes to the tenant, by name; anybody else's is left out."""
    if not references:
        return []
    rows = _in_place(actor).filter(reference__in=list(references), direct_payment=False)
    return [_line(row) for row in rows.order_by("sort_name", "pk")]


def tenancy_for_payment(actor: Actor, reference: UUID) -> TenancyLine:
    """One tenancy in place; anybody else's does not exist."""
    row = _in_place(actor).filter(reference=reference).first()
    if row is None:
        raise NotFound
    return _line(row)


def facts_of(actor: Actor, references: Collection[UUID], *, july: int) -> dict[UUID, TenancyFacts]:
    """What the office knows of these tenancies in place, in one statement; ``july`` is the last July there was."""
    held = JulyRent.objects.filter(tenancy=OuterRef("pk"), year=july)
    rows = _in_place(actor).filter(reference__in=references).annotate(july_is_held=Exists(held))
    return {row.reference: _facts(row, july) for row in rows}


def _facts(row: Tenancy, july: int) -> TenancyFacts:
    return TenancyFacts(
        is_decent={Decency.DECENT: True, Decency.NON_DECENT: False}.get(Decency(row.decency)),
        area_m2=row.floor_area_m2,
        is_agreed=row.state_agreement,
        july=july if row.start_on <= date(july, 7, 31) else None,
        july_is_declared=bool(getattr(row, "july_is_held", False)),
        rent_is_known=row.rent_cents is not None,
    )


def offers_to(actor: Actor, *, today: date, after: str = "", limit: int = PAGE) -> list[OfferLine]:
    """The offers that wait for an answer of this landlord, the most urgent first, beyond the edge given."""
    rows = _live_offers(actor, today).filter(beyond(after, day="answer_by")).order_by("answer_by", "opaque")
    return [_offer(row) for row in rows[:limit]]


def offer_to(actor: Actor, opaque: UUID, *, today: date) -> OfferLine:
    """One of them; anybody else's does not exist."""
    found = _live_offers(actor, today).filter(opaque=opaque).first()
    if found is None:
        raise NotFound
    return _offer(found)


def _live_offers(actor: Actor, today: date) -> QuerySet[DirectPaymentOffer]:
    rows = DirectPaymentOffer.objects.filter(STANDS, landlord_id=actor.partner_id, closed_at=None, answer_by__gte=today)
    if actor.offices:
        rows = rows.filter(tenancy__caf_code__in=actor.offices)
    return rows.select_related("tenancy")


def _in_place(actor: Actor) -> QuerySet[Tenancy]:
    rows = Tenancy.objects.filter(landlord_id=actor.partner_id, end_on__isnull=True, absent_since__isnull=True)
    if actor.offices:
        rows = rows.filter(caf_code__in=actor.offices)
    live = ChangeRequest.objects.filter(
        tenancy=OuterRef("pk"), kind__in=DIRECT_PAYMENT_KINDS, state__in=workflow.ON_ITS_WAY
    )
    return rows.annotate(waits=Exists(live))


def _line(row: Tenancy) -> TenancyLine:
    return TenancyLine(
        reference=row.reference,
        name=row.name,
        place=f"{row.address_1}, {row.postcode} {row.city}",
        claimant_number=row.claimant_number,
        aid=shown_aid(row.aid_type),
        is_paid_to_landlord=row.direct_payment,
        is_waiting=bool(getattr(row, "waits", False)),
        is_decent=row.decency != Decency.NON_DECENT,
    )


def _offer(row: DirectPaymentOffer) -> OfferLine:
    tenancy = row.tenancy
    return OfferLine(row.opaque, tenancy.name, f"{tenancy.address_1}, {tenancy.postcode} {tenancy.city}", row.answer_by)
