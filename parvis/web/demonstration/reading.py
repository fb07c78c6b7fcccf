"""A message as the page shows it: paragraphs, links to our own pages, secrets that can be copied."""

from __future__ import annotations

import re
from dataclasses import dataclass

from parvis.correspondence.secrets import MASK

_ADDRESS = re.compile(r"(https?://[^\s/]+(?:/\S*)?)")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a line; ``path`` is where it leads on this very site, whatever host the message named."""

    text: str
    path: str = ""


def paragraphs(text: str) -> list[list[list[Piece]]]:
    """Paragraphs of lines of pieces."""
    return [[_pieces(line) for line in part.split("\n")] for part in re.split(r"\n{2,}", text.strip())]


def secrets_of(text: str, kept: str) -> list[str]:
    """The codes and passwords the kept words mask, read in the message itself: so that they can be copied in one click.

    The token of a link is no such thing: one clicks it where it stands.
    """
    if MASK not in kept:
        return []
    pattern = re.escape(kept).replace(re.escape(MASK), r"([^\n]+?)")
    found = re.search(pattern, text)
    addresses = "\n".join(_ADDRESS.findall(text))
    return [value for value in dict.fromkeys(found.groups() if found else ()) if value not in addresses]


def _pieces(line: str) -> list[Piece]:
    pieces = []
    for index, part in enumerate(_ADDRESS.split(line)):
        if part:
            path = "/" + part.split("/", 3)[3] if index % 2 and part.count("/") > 2 else ("/" if index % 2 else "")
            pieces.append(Piece(part, path))
    return pieces
