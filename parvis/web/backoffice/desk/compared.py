"""What another version changes in a text, line by line."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import NamedTuple


class Difference(NamedTuple):
    """A line of the text: ``same``, ``removed`` or ``added``."""

    kind: str
    words: str


def compared(before: str, after: str) -> list[Difference]:
    """Both texts as one: what stays, what goes, what comes, in the order of reading; nothing where they are the same."""
    old, new = _lines(before), _lines(after)
    if old == new:
        return []
    found = []
    for what, from_old, to_old, from_new, to_new in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            found += [Difference("same", words) for words in old[from_old:to_old]]
        else:
            found += [Difference("removed", words) for words in old[from_old:to_old]]
            found += [Difference("added", words) for words in new[from_new:to_new]]
    return found


def _lines(text: str) -> list[str]:
    return [words for line in text.splitlines() if (words := " ".join(line.split()).lstrip("# "))]
