"""manifest.json: what a delivery says of itself. Written last, so that without it nothing has arrived yet."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from parvis.exchange.formats import FORMATS
from parvis.exchange.inbound.stream import opened
from parvis.exchange.refusals import DeliveryRefused
from parvis.kit.clock import day_in_paris

NAME = "manifest.json"
LARGEST_BYTES = 65_536
LARGEST_COUNT = 2_000_000_000
_FILE_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,40}\.csv(\.gz)?")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_MODES = ("delta", "full")


@dataclass(frozen=True, slots=True)
class Announced:
    """One file as the manifest announces it."""

    name: str
    kind: str
    mode: str
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """A delivery as its manifest announces it, its files in the order they are loaded in."""

    sequence: int
    produced_at: datetime
    producer: str
    files: tuple[Announced, ...]

    @property
    def produced_on(self) -> date:
        """The day the delivery speaks of."""
        return day_in_paris(self.produced_at)

    @property
    def digest(self) -> bytes:
        """The fingerprint of what is delivered: equal for the same files said the same way."""
        told = json.dumps([asdict(file) for file in self.files], sort_keys=True)
        return hashlib.sha256(told.encode()).digest()


def read_manifest(folder: Path, sequence: int) -> Manifest:
    """Read and check the manifest of delivery ``sequence``; every fault is refused in words."""
    with opened(folder / NAME) as file:
        content = file.read(LARGEST_BYTES + 1)
    if len(content) > LARGEST_BYTES:
        raise DeliveryRefused(f"{NAME} dépasse {LARGEST_BYTES} octets : ce n’est pas un manifeste.")
    try:
        told = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise DeliveryRefused(f"{NAME} n’est pas un JSON lisible en UTF-8 : écrivez-le à nouveau, entier.") from error
    if not isinstance(told, dict):
        raise DeliveryRefused(f"{NAME} doit être un objet JSON avec sequence, produced_at, producer et files.")
    return _manifest(told, sequence)


def _manifest(told: dict[str, Any], sequence: int) -> Manifest:
    given = told.get("sequence")
    if isinstance(given, bool) or not isinstance(given, int):
        raise DeliveryRefused(f"{NAME} : « sequence » manque ou n’est pas un nombre entier.")
    if given != sequence:
        raise DeliveryRefused(
            f"{NAME} annonce la livraison {given}, son dossier s’appelle {sequence:06d} : l’un des deux est à corriger."
        )
    producer = told.get("producer")
    if not isinstance(producer, str) or not 1 <= len(producer) <= 40 or not producer.isprintable():
        raise DeliveryRefused(f"{NAME} : « producer » manque ou compte plus de 40 caractères.")
    files = told.get("files")
    if not isinstance(files, list) or not files:
        raise DeliveryRefused(f"{NAME} : « files » manque ou est vide, aucun fichier n’est annoncé.")
    announced = [_announced(file) for file in files]
    for what in ("name", "kind"):
        values = [getattr(file, what) for file in announced]
        for value in values:
            if values.count(value) > 1:
                raise DeliveryRefused(f"{NAME} : « {value} » est annoncé deux fois. Un seul fichier par nature.")
    order = list(FORMATS)
    announced.sort(key=lambda file: order.index(file.kind))
    return Manifest(given, _produced_at(told.get("produced_at")), producer, tuple(announced))


def _produced_at(given: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(given)
    except (TypeError, ValueError):
        moment = None
    if moment is None or moment.tzinfo is None or not 2000 <= moment.year <= 2099:
        raise DeliveryRefused(
            f"{NAME} : « produced_at » doit être un moment avec son décalage, par exemple 2026-07-01T02:00:00+02:00."
        )
    return moment


def _announced(file: Any) -> Announced:
    if not isinstance(file, dict):
        raise DeliveryRefused(f"{NAME} : chaque fichier est un objet avec name, kind, mode, rows et sha256.")
    name, kind, mode, rows, sha256 = (file.get(key) for key in ("name", "kind", "mode", "rows", "sha256"))
    if not isinstance(name, str) or not _FILE_NAME.fullmatch(name):
        raise DeliveryRefused(
            f"{NAME} : le nom de fichier « {str(name)[:40]} » n’est pas admis. Minuscules, chiffres et tirets, puis .csv ou .csv.gz."
        )
    if not isinstance(kind, str) or kind not in FORMATS:
        raise DeliveryRefused(
            f"{NAME} : {name} est d’une nature inconnue (« {str(kind)[:30]} »). Natures connues : {', '.join(FORMATS)}."
        )
    if mode not in _MODES:
        raise DeliveryRefused(f"{NAME} : le mode de {name} doit être delta ou full.")
    if isinstance(rows, bool) or not isinstance(rows, int) or not 0 <= rows <= LARGEST_COUNT:
        raise DeliveryRefused(f"{NAME} : « rows » de {name} doit être le nombre de lignes, sans l’en-tête.")
    if not isinstance(sha256, str) or not _SHA256.fullmatch(sha256):
        raise DeliveryRefused(
            f"{NAME} : « sha256 » de {name} doit être l’empreinte SHA-256 du fichier, en 64 chiffres hexadécimaux."
        )
    return Announced(name, kind, mode, rows, sha256)
