"""The letter as it is printed: one accessible page, the address in the window, nothing clear that must stay closed."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from parvis.correspondence import worker
from parvis.correspondence.rendering.window import window_lines
from tests.factories import correspondence as make
from tests.factories.correspondence import AT

MM = 72 / 25.4
HEIGHT_MM = 297


def printed(folder: Path) -> PdfReader:
    (path,) = folder.glob("*.pdf")
    return PdfReader(io.BytesIO(path.read_bytes()))


@pytest.mark.django_db
def test_a_letter_is_one_accessible_page_that_says_who_whom_and_when(letters_folder: Path) -> None:
    message = make.letter()
    worker.run_until_empty(at=AT)
    message.refresh_from_db()
    pdf = printed(letters_folder)
    assert len(pdf.pages) == 1
    catalog: Any = pdf.root_object
    assert catalog["/Lang"] == "fr-FR"
    assert catalog["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in catalog
    assert "pdfuaid" in catalog["/Metadata"].get_data().decode()
    text = pdf.pages[0].extract_text()
    for words in ("Caf de Loire-Atlantique", "44100046470V12", "LOG012345A", "13 juillet 2026", message.number):
        assert words in text
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Votre identifiant"


@pytest.mark.django_db
def test_the_address_stands_in_the_window(letters_folder: Path) -> None:
    make.letter()
    worker.run_until_empty(at=AT)
    found: dict[str, tuple[float, float]] = {}

    def note(text: str, page: list[float], line: list[float], *_: object) -> None:
        x = line[4] * page[0] + line[5] * page[2] + page[4]
        y = line[4] * page[1] + line[5] * page[3] + page[5]
        found.setdefault(text.strip(), (x / MM, HEIGHT_MM - y / MM))

    printed(letters_folder).pages[0].extract_text(visitor_text=note)
    name, city = found["AGENCE DES TROIS TILLEULS"], found["44000 NANTES"]
    assert 108 <= name[0] <= 112
    assert 48 <= name[1] < city[1] <= 80


@pytest.mark.django_db
def test_the_second_letter_bears_the_number_that_pairs_it_and_not_the_identifier(letters_folder: Path) -> None:
    first = make.letter(template="tests/letters/password", secret="known", secret_subject=7)
    worker.run_until_empty(at=AT)
    text = printed(letters_folder).pages[0].extract_text()
    assert "s3cret-1" in text
    assert "44100046470V12" in text
    assert "LOG012345A" not in text
    first.refresh_from_db()
    assert "s3cret" not in first.body


@pytest.mark.django_db
def test_two_letters_have_two_numbers(letters_folder: Path) -> None:
    make.letter()
    make.letter(due_at=AT + timedelta(minutes=1))
    worker.run_until_empty(at=AT + timedelta(minutes=1))
    assert len(list(letters_folder.glob("L-2026-*.pdf"))) == 2


@pytest.mark.parametrize(
    ("lines", "window"),
    [
        (["Mme Zoé Lefèvre", "", "12 bis, rue de l’Église", "44000 Nantes"],
         ["MME ZOE LEFEVRE", "12 BIS RUE DE L EGLISE", "44000 NANTES"]),
        (["Société Internationale de Conseil en Gestion de Projets", "1 place d’Iéna", "75011 Paris"],
         ["SOCIETE INTERNATIONALE DE CONSEIL EN", "GESTION DE PROJETS", "1 PLACE D IENA", "75011 PARIS"]),
        (["A" * 50, "B", "C", "D", "E", "44000 Nantes"], ["A" * 38, "B", "C", "D", "E", "44000 NANTES"]),
        (["A", "B", "C", "D", "E", "F", "44000 Nantes"], ["A", "B", "C", "D", "E", "44000 NANTES"]),
        ([" "], []),
    ],
)  # fmt: skip
def test_an_address_is_fitted_to_the_window(lines: list[str], window: list[str]) -> None:
    assert window_lines(lines) == window
