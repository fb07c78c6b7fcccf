"""Reads rendered HTML more strictly than a browser would, and asks it questions."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from xml.etree.ElementTree import Element, SubElement

_VOID = {"meta", "link", "input", "br", "hr", "img"}
_ENDS_A_PARAGRAPH = {"p", "div", "ul", "ol", "dl", "table", "form", "section", "h1", "h2", "h3", "fieldset", "details"}


class _Strict(HTMLParser):
    """Every element is closed by its own end, and a paragraph holds no block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("document")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _ENDS_A_PARAGRAPH:
            assert "p" not in [node.tag for node in self.open], f"<{tag}> inside a <p>"
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"an attribute twice on <{tag}>"
        node = SubElement(self.open[-1], tag, {name: value or "" for name, value in attrs})
        if tag not in _VOID:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        SubElement(self.open[-1], tag, {name: value or "" for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        last = self.open[-1]
        if len(last):
            last[-1].tail = (last[-1].tail or "") + data
        else:
            last.text = (last.text or "") + data


def parse(html: str) -> Element:
    """The tree of a page or of a piece of page."""
    parser = _Strict()
    parser.feed(html)
    parser.close()
    assert parser.open == [parser.root], "an element is never closed"
    return parser.root


def every(tree: Element, *tags: str) -> Iterator[Element]:
    return (node for node in tree.iter() if not tags or node.tag in tags)


def text(node: Element) -> str:
    return " ".join("".join(node.itertext()).split())


def by_id(tree: Element, name: str) -> Element:
    found = [node for node in every(tree) if node.get("id") == name]
    assert len(found) == 1, f"{len(found)} elements have the id {name}"
    return found[0]


def one(tree: Element, tag: str, **attributes: str) -> Element:
    found = [node for node in every(tree, tag) if all(node.get(key) == value for key, value in attributes.items())]
    assert len(found) == 1, f"{len(found)} <{tag}> {attributes}"
    return found[0]


def unnamed_inputs(tree: Element) -> list[str]:
    """Inputs that nobody hears the name of."""
    labelled = {node.get("for") for node in every(tree, "label")}
    wrapped = {id(child) for label in every(tree, "label") for child in label.iter()}
    return [
        str(node.get("name"))
        for node in every(tree, "input", "select", "textarea")
        if node.get("type") != "hidden" and node.get("id") not in labelled and id(node) not in wrapped
    ]


def broken_references(tree: Element) -> list[str]:
    """Ids that are pointed to and do not exist, and ids that exist twice."""
    ids = [node.get("id", "") for node in every(tree) if node.get("id")]
    wanted: list[str] = []
    for node in every(tree):
        for attribute in ("aria-describedby", "aria-labelledby", "aria-controls", "for"):
            wanted += (node.get(attribute) or "").split()
        if (node.get("href") or "").startswith("#") and len(node.get("href", "")) > 1:
            wanted.append(node.get("href", "")[1:])
    return [name for name in wanted if name not in ids] + [name for name in ids if ids.count(name) > 1]
