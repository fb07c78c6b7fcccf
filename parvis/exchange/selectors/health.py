"""How the feeds are doing: what last came of each kind, what is late, what is held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.db.models.functions import Coalesce

from parvis.exchange.formats import FORMATS
from parvis.exchange.inbound.register import expected
from parvis.exchange.models import Delivery, DeliveryFile, DeliveryState, FileState, OutgoingDelivery
from parvis.kit.actors import Actor, Duty, check_holds
from parvis.kit.merging import rows
from parvis.parameters import catalogue
from parvis.parameters.selectors import duration, value

PAGE = 20
ANSWERS = "outcomes"
PAYMENTS = "payments"


@dataclass(frozen=True, slots=True)
class Feed:
    """One kind of file; ``last`` is the newest that went in, ``late_by`` nothing while it is not late.

    One that never came is awaited all the same: answers from the first delivery sent out, the others from the first one taken in.
    """

    kind: str
    title: str
    last: DeliveryFile | None
    expected_by: datetime | None
    late_by: timedelta
    is_held: bool
    every: timedelta = timedelta()

    @property
    def went_in(self) -> int:
        """Lines of its last file that are in."""
        return self.last.rows - self.rejected if self.last else 0

    @property
    def rejected(self) -> int:
        """Lines of its last file that are not, or not yet."""
        return self.last.set_aside + self.last.waiting if self.last else 0

    @property
    def state(self) -> str:
        """held, stopped, late, never or on_time. Late by as long again as it may take, a feed has stopped."""
        if self.is_held:
            return "held"
        if self.late_by and self.late_by >= self.every:
            return "stopped"
        if self.late_by:
            return "late"
        return "on_time" if self.last else "never"


def feeds(*, at: datetime) -> list[Feed]:
    """Every kind of file that comes, in the order of loading."""
    loaded = DeliveryFile.objects.filter(state=FileState.LOADED).select_related("delivery")
    last = {file.kind: file for file in loaded.order_by("kind", "-pk").distinct("kind")}
    held = set(
        DeliveryFile.objects.filter(state=FileState.HELD, delivery__state=DeliveryState.HELD).values_list(
            "kind", flat=True
        )
    )
    begun = {kind: _begun(kind == ANSWERS) for kind in FORMATS if kind not in last}
    return [
        _feed(kind, format_.title, last.get(kind), begun.get(kind), kind in held, at)
        for kind, format_ in FORMATS.items()
    ]


def _begun(answers: bool) -> datetime | None:
    """Since when a feed that never came could have come."""
    if answers:
        return OutgoingDelivery.objects.order_by("written_at").values_list("written_at", flat=True).first()
    came = Delivery.objects.filter(state=DeliveryState.LOADED).annotate(on=Coalesce("produced_at", "finished_at"))
    first: datetime | None = came.order_by("on").values_list("on", flat=True).first()
    return first


def _feed(
    kind: str, title: str, last: DeliveryFile | None, begun: datetime | None, is_held: bool, at: datetime
) -> Feed:
    every = catalogue.FEED_EVERY.get(kind)
    came = (last.delivery.produced_at or last.loaded_at) if last else begun
    if every is None or not value(every) or came is None:
        return Feed(kind, title, last, None, timedelta(), is_held)
    by = came + duration(every)
    return Feed(kind, title, last, by, max(timedelta(), at - by), is_held, duration(every))


@dataclass(frozen=True, slots=True)
class Going:
    """What waits to leave for the office: ready, or sealed in a delivery that is not written. ``late_by`` is nothing while
    it is not late; ``oldest_at`` is when the oldest of it all was ready."""

    declarations: int
    changes: int
    papers: int
    oldest_at: datetime | None
    late_by: timedelta
    last: OutgoingDelivery | None
    unwritten: int


# A change is ready once it is proved, and a bank change once its days of waiting are over.
_WAITING = """
SELECT count(*), min(submitted_at) FROM declarations_declaration WHERE state IN ('submitted', 'corrected') AND sent_at IS NULL
UNION ALL SELECT count(*), min(LEAST(GREATEST(asked_at, proved_at, held_until), %(at)s)) FROM changes_changerequest
  WHERE state = 'ready'
UNION ALL SELECT count(*), min(given_at) FROM changes_awaitedpaper WHERE state = 'given' AND sent_at IS NULL
UNION ALL SELECT count(*), min(produced_at) FROM exchange_outgoingdelivery WHERE written_at IS NULL
"""


def going(*, at: datetime) -> Going:
    """What is ready for the next outgoing delivery."""
    found = rows(_WAITING, {"at": at})
    declarations, changes, papers = (count for count, _ in found[:3])
    oldest = min((moment for _, moment in found if moment is not None), default=None)
    due = oldest + duration(catalogue.SENT_OUT_EVERY) if oldest else at
    unwritten = OutgoingDelivery.objects.filter(Q(written_at=None) | Q(again_asked_at__isnull=False)).count()
    last = OutgoingDelivery.objects.order_by("-sequence").first()
    return Going(declarations, changes, papers, oldest, max(timedelta(), at - due), last, unwritten)


def amounts_as_of() -> datetime | None:
    """When the amounts landlords see were as the office says them: what the last payments that went in were produced for."""
    files = DeliveryFile.objects.filter(kind=PAYMENTS, state=FileState.LOADED).order_by("-pk")
    at: datetime | None = (
        files.annotate(as_of=Coalesce("delivery__produced_at", "loaded_at")).values_list("as_of", flat=True).first()
    )
    return at


def missing_sequence() -> tuple[int, list[int]]:
    """The number that comes next, and those refused because they came before it."""
    awaited = expected()
    early = Delivery.objects.filter(state=DeliveryState.REFUSED, sequence__gt=awaited, digest=None)
    return awaited, sorted(set(early.values_list("sequence", flat=True)))


def runs(actor: Actor, *, before: int | None = None, refused: bool = False) -> list[Delivery]:
    """A page of deliveries and one more, newest first, with their files; ``refused`` alone where asked."""
    check_holds(actor, Duty.RUN_FEEDS)
    found = Delivery.objects.order_by("-pk").prefetch_related("files")
    if refused:
        found = found.filter(state=DeliveryState.REFUSED)
    if before is not None:
        found = found.filter(pk__lt=before)
    return list(found[: PAGE + 1])


def held() -> list[Delivery]:
    """The deliveries that wait for a decision: one at most comes next, an older one may be left."""
    return list(Delivery.objects.filter(state=DeliveryState.HELD).order_by("sequence").prefetch_related("files"))
