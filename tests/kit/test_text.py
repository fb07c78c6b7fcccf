import pytest
from django.db import connection

from parvis.kit.text import fold


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
    ],
)
def test_search_text_is_folded_alike_in_python_and_in_sql(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT parvis_fold(%s)", [text])
        assert cursor.fetchone() == (fold(text),)
