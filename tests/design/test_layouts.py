from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django import forms

from parvis.design.forms import Form
from tests.design.markup import broken_references, every, one, parse, text
from tests.design.stage import Frame, render, signed_in

LAYOUTS = ["page", "door", "wizard", "plain"]


def page(layout: str, frame: Frame, extra: str = "", **context: Any) -> str:
    return render(
        f'{{% extends "design/{layout}.html" %}}{{% block title %}}Loyers{{% endblock %}}'
        f"{{% block heading %}}<h1>Loyers</h1>{{% endblock %}}{{% block content %}}<p>Bonjour</p>{{% endblock %}}{extra}",
        frame,
        **context,
    )


class Asking(Form):
    name = forms.CharField(label="Nom")


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("frame", [Frame(), signed_in()], ids=["stranger", "signed in"])
def test_each_layout_is_one_page_in_french_with_a_way_past_the_menu(layout: str, frame: Frame) -> None:
    tree = parse(page(layout, frame))
    assert one(tree, "html").get("lang") == "fr"
    assert one(tree, "title").text == "Loyers — Mon Compte Partenaire"
    assert len(list(every(tree, "main"))) == 1
    assert len(list(every(tree, "h1"))) == 1
    first_link = next(every(tree, "a"))
    assert (first_link.get("href"), text(first_link)) == ("#contenu", "Aller au contenu")
    assert broken_references(tree) == []


def test_a_page_without_title_cannot_be_rendered() -> None:
    with pytest.raises(Exception, match="title"):
        render('{% extends "design/plain.html" %}')


def test_the_theme_is_what_the_server_read() -> None:
    assert one(parse(page("plain", Frame(theme="dark"))), "html").get("data-theme") == "dark"
    assert one(parse(page("plain", Frame())), "html").get("data-theme") is None


def test_the_theme_changes_without_script() -> None:
    form = one(parse(page("plain", Frame())), "form", action="/theme/")
    assert form.get("method") == "post"
    assert [button.get("value") for button in every(form, "button")] == ["dark", "light"]
    assert one(form, "input", name="csrfmiddlewaretoken").get("value") == "token"


def test_only_a_demonstration_says_so() -> None:
    assert "Démonstration, données fictives au 22/07/2026" in text(parse(page("plain", Frame())))
    assert "données fictives" not in text(parse(page("plain", Frame(demonstration=False))))


def test_signing_out_is_a_post() -> None:
    tree = parse(page("plain", signed_in(session_ends_in=None)))
    assert one(tree, "form", action="/deconnexion/").get("method") == "post"


def test_links_that_lead_nowhere_are_not_shown() -> None:
    full = page("page", signed_in())
    assert "Mon profil" in full
    assert "Changer de compte (138)" in full
    alone = page("page", signed_in(profile_url=None, accounts_url=None))
    assert "Mon profil" not in alone
    assert "Changer de compte" not in alone
    assert "Alliance Familiale" in alone


def test_the_menu_says_where_one_is_and_what_is_left() -> None:
    tree = parse(page("page", signed_in()))
    assert text(one(tree, "a", **{"aria-current": "true"})) == "Espace bailleur"
    assert text(one(tree, "a", **{"aria-current": "page"})) == "Loyers de juillet Reste à déclarer : 16"
    assert one(tree, "nav", id="menu").get("aria-label") == "Menu principal"


def test_without_script_the_burger_is_a_link_to_the_menu() -> None:
    assert one(parse(page("page", signed_in())), "a", **{"class": "hbtn burger"}).get("href") == "#menu"


def test_an_empty_aside_is_no_aside() -> None:
    assert not list(every(parse(page("page", signed_in())), "aside"))
    with_panels = page("page", signed_in(), "{% block aside %}<p>À savoir</p>{% endblock %}")
    assert one(parse(with_panels), "aside").get("aria-label") == "Informations utiles"


def test_messages_are_read_aloud_errors_at_once() -> None:
    frame = signed_in(messages=[("success", "C’est fait."), ("error", "Non <transmis>.")])
    roles = [node.get("role") for node in every(parse(page("page", frame)), "div") if node.get("role")]
    assert roles == ["status", "alert"]
    assert "Non &lt;transmis&gt;." in page("page", frame)


def test_the_title_announces_errors() -> None:
    wrong = page("plain", Frame(), form=Asking({}))
    assert one(parse(wrong), "title").text == "Erreur\u00a0: Loyers — Mon Compte Partenaire"
    assert "Erreur" not in str(one(parse(page("plain", Frame(), form=Asking())), "title").text)


def test_the_end_of_the_session_is_announced_to_those_who_have_one() -> None:
    dialog = one(parse(page("page", signed_in())), "dialog")
    assert (dialog.get("data-ends-in"), dialog.get("data-keep-alive")) == ("1800", "/rester/")
    assert not list(every(parse(page("plain", Frame())), "dialog"))


def test_the_last_connection_is_shown_in_paris() -> None:
    seen = signed_in(last_seen=datetime(2026, 7, 20, 23, 30, tzinfo=UTC))
    assert "Dernière connexion le 21/07/2026 à 1 h 30" in text(parse(page("page", seen)))


def test_the_wizard_says_its_step() -> None:
    step = "{% block step %}Étape 2 sur 4 — Votre mot de passe{% endblock %}"
    assert "Étape 2 sur 4 — Votre mot de passe" in page("wizard", signed_in(), step)


@pytest.mark.parametrize(
    ("body", "context", "says"),
    [
        ("not_allowed", {"right_label": "Changer l’IBAN"}, "Cette page demande le droit «\u00a0Changer l’IBAN\u00a0»."),
        ("not_found", {}, "Page introuvable"),
        ("broken", {"code": "A1B2"}, "A1B2"),
        ("stale_form", {}, "Rien n’a été envoyé."),
        ("bad_request", {}, "Rien n’a été enregistré."),
    ],
)
def test_error_pages_say_what_to_do(body: str, context: dict[str, Any], says: str) -> None:
    html = render(
        '{% extends "design/plain.html" %}{% block title %}Erreur{% endblock %}'
        f'{{% block content %}}{{% include "design/errors/{body}.html" %}}{{% endblock %}}',
        **context,
    )
    assert says in html
    assert len(list(every(parse(html), "h1"))) == 1
