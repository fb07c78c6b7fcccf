from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from parvis.design.catalogue import Paid, RentAndAid, SampleForm, sample_context
from tests.design.markup import broken_references, by_id, every, one, parse, text, unnamed_inputs
from tests.design.stage import environment, render, signed_in

FORMS = '{% from "design/components/forms.html" import field, identifier_field, password_field, code_field, select %}'
CHOICES = '{% from "design/components/choices.html" import checkbox, radios, pick, password_rules %}'
MESSAGES = '{% from "design/components/messages.html" import error_summary, note, notice, to_confirm %}'


@pytest.fixture
def catalogue() -> str:
    return environment().get_template("design/catalogue.html").render(frame=signed_in(), **sample_context())


def wrong_form() -> SampleForm:
    return SampleForm({"identifier": "LOG012345A"})


def test_the_catalogue_shows_every_macro_and_every_name_leads_somewhere(catalogue: str) -> None:
    tree = parse(catalogue)
    assert unnamed_inputs(tree) == []
    assert broken_references(tree) == []
    assert sum(1 for node in every(tree, "li") if "A6D5AZT" in text(node)) == 138


def test_a_field_is_tied_to_its_label_hint_and_error() -> None:
    tree = parse(render(FORMS + "{{ field(form['message'], rows=3) }}", form=wrong_form()))
    box = one(tree, "textarea", name="message")
    assert one(tree, "label").get("for") == box.get("id") == "id_message"
    assert box.get("aria-invalid") == "true"
    hint, error = (by_id(tree, name) for name in (box.get("aria-describedby") or "").split())
    assert text(hint) == "N’indiquez pas de données de santé."
    assert text(error) == "Erreur : Remplissez « Message »."


def test_a_field_without_fault_says_nothing() -> None:
    tree = parse(render(FORMS + "{{ field(form['phone']) }}", form=SampleForm()))
    box = one(tree, "input", name="phone")
    assert box.get("aria-invalid") is None
    assert text(one(tree, "label")) == "Téléphone (facultatif)"


def test_a_field_can_be_written_without_a_form() -> None:
    source = "{{ field(label='Nom', name='nom', value='<Girard>', error='Entrez un nom.', hint='Le vôtre') }}"
    tree = parse(render(FORMS + source))
    assert one(tree, "input").get("value") == "<Girard>"
    assert one(tree, "input").get("aria-describedby") == "id_nom-hint id_nom-error"
    assert broken_references(tree) == []


def test_passwords_never_come_back() -> None:
    form = SampleForm({"password": "Tuile-Verger-47"})
    html = render(FORMS + "{{ password_field(form['password']) }}", form=form)
    assert "Tuile" not in html
    button = one(parse(html), "button")
    assert (button.get("type"), button.get("hidden"), button.get("aria-controls")) == ("button", "", "id_password")


def test_the_code_is_one_field_for_digits() -> None:
    box = one(parse(render(FORMS + "{{ code_field(form['code']) }}", form=SampleForm())), "input")
    assert (box.get("inputmode"), box.get("autocomplete")) == ("numeric", "one-time-code")


def test_the_chosen_answer_stays_chosen() -> None:
    form = SampleForm({"way": "post", "office": "44", "agreed": "on"})
    html = CHOICES + FORMS + "{{ radios(form['way']) }}{{ select(form['office']) }}{{ checkbox(form['agreed']) }}"
    tree = parse(render(html, form=form))
    assert [n.get("value") for n in every(tree, "input") if n.get("checked") is not None] == ["post", "on"]
    assert [n.get("value") for n in every(tree, "option") if n.get("selected") is not None] == ["44"]


def test_the_summary_leads_to_each_faulty_field_in_the_order_of_the_page() -> None:
    source = (
        MESSAGES + CHOICES + FORMS + "{{ error_summary(form) }}{{ radios(form['way']) }}{{ checkbox(form['agreed']) }}"
    )
    tree = parse(render(source, form=wrong_form()))
    summary = one(tree, "div", role="alert")
    assert summary.get("tabindex") == "-1"
    assert text(one(summary, "h2")) == "Il y a 8 points à corriger"
    links = {text(link): link.get("href") for link in every(summary, "a")}
    assert links["Choisissez « Vous avez reçu vos identifiants »."] == "#id_way"
    assert by_id(tree, "id_way").get("type") == "radio"
    assert by_id(tree, "id_agreed").get("type") == "checkbox"


def test_one_fault_is_singular_and_none_is_silent() -> None:
    assert "Il y a un point à corriger" in render(MESSAGES + "{{ error_summary(errors=[('id_a', 'Entrez un nom.')]) }}")
    assert render(MESSAGES + "{{ error_summary(form) }}", form=SampleForm()).strip() == ""


def test_what_is_to_be_confirmed_is_said_first_with_the_way_there() -> None:
    one = render(MESSAGES + "{{ to_confirm(['En dessous du seuil.'], 'place') }}")
    assert "Un point à confirmer" in one
    assert '<a href="#place">En dessous du seuil.</a>' in one
    assert "2\u00a0points à confirmer" in render(MESSAGES + "{{ to_confirm(['A.', 'B.'], 'place') }}")


