import pytest
from django.db import connection

from parvis.kit.text import fold, of


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        "L’Hermite Noé",
        "D'ALMEIDA  Çelik",
        "Œuvre-sœur",
        "Jean-Luc",
        " a.b ",
        "ÀÉÎÕÜŸ",
        "Nguyễn  --  Ştefan",
        "\u00a0a\tb\n",
        "MARTIN  D'ARC-EN-CIEL.\f\v\r\nJEAN\x01NE",
        "\u2009Ƒ ﬁ ß Ærø\u202fÅŒ\x01 ’’",
        "ΑΝΝΑΣ Ας",
        "",
    ],
)
def test_search_text_is_folded_alike_in_python_and_in_sql(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT parvis_fold(%s)", [text])
        assert cursor.fetchone() == (fold(text),)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Lina Moreau", "de Lina Moreau"),
        ("Anne", "d’Anne"),
        ("Élodie", "d’Élodie"),
        ("août 2026", "d’août 2026"),
        ("juillet 2026", "de juillet 2026"),
        ("Œuvres", "d’Œuvres"),
        ("Yves", "d’Yves"),
        ("Yann", "de Yann"),
        ("Hassan", "de Hassan"),
        ("Ωmega", "de Ωmega"),
        ("2026", "de 2026"),
        ("", "de "),
    ],
)
def test_de_is_elided_before_a_vowel(name: str, said: str) -> None:
    assert of(name) == said
