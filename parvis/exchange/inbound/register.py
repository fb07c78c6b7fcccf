"""The register of deliveries: which one is next, what was accepted, refused, held, and why."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.db.models import Max

from parvis.audit.journal import Event, record
from parvis.exchange import events
from parvis.exchange.formats.format import Circumstances
from parvis.exchange.inbound.manifest import NAME, Manifest
from parvis.exchange.models import Delivery, DeliveryFile, DeliveryState, FileState
from parvis.kit.actors import Actor
from parvis.kit.db import change_exactly_one

_FOLDER = re.compile(r"[0-9]{6}")


@dataclass(frozen=True, slots=True)
class Report:
    """What became of one delivery in one run."""

    sequence: int
    state: str
    sentence: str

    @property
    def blocks(self) -> bool:
        """Whether later deliveries must wait."""
        return self.state != DeliveryState.LOADED


def arrived(inbox: Path) -> list[int]:
    """The numbers of the deliveries in the folder, in order; one without manifest has not arrived yet."""
    return sorted(
        int(path.name)
        for path in inbox.iterdir()
        if _FOLDER.fullmatch(path.name) and path.is_dir() and not path.is_symlink() and (path / NAME).exists()
    )


def expected() -> int:
    """The number of the next delivery to load: one being loaded or held is itself the next."""
    last = Delivery.objects.filter(state=DeliveryState.LOADED).aggregate(last=Max("sequence"))["last"]
    return (last or 0) + 1


def accepted(sequence: int) -> Delivery | None:
    """The delivery of this number that was not refused."""
    return Delivery.objects.filter(sequence=sequence).exclude(state=DeliveryState.REFUSED).first()


@transaction.atomic
def accept(manifest: Manifest, circumstances: Circumstances) -> Delivery:
    """Enter a verified delivery; one of the same number that is held, or of which nothing is in, gives way to it."""
    _replace(manifest.sequence, circumstances)
    delivery = Delivery.objects.create(
        sequence=manifest.sequence,
        digest=manifest.digest,
        producer=manifest.producer,
        produced_at=manifest.produced_at,
        state=DeliveryState.LOADING,
        started_at=circumstances.at,
    )
    DeliveryFile.objects.bulk_create(
        DeliveryFile(
            delivery=delivery,
            position=position,
            name=file.name,
            kind=file.kind,
            mode=file.mode,
            rows=file.rows,
            sha256=file.sha256,
        )
        for position, file in enumerate(manifest.files, start=1)
    )
    _note(
        events.ACCEPTED,
        manifest.sequence,
        circumstances.by,
        circumstances,
        files=[file.name for file in manifest.files],
    )
    return delivery


def _replace(sequence: int, circumstances: Circumstances) -> None:
    held = Delivery.objects.filter(sequence=sequence, state=DeliveryState.HELD)
    some_in = DeliveryFile.objects.filter(state=FileState.LOADED).values("delivery_id")
    empty = Delivery.objects.filter(sequence=sequence, state=DeliveryState.LOADING).exclude(pk__in=some_in)
    for given_up, word in ((held, "Retenue"), (empty, "Commencée")):
        sentence = f"{word}, puis remplacée par une autre livraison du même numéro."
        if given_up.update(state=DeliveryState.REFUSED, sentence=sentence, finished_at=circumstances.at):
            _note(events.REPLACED, sequence, circumstances.by, circumstances)


@transaction.atomic
def refuse(sequence: int, sentence: str, manifest: Manifest | None, circumstances: Circumstances) -> Report:
    """Remember a refusal; the same one of the same thing, run after run, is remembered once."""
    digest = manifest.digest if manifest else None
    last = Delivery.objects.filter(sequence=sequence, state=DeliveryState.REFUSED).order_by("-pk").first()
    if last is None or (last.sentence, last.digest and bytes(last.digest)) != (sentence, digest):
        Delivery.objects.create(
            sequence=sequence,
            digest=digest,
            producer=manifest.producer if manifest else "",
            produced_at=manifest.produced_at if manifest else None,
            state=DeliveryState.REFUSED,
            sentence=sentence,
            started_at=circumstances.at,
            finished_at=circumstances.at,
        )
        _note(events.REFUSED, sequence, circumstances.by, circumstances, sentence=sentence)
    return Report(sequence, DeliveryState.REFUSED, sentence)


@transaction.atomic
def hold(
    delivery: Delivery,
    row: DeliveryFile,
    sentence: str,
    figures: list[tuple[str, int, int]],
    circumstances: Circumstances,
) -> Report:
    """Stop at this file until a person has released it; an earlier release was for another file."""
    told = f"{row.name} : {sentence}"
    change_exactly_one(
        Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.LOADING),
        state=DeliveryState.HELD,
        sentence=told,
        asked_by="",
        asked_at=None,
        released_by="",
        release_reason="",
        released_at=None,
    )
    DeliveryFile.objects.filter(pk=row.pk).update(state=FileState.HELD, sentence=sentence, figures=figures)
    _note(events.HELD, delivery.sequence, circumstances.by, circumstances, file=row.name, sentence=sentence)
    return Report(delivery.sequence, DeliveryState.HELD, told)


@transaction.atomic
def close_delivery(delivery: Delivery, circumstances: Circumstances) -> Report:
    """All files are in."""
    still_loading = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.LOADING)
    change_exactly_one(still_loading, state=DeliveryState.LOADED, sentence="", finished_at=circumstances.at)
    _note(events.LOADED, delivery.sequence, circumstances.by, circumstances)
    return Report(delivery.sequence, DeliveryState.LOADED, "Chargée.")


def _note(event: Event, sequence: int, by: Actor, circumstances: Circumstances, **details: object) -> None:
    record(event, subject=f"delivery {sequence:06d}", by=by, at=circumstances.at, **details)
