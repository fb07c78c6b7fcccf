"""Questions about the exchange, for the office's operators: what came, what was set aside, what left."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from parvis.exchange.models import Delivery, DeliveryFile, DeliveryState, LineState, SetAsideLine
from parvis.kit.encryption import open_


def latest_deliveries(count: int) -> list[Delivery]:
    """The newest deliveries, newest first, with their files."""
    return list(Delivery.objects.order_by("-pk").prefetch_related("files")[:count])


def files_of(sequence: int) -> list[DeliveryFile]:
    """The files of the accepted delivery of this number, in the order of loading."""
    files = DeliveryFile.objects.filter(delivery__sequence=sequence).exclude(delivery__state=DeliveryState.REFUSED)
    return list(files.order_by("position"))


@dataclass(frozen=True, slots=True)
class Aside:
    """A line that did not go in, as an operator reads about it. The line itself is not shown: it may hold a NIR."""

    number: int
    field: str
    sentence: str
    state: str


def lines_aside(file: DeliveryFile, count: int) -> list[Aside]:
    """The first lines of a file that are still out."""
    found = _still_out(file).values_list("number", "field", "sentence", "state")[:count]
    return [Aside(number, field, sentence, LineState(state).label) for number, field, sentence, state in found]


def given_back(file: DeliveryFile) -> Iterator[str]:
    """The lines of a file that are still out, as a file of the same shape: mended, it can be delivered."""
    yield _header(file.header) + "\r\n"
    for aside in _still_out(file).only("file_id", "number", "line").iterator(chunk_size=2_000):
        yield open_(bytes(aside.line), aside.column) + "\r\n"


def _still_out(file: DeliveryFile) -> QuerySet[SetAsideLine]:
    return file.lines.filter(state__in=[LineState.REFUSED, LineState.WAITING]).order_by("number", "pk")


def _header(names: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="").writerow(names)
    return out.getvalue()
