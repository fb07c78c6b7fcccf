"""A delivery is verified whole before anything is loaded: one pass over each file."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from parvis.exchange.formats import FORMATS
from parvis.exchange.inbound.manifest import Announced, Manifest
from parvis.exchange.inbound.measure import Measured, measure
from parvis.exchange.inbound.records import lines_of, records_of
from parvis.exchange.inbound.stream import opened, unpacked
from parvis.exchange.refusals import DeliveryRefused


@dataclass(frozen=True, slots=True)
class Verified:
    """A file that is what its manifest says."""

    path: Path
    announced: Announced
    measured: Measured

    @property
    def unknown_columns(self) -> tuple[str, ...]:
        """Columns the format does not know: they are ignored, and the run says so."""
        known = FORMATS[self.announced.kind].names
        return tuple(name for name in self.measured.header if name not in known)


def verify(folder: Path, manifest: Manifest) -> list[Verified]:
    """Verify every file of the delivery, two at a time; refuses at the first fault, in words."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(lambda announced: verify_file(folder / announced.name, announced), manifest.files))


def verify_file(path: Path, announced: Announced) -> Verified:
    """Verify one file: checksum, encoding, columns, number of lines."""
    measured = _measured(path, announced)
    columns = FORMATS[announced.kind]
    missing = [name for name in columns.required if name not in measured.header]
    if missing:
        raise DeliveryRefused(
            f"Le fichier {path.name} n’a pas la colonne « {missing[0]} », qui est obligatoire : ajoutez-la à la première ligne."
            if len(missing) == 1
            else f"Le fichier {path.name} n’a pas les colonnes obligatoires {', '.join(missing)} : "
            "vérifiez la première ligne et le séparateur « ; »."
        )
    rows = measured.rows if measured.plain else _counted_one_by_one(path, measured)
    if rows != announced.rows:
        raise DeliveryRefused(
            f"Le fichier {path.name} a {rows} lignes sans l’en-tête, le manifeste en annonce {announced.rows} : "
            "le fichier est incomplet, un guillemet n’est pas fermé, ou le manifeste est à corriger."
        )
    return Verified(path, announced, Measured(measured.header, measured.header_bytes, rows, measured.plain))


def _measured(path: Path, announced: Announced) -> Measured:
    """A damaged file has a wrong checksum too: that is the fault to tell first."""
    digest = hashlib.sha256()
    with opened(path) as file:
        try:
            measured, fault = measure(path.name, unpacked(file, path.name, digest)), None
        except DeliveryRefused as refusal:
            measured, fault = None, refusal
            while block := file.read(1 << 18):
                digest.update(block)
    if digest.hexdigest() != announced.sha256:
        raise DeliveryRefused(
            f"Le fichier {path.name} n’a pas l’empreinte SHA-256 annoncée par le manifeste : "
            "il a été coupé ou modifié en route. Déposez-le à nouveau."
        )
    if fault is not None or measured is None:
        raise fault or AssertionError
    return measured


def _counted_one_by_one(path: Path, measured: Measured) -> int:
    with opened(path) as file:
        lines = lines_of(unpacked(file, path.name, hashlib.sha256()))
        next(lines, b"")
        return sum(1 for _ in records_of(lines, len(measured.header)))
