"""What another version changes, line by line."""

from __future__ import annotations

from parvis.web.backoffice.desk.compared import compared


def test_what_goes_and_what_comes_stand_where_they_were() -> None:
    found = compared("## Un\n\nReste.\n\nPart.", "## Un\n\nReste.\n\nVient.\n\nVient aussi.")
    assert [(line.kind, line.words) for line in found] == [
        ("same", "Un"),
        ("same", "Reste."),
        ("removed", "Part."),
        ("added", "Vient."),
        ("added", "Vient aussi."),
    ]


def test_the_same_words_otherwise_spaced_are_the_same() -> None:
    assert compared("Un  mot.\n\nDeux.", "Un mot.\nDeux.") == []
    assert [line.kind for line in compared("", "Neuf.")] == ["added"]
