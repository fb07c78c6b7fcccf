"""The line format, and values that never become markup."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.correspondence.rendering.blocks import Button, Items, Malformed, Paragraph, Run, Table, Value, read
from parvis.correspondence.rendering.texts import words_of
from tests.factories.correspondence import TEXTS, write_texts


def test_every_kind_of_line_is_read() -> None:
    words = read(
        "Le titre\n\nUne phrase **forte**\nsur deux lignes.\n\n> Code | 12 - 3\n> seul\n- un\n- **deux**\n1. d’abord\n2. puis\n"
        "| A | B |\n| 1 | |\n=> Ouvrir | /connexion?x=1\nFin."
    )
    assert words.title == "Le titre"
    assert words.blocks == (
        Paragraph((Run("Une phrase "), Run("forte", True), Run(" sur deux lignes."))),
        Value("Code", "12 - 3"),
        Value("", "seul"),
        Items(((Run("un"),), (Run("deux", True),)), numbered=False),
        Items(((Run("d’abord"),), (Run("puis"),)), numbered=True),
        Table(("A", "B"), (("1", ""),)),
        Button("Ouvrir", "/connexion?x=1"),
        Paragraph((Run("Fin."),)),
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "T\n\nUn **gras jamais fermé",
        "T\n\n| A | B |\n| 1 |",
        "T\n\n=> Ouvrir | https://elsewhere.example/",
        "T\n\n=> Ouvrir | //elsewhere.example/",
        "T\n\n=> Un | /a\n=> Deux | /b",
    ],
)
def test_a_text_its_author_must_mend_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        read(text)


def test_a_subject_holds_sixty_signs() -> None:
    assert len(read("Bonjour " * 20).title) == 60


@given(st.text())
def test_a_value_never_becomes_markup(value: str) -> None:
    TEXTS["tests/emails/any.txt"] = (
        "Titre\n\n{{ v }} **fort** {{ v }}\n\n- {{ v }}\n\n> {{ v }} | {{ v }}\n\n| {{ v }} | b |"
    )
    write_texts()
    kinds = [block.kind for block in read(words_of("tests/emails/any", {"v": value})).blocks]
    assert kinds == ["paragraph", "items", "value", "table"]


@pytest.mark.parametrize(
    "value", ["**a**", "x\n=> Ici | //evil.example", "=> Ici | /", "- a", "1. a", "| a | b", "a|b", "> a"]
)
def test_a_name_that_looks_like_markup_is_shown_as_it_is(value: str) -> None:
    TEXTS["tests/emails/name.txt"] = "Titre\n\n{{ v }}\n"
    write_texts()
    (block,) = read(words_of("tests/emails/name", {"v": value})).blocks
    assert block == Paragraph((Run(value.replace("\n", " ")),))


def test_days_and_moments_kept_as_texts_are_written_the_french_way() -> None:
    TEXTS["tests/emails/days.txt"] = (
        "T\n\n{{ long_day(d) }}, {{ moment(m) }}, {{ plural(2, 'loyer', 'loyers') }}, {{ euros(52500) }}"
    )
    write_texts()
    (block,) = read(words_of("tests/emails/days", {"d": "2026-09-01", "m": "2026-07-21T08:26:00+00:00"})).blocks
    assert block == Paragraph(
        (Run("1er septembre 2026, 21/07/2026 à 10\u00a0h\u00a026, 2\u00a0loyers, 525,00\u00a0€"),)
    )
