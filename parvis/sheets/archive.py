"""What an archive really holds, known before anything opens it. Pure.

Reading a table of text must not wait for what opens archives: it is imported where it is needed.
"""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING

from parvis.sheets import limits

if TYPE_CHECKING:
    import zipfile

_CHUNK = 65_536
_LOCAL_HEADER = struct.Struct("<4s5H3I2H")


class NotOpened(Exception):
    """The archive must not be opened; the message is a key of ``refusals.SENTENCES``."""


def kind_of(content: bytes) -> str:
    """``xlsx``, ``ods`` or nothing; refuses what inflates to more than it should, or says so."""
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OverflowError, RuntimeError) as error:
        raise NotOpened("damaged") from error
    if len(members) > limits.MOST_MEMBERS:
        raise NotOpened("too_large")
    if any(member.flag_bits & 1 for member in members):
        raise NotOpened("locked")
    _check_size(len(content), sum(member.file_size for member in members))
    inflated = 0
    for member in members:
        inflated += _inflated_size(content, member, limits.LARGEST_UNPACKED - inflated)
        _check_size(len(content), inflated)
    names = {member.filename for member in members}
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
        return "xlsx"
    return "ods" if "content.xml" in names else ""


def _check_size(packed: int, unpacked: int) -> None:
    if unpacked > limits.LARGEST_UNPACKED or (unpacked > limits.SMALL and unpacked > packed * limits.HIGHEST_RATIO):
        raise NotOpened("too_large")


def _inflated_size(content: bytes, member: zipfile.ZipInfo, most: int) -> int:
    """Bytes a member really inflates to, counted without keeping them; stops at ``most`` + 1."""
    import zipfile
    import zlib

    if member.compress_type == zipfile.ZIP_STORED:
        return member.compress_size
    if member.compress_type != zipfile.ZIP_DEFLATED:
        raise NotOpened("damaged")
    header = content[member.header_offset : member.header_offset + _LOCAL_HEADER.size]
    if len(header) < _LOCAL_HEADER.size or header[:4] != b"PK\x03\x04":
        raise NotOpened("damaged")
    *_, name_length, extra_length = _LOCAL_HEADER.unpack(header)
    start = member.header_offset + _LOCAL_HEADER.size + name_length + extra_length
    inflater, count, rest = zlib.decompressobj(-15), 0, content[start : start + member.compress_size]
    try:
        while rest and not inflater.eof:
            count += len(inflater.decompress(rest, _CHUNK * 16))
            rest = inflater.unconsumed_tail
            if count > most:
                return most + 1
    except zlib.error as error:
        raise NotOpened("damaged") from error
    return count
