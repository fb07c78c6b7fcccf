"""The words of a message as plain text: the first part of an e-mail, and what is kept of any message."""

from __future__ import annotations

from django.conf import settings

from parvis.correspondence.rendering.blocks import Block, Button, Items, Paragraph, Runs, Table, Value, Words


def plain_text(words: Words) -> str:
    """All there is to know, without markup; the title is left to whoever shows it."""
    return "\n\n".join(_plain(block) for block in words.blocks)


def _plain(block: Block) -> str:
    match block:
        case Paragraph(runs):
            return _sentence(runs)
        case Value(label, text):
            return f"{label}\u00a0: {text}" if label else text
        case Items(items, numbered):
            marks = (f"{index}." if numbered else "-" for index in range(1, len(items) + 1))
            return "\n".join(f"{mark} {_sentence(item)}" for mark, item in zip(marks, items, strict=True))
        case Table(header, rows):
            return "\n".join("\u00a0; ".join(map(_cell, header, row)) for row in rows)
        case Button(label, path):
            return f"{label}\u00a0: {settings.PUBLIC_URL}{path}"


def _cell(head: str, cell: str) -> str:
    return f"{head}\u00a0: {cell}" if head else cell


def _sentence(runs: Runs) -> str:
    return "".join(run.text for run in runs)
