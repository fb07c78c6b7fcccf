"""Taking deliveries in: in order, one run at a time, each file in its own transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from parvis.declarations.services import bundles, campaigns
from parvis.exchange.formats import FORMATS
from parvis.exchange.formats.format import Circumstances
from parvis.exchange.inbound import register
from parvis.exchange.inbound.loading import Held, load_file
from parvis.exchange.inbound.manifest import Manifest, read_manifest
from parvis.exchange.inbound.register import Report
from parvis.exchange.inbound.verification import Verified, verify
from parvis.exchange.inbound.waiting import take_waiting
from parvis.exchange.models import Delivery, DeliveryFile, DeliveryState, FileState
from parvis.exchange.refusals import AlreadyRunning, DeliveryRefused
from parvis.identity.services import birth
from parvis.kit.actors import Actor
from parvis.kit.clock import day_in_paris
from parvis.kit.merging import execute, rows
from parvis.tenancies.selectors.newcomers import newcomers

_ONE_IMPORT = 7_301_100
ALREADY = "Déjà chargée, rien à faire."


def take_in(inbox: Path, *, by: Actor, at: datetime) -> list[Report]:
    """Take in what has arrived in the folder, in order; stops at the first delivery that is refused or held.

    Can be run again at any moment, and after a crash: what is in is not taken twice. Raises :class:`AlreadyRunning`
    where another run is at work.
    """
    reports: list[Report] = []
    with _alone():
        for sequence in register.arrived(inbox):
            before = sequence < register.expected()
            folder = inbox / f"{sequence:06d}"
            circumstances = Circumstances(day_in_paris(at), at, by)
            report = _seen_before(folder, sequence, circumstances) if before else _take(folder, sequence, circumstances)
            reports.append(report)
            if report.blocks and not before:
                break
    return reports


@contextmanager
def _alone() -> Iterator[None]:
    """One import at a time in the whole database, whatever the machine it runs on."""
    if not rows("SELECT pg_try_advisory_lock(%s)", [_ONE_IMPORT])[0][0]:
        raise AlreadyRunning
    try:
        yield
    finally:
        execute("SELECT pg_advisory_unlock(%s)", [_ONE_IMPORT])


def _seen_before(folder: Path, sequence: int, circumstances: Circumstances) -> Report:
    """A number already loaded: the same delivery is nothing to do, another one is refused."""
    try:
        manifest = read_manifest(folder, sequence)
    except DeliveryRefused as refusal:
        return register.refuse(sequence, refusal.sentence, None, circumstances)
    loaded = register.accepted(sequence)
    if loaded is not None and loaded.digest is not None and bytes(loaded.digest) == manifest.digest:
        return Report(sequence, DeliveryState.LOADED, ALREADY)
    return register.refuse(
        sequence,
        f"La livraison {sequence:06d} est déjà chargée avec un autre contenu : rien n’a été changé. "
        f"Donnez à la nouvelle le numéro {register.expected():06d}.",
        manifest,
        circumstances,
    )


def _take(folder: Path, sequence: int, circumstances: Circumstances) -> Report:
    if sequence > (awaited := register.expected()):
        sentence = (
            f"La livraison {awaited:06d} manque : les livraisons se chargent dans l’ordre, sans trou. "
            f"Déposez-la, la {sequence:06d} sera reprise d’elle-même."
        )
        return register.refuse(sequence, sentence, None, circumstances)
    manifest = None
    try:
        manifest = read_manifest(folder, sequence)
        delivery = register.accepted(sequence)
        if delivery is not None and delivery.state == DeliveryState.HELD and _same(delivery, manifest):
            return Report(sequence, DeliveryState.HELD, delivery.sentence)
        _refuse_other_content(delivery, manifest)
        verified = verify(folder, manifest)
    except DeliveryRefused as refusal:
        return register.refuse(sequence, refusal.sentence, manifest, circumstances)
    circumstances = Circumstances(manifest.produced_on, circumstances.at, circumstances.by)
    if delivery is None or delivery.state == DeliveryState.HELD or not _same(delivery, manifest):
        delivery = register.accept(manifest, circumstances)
    return _load(delivery, verified, circumstances)


def _same(delivery: Delivery, manifest: Manifest) -> bool:
    return delivery.digest is not None and bytes(delivery.digest) == manifest.digest


def _refuse_other_content(delivery: Delivery | None, manifest: Manifest) -> None:
    """A delivery partly in must be finished as it is; one that is held, or of which nothing is in, may be delivered anew."""
    if delivery is None or delivery.state != DeliveryState.LOADING or _same(delivery, manifest):
        return
    if delivery.files.filter(state=FileState.LOADED).exists():
        raise DeliveryRefused(
            f"La livraison {manifest.sequence:06d} est à moitié chargée, et son contenu a changé : remettez le premier contenu, "
            "puis donnez le numéro suivant au nouveau."
        )


def _load(delivery: Delivery, verified: list[Verified], circumstances: Circumstances) -> Report:
    """Kind after kind: first the lines that waited for what is now there, then the file. Goes on where a crash stopped."""
    files = {file.announced.kind: file for file in verified}
    waiting = {row.kind: row for row in delivery.files.exclude(state=FileState.LOADED)}
    for kind, format_ in FORMATS.items():
        take_waiting(format_, circumstances)
        row = waiting.get(kind)
        if row is None:
            continue
        report = _load_one(delivery, row, files[kind], circumstances)
        if report is not None:
            return report
    birth.open_accounts(newcomers(), at=circumstances.at, by=circumstances.by)
    campaigns.refresh_entries(at=circumstances.at, by=circumstances.by)
    bundles.give_up_of_former_landlords()
    return register.close_delivery(delivery, circumstances)


def _load_one(delivery: Delivery, row: DeliveryFile, file: Verified, circumstances: Circumstances) -> Report | None:
    released = row.state == FileState.HELD and delivery.released_at is not None
    try:
        load_file(row, file, circumstances, released=released)
    except Held as held:
        return register.hold(delivery, row, held.sentence, held.figures, circumstances)
    except DeliveryRefused as refusal:
        # The file changed under our eyes. What was loaded stays; the delivery is still the next one.
        return Report(delivery.sequence, DeliveryState.LOADING, refusal.sentence)
    return None
