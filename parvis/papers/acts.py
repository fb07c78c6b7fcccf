"""What a PDF must not hold, by the names it would be written under. Pure.

A name may be written with the numbers of its signs: ``/J#53`` is ``/JS``.
"""

from __future__ import annotations

import re

_LONG = (
    "JavaScript", "Launch", "EmbeddedFile", "EmbeddedFiles", "RichMedia", "XFA", "SubmitForm", "ImportData", "GoToE", "GoToR",
)  # fmt: skip
FORBIDDEN = frozenset(("JS", "AA", "Rendition", "Movie", "Sound", *_LONG))
"""Scripts, programs, files within the file, forms that send, what happens by itself. A first page to open at is none."""


def _names(names: frozenset[str] | tuple[str, ...]) -> re.Pattern[bytes]:
    written = ("".join(f"(?:{sign}|#{ord(sign):x}|#{ord(sign):X})" for sign in name) for name in sorted(names))
    return re.compile(f"/(?:{'|'.join(written)})(?![A-Za-z0-9#])".encode())


IN_BYTES = _names(_LONG)
"""Anywhere in the bytes, where a short name would be found by chance in a compressed picture."""
IN_OBJECTS = _names(FORBIDDEN)
"""In objects that were packed together, which are text once unpacked."""
LOCK = _names(("Encrypt",))
