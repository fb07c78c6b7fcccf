"""One article of the help centre, and how its file is read. Strict: what cannot be shown is refused."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

SHORTEST_EASY = 3
LONGEST_SHORT = 260
"""Signs of the short answer: two lines of a page."""
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_PART = re.compile(r"== ([a-z]+) ==")
_HEAD = {"title": True, "words": True, "top": False, "anchor": False}
_PARTS = {"short": True, "steps": False, "know": False, "easy": True, "links": False, "related": True}
"""What a file may hold; True for what it must."""


class BadArticle(ValueError):
    """A file of the help centre cannot be read; the message names it."""


@dataclass(frozen=True, slots=True)
class Link:
    """Where an article sends its reader: words, and the name of a public page."""

    words: str
    page: str


@dataclass(frozen=True, slots=True)
class Theme:
    """A folder of articles."""

    slug: str
    icon: str
    title: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Article:
    """A question and its answer."""

    slug: str
    theme: str
    title: str
    words: str
    top: int
    anchor: str
    short: tuple[str, ...]
    steps: tuple[str, ...]
    know: tuple[str, ...]
    easy: tuple[str, ...]
    links: tuple[Link, ...]
    related: tuple[str, ...]


def read_article(theme: str, slug: str, text: str) -> Article:
    """The article of a file, or :class:`BadArticle`."""
    name = f"{theme}/{slug}.txt"
    if not _SLUG.fullmatch(slug):
        raise BadArticle(f"{name}: the name of the file must be lower-case words joined by hyphens")
    head, parts = _cut(name, text)
    _complete(name, head, _HEAD)
    _complete(name, parts, _PARTS)
    top = head.get("top", "0")
    if not top.isdecimal() or ("anchor" in head and top == "0"):
        raise BadArticle(f"{name}: top must be a rank, and an anchor needs one")
    if sum(map(len, parts["short"])) > LONGEST_SHORT:
        raise BadArticle(f"{name}: the short answer must hold in two lines ({LONGEST_SHORT} signs)")
    if len(parts["easy"]) < SHORTEST_EASY:
        raise BadArticle(f"{name}: the plain part needs {SHORTEST_EASY} sentences")
    return Article(
        slug=slug,
        theme=theme,
        title=head["title"],
        words=head["words"],
        top=int(top),
        anchor=head.get("anchor", ""),
        short=tuple(parts["short"]),
        steps=tuple(parts.get("steps", ())),
        know=tuple(parts.get("know", ())),
        easy=tuple(parts["easy"]),
        links=tuple(_link(name, line) for line in parts.get("links", ())),
        related=tuple(parts["related"]),
    )


def read_themes(text: str) -> tuple[Theme, ...]:
    """The themes, in the order they are shown."""
    themes = []
    for line in text.splitlines():
        values = [value.strip() for value in line.split("|")]
        if len(values) != 4 or not all(values):
            raise BadArticle(f"themes.txt: « {line} » is not folder | icon | title | sentence")
        themes.append(Theme(*values))
    if len({theme.slug for theme in themes}) != len(themes):
        raise BadArticle("themes.txt: a theme is there twice")
    return tuple(themes)


def _cut(name: str, text: str) -> tuple[dict[str, str], dict[str, list[str]]]:
    head: dict[str, str] = {}
    parts: dict[str, list[str]] = {}
    lines: list[str] | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        opened = _PART.fullmatch(line.strip())
        if not line.strip():
            continue
        if opened:
            if opened[1] in parts:
                raise BadArticle(f"{name}, line {number}: the part {opened[1]} is there twice")
            lines = parts[opened[1]] = []
        elif lines is not None:
            lines.append(line.strip())
        else:
            key, colon, value = line.partition(": ")
            if not colon or not value.strip() or key in head:
                raise BadArticle(f"{name}, line {number}: expected a new « key: value »")
            head[key] = value.strip()
    return head, parts


def _complete(name: str, found: Iterable[str], known: dict[str, bool]) -> None:
    there = set(found)
    unknown, missing = there - set(known), {key for key, needed in known.items() if needed} - there
    if unknown or missing:
        raise BadArticle(f"{name}: unknown {sorted(unknown)}, missing {sorted(missing)}")


def _link(name: str, line: str) -> Link:
    words, bar, page = (part.strip() for part in line.partition("|"))
    if not (words and bar and page):
        raise BadArticle(f"{name}: « {line} » is not words | page")
    return Link(words, page)
