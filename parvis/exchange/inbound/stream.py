"""The bytes of a delivered file, unpacked, without ever holding more than a block of them."""

from __future__ import annotations

import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from parvis.exchange.refusals import DeliveryRefused

BLOCK = 1 << 18
LARGEST_RATIO = 200
"""A gzipped file may not unpack to more than this many times its size: lists of people pack 5 to 20 times."""
_ALWAYS_ALLOWED = 8 << 20
_GZIP = 31


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The file itself: neither a link nor anything else that is not a plain file."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError as error:
        raise DeliveryRefused(
            f"Le fichier {path.name} est annoncé par le manifeste et n’est pas dans le dossier : déposez-le."
        ) from error
    except OSError as error:
        raise DeliveryRefused(
            f"Le fichier {path.name} ne peut pas être lu (lien, droits ou disque) : déposez le fichier lui-même, lisible par Parvis."
        ) from error
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise DeliveryRefused(f"{path.name} n’est pas un fichier ordinaire : déposez le fichier lui-même.")
        yield file


def unpacked(file: BinaryIO, name: str, digest: Any) -> Iterator[bytes]:
    """The file's blocks, unpacked if its name ends in .gz; ``digest`` is fed with the bytes as they lie in the folder."""
    packed = _packed(file, digest)
    return _gunzipped(packed, name) if name.endswith(".gz") else packed


def _packed(file: BinaryIO, digest: Any) -> Iterator[bytes]:
    while block := file.read(BLOCK):
        digest.update(block)
        yield block


def _gunzipped(packed: Iterator[bytes], name: str) -> Iterator[bytes]:
    unpacker, came, went = zlib.decompressobj(_GZIP), 0, 0
    for block in packed:
        came += len(block)
        while block:
            if unpacker.eof:
                unpacker = zlib.decompressobj(_GZIP)
            try:
                out = unpacker.decompress(block, BLOCK)
            except zlib.error as error:
                raise DeliveryRefused(
                    f"Le fichier {name} n’est pas un gzip valable : compressez-le à nouveau et redéposez-le."
                ) from error
            block = unpacker.unconsumed_tail or unpacker.unused_data
            went += len(out)
            if went > _ALWAYS_ALLOWED + LARGEST_RATIO * came:
                raise DeliveryRefused(
                    f"Le fichier {name} se décompresse en plus de {LARGEST_RATIO} fois sa taille : il n’est pas lu. "
                    "Déposez-le sans compression."
                )
            if out:
                yield out
    if not unpacker.eof:
        raise DeliveryRefused(f"Le fichier {name} est coupé avant la fin du gzip : déposez-le à nouveau, entier.")
