"""Passwords everybody tries first: words, names and runs of keys, whatever the digits and signs around them. Pure.

The policy of shapes (one upper case, one digit, one sign) makes people write ``Motdepasse2026!``. What is compared is
therefore the word inside, once disguises such as ``@`` for ``a`` are undone.
"""

from __future__ import annotations

import re
from importlib.resources import files

from parvis.kit.text import fold

_DISGUISES = (
    str.maketrans("0134578@$€!|+", "oieastbasei" + "lt"),
    str.maketrans("0134578@$€!|+", "oleastbasel" + "lt"),
)
_DECORATIONS = (re.compile(r"^[^a-z]+|[^a-z]+$"), re.compile(r"[^a-z]+$"), re.compile(r"^[^a-z]+"), re.compile(r"(?!)"))
_NOT_LETTERS = re.compile(r"[^a-z]+")
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "azertyuiopqsdfghjklmwxcvbn",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
)
_REPEATED = re.compile(r"^(.{1,4}?)\1+$")
_SHORTEST_WORD = 3

WORDS = frozenset(
    word
    for line in files("parvis.identity").joinpath("common_passwords.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
    for word in line.split()
)


def is_common(password: str) -> bool:
    """Whether the word inside ``password`` is on the list, repeated, or a run of keys; so is one without any word."""
    typed = fold(password)
    return any(_is_common_word(core) for core in _cores(typed))


def _cores(typed: str) -> set[str]:
    found = {_NOT_LETTERS.sub("", typed)}
    # Digits and signs at the edges are decoration, or stand for letters as those inside do: both are tried.
    for decoration in _DECORATIONS:
        plain = decoration.sub("", typed)
        found.update(_NOT_LETTERS.sub("", plain.translate(disguise)) for disguise in _DISGUISES)
    return found


def _is_common_word(core: str) -> bool:
    repeated = _REPEATED.match(core)
    if len(core) < _SHORTEST_WORD or (repeated and len(repeated[1]) < _SHORTEST_WORD):
        return True
    if repeated and repeated[1] in WORDS:
        return True
    return any(core in row or core in row[::-1] for row in _ROWS) or core in WORDS or _is_two_common_words(core)


def _is_two_common_words(word: str) -> bool:
    cuts = range(_SHORTEST_WORD, len(word) - _SHORTEST_WORD + 1)
    return any(word[:cut] in WORDS and word[cut:] in WORDS for cut in cuts)