def test_what_people_typed_is_escaped_everywhere() -> None:
    html = render(
        MESSAGES + "{{ note(words) }}{% call notice('bad', words) %}{{ words }}{% endcall %}", words="<b>x</b>"
    )
    assert "<b>x" not in html


def test_each_rule_of_the_password_can_be_ticked_by_the_script() -> None:
    tree = parse(render(CHOICES + "{{ password_rules('r') }}"))
    assert [line.get("data-rule") for line in every(tree, "li")] == ["length", "upper", "lower", "digit", "special"]
    assert one(tree, "ul").get("data-signs")


def months(count: int) -> list[RentAndAid]:
    rents: list[Any] = [
        RentAndAid(date(2025, 1, 1), None, None),
        RentAndAid(date(2025, 2, 1), 52_500, 0, "Versement décalé."),
    ]
    return rents + [RentAndAid(date(2025 + n // 12, n % 12 + 1, 1), 52_500, 11_100) for n in range(2, count)]


@pytest.mark.parametrize("count", [0, 1, 2, 12, 24, 60])
def test_the_drawing_of_rents_is_also_a_sentence_and_a_table(count: int) -> None:
    source = '{% from "design/components/charts.html" import chart_rent_and_aid %}{{ chart_rent_and_aid(months, "Le loyer.") }}'
    items = months(count)[:count]
    tree = parse(render(source, months=items))
    drawing = next(every(tree, "svg"))
    assert text(by_id(tree, str(drawing.get("aria-labelledby")))) == "Le loyer."
    assert len(list(every(one(tree, "tbody"), "tr"))) == count
    if count >= 2:
        cells = [text(cell) for cell in every(one(tree, "tbody"), "td")]
        assert cells[:4] == ["—", "—", "525,00 €", "0,00 €"]
        assert "Février 2025 : Versement décalé." in text(tree)


def test_a_broken_line_is_drawn_where_the_rent_is_unknown() -> None:
    source = '{% from "design/components/charts.html" import chart_rent_and_aid %}{{ chart_rent_and_aid(months, "Le loyer.") }}'
    items = [RentAndAid(date(2025, n, 1), None if n == 2 else 50_000, 0) for n in range(1, 5)]
    path = next(node for node in every(parse(render(source, months=items)), "path") if node.get("class") == "rent")
    assert str(path.get("d")).count("M") == 2


@pytest.mark.parametrize("count", [0, 1, 7, 24])
def test_the_bars_have_a_table_too(count: int) -> None:
    source = '{% from "design/components/charts.html" import chart_bars %}{{ chart_bars(months, "Les aides.") }}'
    items = [Paid(date(2025 + n // 12, n % 12 + 1, 1), None if n == 3 else 100_000 * n) for n in range(count)]
    assert len(list(every(one(parse(render(source, months=items)), "tbody"), "tr"))) == count


def test_the_progress_bar_says_its_sentence_and_fits() -> None:
    source = (
        '{% from "design/components/progress.html" import progress %}{{ progress(parts, 57, "41 transmis sur 57") }}'
    )
    parts = [("done", 41, "transmis"), ("kept", 3, "saisis"), ("todo", 13, "à saisir")]
    tree = parse(render(source, parts=parts))
    bar = next(every(tree, "svg"))
    assert (bar.get("role"), bar.get("aria-label")) == ("img", "41 transmis sur 57")
    done, kept = (one(tree, "rect", **{"class": f"{kind}-part"}) for kind in ("done", "kept"))
    assert done.get("width") == kept.get("x") == "71.93%"


def test_a_line_of_the_grid_is_saved_alone_and_replaced_whole() -> None:
    source = (
        '{% from "design/components/grid.html" import grid_row %}<table>{{ grid_row(row, years, "/ligne/") }}</table>'
    )
    row = sample_context()["grid"][4]
    tree = parse(render(source, row=row, years=("Juillet 2025", "Juillet 2026")))
    amount = one(tree, "input")
    assert (amount.get("data-hx-post"), amount.get("data-hx-target")) == ("/ligne/", "closest tbody")
    assert amount.get("data-hx-params") == f"csrfmiddlewaretoken,{row.name}"
    assert amount.get("inputmode") == "decimal"
    assert "10 fois plus bas" in text(by_id(tree, str(amount.get("aria-describedby"))))
    assert unnamed_inputs(tree) == []


def test_a_star_works_without_script_and_says_its_state() -> None:
    source = '{% from "design/components/lists.html" import account_row %}<ul>{{ account_row(account, "/etoile/", frame.csrf_input) }}</ul>'
    tree = parse(render(source, account=sample_context()["accounts"][1]))
    assert one(tree, "form").get("method") == "post"
    star = one(tree, "button")
    assert (star.get("aria-pressed"), star.get("value")) == ("true", "no")
    assert text(star) == "Favori : Alliance Familiale, Caisse de Loire-Atlantique"


def test_paging_is_in_words_and_dead_ends_are_not_links() -> None:
    source = '{% from "design/components/paging.html" import paging %}{{ paging(none, "/p/?apres=x", "Comptes 1 à 10 sur 138") }}'
    tree = parse(render(source))
    assert [text(link) for link in every(tree, "a")] == ["Suivant"]
    assert one(tree, "span").get("aria-disabled") == "true"
