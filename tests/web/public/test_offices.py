"""« Ma Caf », processing times and contact: every postcode people type gets an answer they can use."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from parvis.kit.refusals import Refusal
from parvis.landlords.models import Office, ProcessingTime
from parvis.landlords.selectors import offices_for
from tests.factories.landlords import office

pytestmark = pytest.mark.django_db
MEASURED = date(2026, 6, 23)
LIGHTEST = 60_000


def read(name: str, **asked: str) -> str:
    answer = Client().get(reverse(name), asked)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert page.count("<h1") == 1
    return page


def another(code: str, name: str, *departments: str) -> Office:
    return Office.objects.create(caf_code=code, name=name, departments=list(departments), phone="3230")


def measured(code: str, topic: str, low: int, high: int) -> None:
    ProcessingTime.objects.create(office_id=code, topic=topic, min_weeks=low, max_weeks=high, measured_on=MEASURED)


@pytest.mark.parametrize("typed", ["44220", "44 220", " 44.220 ", "4 4 2 2 0", "\u00a044220", "４４２２０", "44-220"])
def test_a_postcode_finds_its_office_however_it_is_typed(typed: str) -> None:
    office()
    another("751", "Caf de Paris", "75")
    page = read("my-office", cp=typed)
    for words in ("Caf de la Loire-Atlantique", "bailleurs@caf44.example", "3230", "44000 NANTES"):
        assert words in page, words
    assert "Caf de Paris" not in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Tapez le code postal du logement."),
        ("   ", "Tapez le code postal du logement."),
        ("\x00", "Tapez le code postal du logement."),
        ("Nantes", "Ne tapez ni lettre ni autre signe."),
        ("<script>alert(1)</script>", "Ne tapez ni lettre ni autre signe."),
        ("' OR 1=1 --", "Ne tapez ni lettre ni autre signe."),
        ("٤٤٢٢٠", "Ne tapez ni lettre ni autre signe."),
        ("2A000", "En Corse, le code postal commence par 20."),
        ("1000", "Le premier peut être un zéro"),
        ("44", "Il manque des chiffres."),
        ("442200", "Il y a trop de chiffres."),
        ("1" * 10_000, "Il y a trop de chiffres."),
        ("99999", "Ce code postal n’existe pas en France."),
        ("00100", "Ce code postal n’existe pas en France."),
        ("98000", "Monaco"),
        ("98800", "La Nouvelle-Calédonie n’a pas de caisse"),
        ("97800", "Pour Saint-Martin, tapez 97150."),
    ],
)
def test_what_is_not_a_postcode_is_told_kindly(typed: str, sentence: str) -> None:
    office()
    for name in ("my-office", "contact"):
        page = read(name, cp=typed)
        assert sentence in page
        assert "Erreur\u00a0: " in page.split("</title>")[0]
        assert 'href="#cp"' in page
        assert "bailleurs@caf44.example" not in page
        assert "<script>alert" not in page


@pytest.mark.parametrize(
    ("typed", "department"),
    [("20000", "2A"), ("20200", "2B"), ("97400", "974"), ("97600", "976"), ("97150", "971"), ("01000", "01")],
)
def test_corsica_and_overseas_have_their_offices(typed: str, department: str) -> None:
    another("901", "Caf de là-bas", department)
    another("902", "Caf d’ailleurs", "44")
    assert [found.name for found in offices_for(typed)] == ["Caf de là-bas"]


def test_a_department_may_have_several_offices() -> None:
    another("641", "Caf du Béarn", "64")
    another("642", "Caf du Pays basque", "64", "40")
    page = read("my-office", cp="64100")
    assert "Caf du Béarn" in page
    assert "Caf du Pays basque" in page
    assert "Ce département a 2 caisses" in page
    assert "Ce département a" not in read("my-office", cp="40000")


def test_a_department_nobody_covers_yet_is_said() -> None:
    office()
    assert "Aucune caisse trouvée pour ce code postal." in read("my-office", cp="33000")


def test_a_refusal_names_the_field() -> None:
    with pytest.raises(Refusal) as refused:
        offices_for("x")
    assert refused.value.field == "cp"


def test_the_processing_times_of_an_office_come_with_their_day() -> None:
    office()
    another("751", "Caf de Paris", "75")
    measured("441", "housing_aid_claim", 4, 5)
    measured("441", "mail", 0, 0)
    measured("441", "arrears", 2, 2)
    measured("441", "direct_payment", 0, 1)
    measured("441", "unheard_of", 7, 9)
    for page in (read("processing-times", caisse="441"), read("my-office", cp="44000")):
        for words in ("4 à 5\u00a0semaines", "moins d’une semaine", "2\u00a0semaines", "1\u00a0semaine au plus"):
            assert words in page, words
        assert "23/06/2026" in page
        assert "unheard_of" not in page


def test_an_office_without_processing_times_says_so() -> None:
    office()
    another("751", "Caf de Paris", "75")
    assert "pas encore publié ses délais" in read("processing-times", caisse="751")
    assert "pas encore publié ses délais" not in read("processing-times")


def test_the_only_office_is_shown_at_once() -> None:
    office()
    measured("441", "mail", 4, 5)
    assert "4 à 5\u00a0semaines" in read("processing-times")


def test_no_office_at_all_leaves_the_pages_standing() -> None:
    for name in ("my-office", "all-offices", "processing-times", "contact"):
        read(name)
    assert "Aucune caisse n’utilise encore ce service." in read("all-offices")


@pytest.mark.parametrize("chosen", ["999", "' OR 1=1", "\x00441x", "é", "4" * 5_000])
def test_an_office_that_is_not_in_the_list_is_refused(chosen: str) -> None:
    office()
    for name in ("processing-times", "contact"):
        assert "Cette caisse n’est pas dans la liste." in read(name, caisse=chosen)


def test_contact_shows_the_chosen_office() -> None:
    office()
    another("751", "Caf de Paris", "75")
    page = read("contact", caisse="441")
    assert "bailleurs@caf44.example" in page
    assert '<option value="441" selected>' in page
    assert "bailleurs@caf44.example" not in read("contact")


def test_a_website_is_a_link_only_when_it_is_one() -> None:
    made = office()
    Office.objects.filter(pk=made.pk).update(website="javascript:alert(1)")
    assert "javascript:" not in read("my-office", cp="44000")
    Office.objects.filter(pk=made.pk).update(website="https://caf44.example/bailleurs")
    assert '<a href="https://caf44.example/bailleurs">caf44.example/bailleurs</a>' in read("my-office", cp="44000")


def test_pages_stay_light_with_every_office_of_the_country() -> None:
    for number in range(101):
        made = another(f"{number:03d}", f"Caf de l’Endroit-au-Nom-Long {number}", f"{number:02d}"[:3], "975")
        measured(made.caf_code, "mail", 4, 5)
    for name in ("my-office", "all-offices", "processing-times", "contact"):
        assert len(read(name).encode()) <= LIGHTEST, name


def test_the_list_of_offices_leads_to_each() -> None:
    office()
    assert f'href="{reverse("my-office")}?caisse=441"' in read("all-offices")
    assert "44000 NANTES" in read("my-office", caisse="441")
