"""Lines that are certainly good, recognised in the file's own bytes while PostgreSQL is busy reading them.

One regular expression matches any number of good lines; where it stops, a line is suspect, and only suspects get the
exact tests (``faults``). It may miss good lines, never pass a bad one: a test holds both together.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator

from parvis.exchange.formats.columns import Column, Family
from parvis.exchange.formats.format import Format

_NEVER = "(?!)"
_FIRST = r"[^=+@\-;\" \xc2\xe1-\xe3\xef\x00-\x1f\x7f]"
"""No blank either, nor a byte one of Unicode may begin with: a value of only blanks is an empty one."""
_OTHER = r"[^;\"\x00-\x1f\x7f]"
_DAY = "(?:19|20)[0-9]{2}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
_MONTH = "(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])"


def good_lines(format_: Format, header: tuple[str, ...]) -> re.Pattern[bytes] | None:
    """What good lines of a file with these columns look like; None where that takes more than looking at bytes."""
    if format_.prepare is not None or any(check.certain is None for check in format_.checks):
        return None
    narrowed = {name: pattern for check in format_.checks for name, pattern in (check.certain or {}).items()}
    columns = {column.name: column for column in format_.columns}
    fields = [_good(columns[name], narrowed.get(name)) if name in columns else f"{_OTHER}*+" for name in header]
    return re.compile(f"(?:{';'.join(fields)}\r?\n)*+".encode())


def _good(column: Column, narrowed: str | None) -> str:
    good = f"(?:{narrowed or _value(column)})"
    return good if column.required else f"{good}?+"


def _value(column: Column) -> str:
    match column.family:
        case Family.DAY:
            return _DAY
        case Family.MONTH:
            return _MONTH
        case Family.TEXT if not column.pattern:
            return f"{_FIRST}{_OTHER}{{0,{column.limit - 1}}}+"
        case Family.DIGITS | Family.WHOLE | Family.CHOICE:
            return column.pattern
    return _NEVER


class Gate:
    """Watches a file's blocks go by and notes the numbers of the suspect lines."""

    def __init__(self, good: re.Pattern[bytes]) -> None:
        self.suspects = array("Q")
        self._good = good
        self._rest = b""
        self._number = 2

    def watch(self, blocks: Iterator[bytes]) -> Iterator[bytes]:
        """Pass the blocks on, unchanged; they begin after the header."""
        for block in blocks:
            yield block
            self._look(block)
        if self._rest:
            self._look(b"\n")

    def _look(self, block: bytes) -> None:
        whole, newline, rest = block.rpartition(b"\n")
        if not newline:
            self._rest += block
            return
        text, self._rest = self._rest + whole + b"\n", rest
        position = 0
        while True:
            found = self._good.match(text, position)
            end = found.end() if found else position
            self._number += text.count(b"\n", position, end)
            if end == len(text):
                return
            self.suspects.append(self._number)
            self._number += 1
            position = text.index(b"\n", end) + 1
