"""The lines of a delivery that did not go in, for agents: the sentence, never the line, which may hold a NIR."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet

from parvis.exchange.models import Delivery, DeliveryFile, LineState, SetAsideLine
from parvis.kit.actors import Actor, Duty, check_holds
from parvis.kit.clock import day_in_paris
from parvis.kit.refusals import NotFound

PAGE = 50
HEADER = ("Ligne", "Champ", "Que corriger", "État", "Réglée le")
STILL_OUT = (LineState.REFUSED, LineState.WAITING)


def delivery(actor: Actor, identifier: int) -> Delivery:
    """One delivery with its files in the order of loading; raises :class:`NotFound`."""
    check_holds(actor, Duty.RUN_FEEDS)
    found = Delivery.objects.filter(pk=identifier).first() if identifier < 2**63 else None
    if found is None:
        raise NotFound
    return found


def file_of(actor: Actor, identifier: int, position: int) -> DeliveryFile:
    """One file of a delivery; raises :class:`NotFound`."""
    check_holds(actor, Duty.RUN_FEEDS)
    if identifier >= 2**63 or position >= 2**15:
        raise NotFound
    files = DeliveryFile.objects.filter(delivery_id=identifier, position=position)
    found = files.select_related("delivery").first()
    if found is None:
        raise NotFound
    return found


def lines(file: DeliveryFile, *, settled: bool = False, after: tuple[int, int] | None = None) -> list[SetAsideLine]:
    """A page of lines and one more; those still out, or those settled since. ``after`` is (number, id) of the last seen."""
    found = _lines(file, settled)
    if after is not None:
        number, identifier = after
        found = found.filter(number__gte=number).exclude(number=number, pk__lte=identifier)
    return list(found.defer("line")[: PAGE + 1])


def line_rows(file: DeliveryFile) -> Iterator[tuple[int, str, str, str, str]]:
    """Every line as a row of a sheet: its number, what is wrong, what became of it; nothing it held."""
    found = file.lines.order_by("number", "pk").values_list("number", "field", "sentence", "state", "settled_at")
    for number, field, sentence, state, settled_at in found.iterator(chunk_size=2_000):
        yield (
            number,
            field,
            sentence,
            LineState(state).label,
            day_in_paris(settled_at).isoformat() if settled_at else "",
        )


def _lines(file: DeliveryFile, settled: bool) -> QuerySet[SetAsideLine]:
    found = file.lines.order_by("number", "pk")
    return found.exclude(state__in=STILL_OUT) if settled else found.filter(state__in=STILL_OUT)
