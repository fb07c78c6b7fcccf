"""The forms of a page as a browser reads them: where they go, what they would send."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from tests.design.markup import every, parse

TYPED = {"text", "email", "password", "search", "tel", "number", "url", "date", ""}


@dataclass(frozen=True, slots=True)
class Form:
    """One form that posts: its address (empty: the page's own), what it sends untouched, and the fields people type in."""

    action: str
    sent: dict[str, list[str]] = field(default_factory=dict)
    typed: dict[str, bool] = field(default_factory=dict)
    """Names of the fields one types in; True for a secret, which no page gives back."""


def forms_in(html: str) -> list[Form]:
    """Every form of a page that posts."""
    found = [node for node in every(parse(html), "form") if node.get("method", "").lower() == "post"]
    return [_read(node) for node in found]


def _read(node: Element) -> Form:
    form = Form(node.get("action", ""))
    for part in every(node, "input", "textarea", "select"):
        name = part.get("name", "")
        if not name or "disabled" in part.attrib:
            continue
        if part.tag == "textarea" or (part.tag == "input" and part.get("type", "") in TYPED):
            form.typed[name] = part.get("type") == "password" or part.get("autocomplete") == "one-time-code"
        form.sent.setdefault(name, []).extend(_values(part))
    return form


def _values(part: Element) -> Iterator[str]:
    if part.tag == "textarea":
        # The first line feed of a textarea is of the writing, not of the value.
        yield (part.text or "").removeprefix("\n")
    elif part.tag == "select":
        options = list(every(part, "option"))
        chosen = next((option for option in options if "selected" in option.attrib), options[0] if options else None)
        if chosen is not None:
            yield chosen.get("value", "")
    elif part.get("type") not in ("checkbox", "radio", "file", "submit", "button") or "checked" in part.attrib:
        yield part.get("value", "")
