"""The help centre: every question landlords ask has an article, and the words they use find it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from structlog.testing import capture_logs

from parvis.web.public.help import BadArticle, help_centre
from parvis.web.public.help.article import read_article, read_themes
from parvis.web.public.help.centre import FOLDER, original, read_folder
from tests.house.routes import every_route
from tests.house.test_french import APOSTROPHE, SPACE

pytestmark = pytest.mark.django_db
ARTICLES = original().articles
FILES = sorted(FOLDER.rglob("*.txt"))
PUBLIC = {route.name for route in every_route() if route.access.code == "public" and not route.needs}
GOOD = """title: Une question
words: des mots

== short ==
La réponse.

== easy ==
Un.
Deux.
Trois.

== related ==
autre
"""
DIFFICULTIES = [
    ("Vous avez perdu votre identifiant de connexion reçu par mail", "identifiant-perdu-mail"),
    ("Vous avez perdu votre mot de passe provisoire reçu par mail", "mot-de-passe-provisoire-perdu"),
    ("Vous avez perdu votre identifiant de connexion reçu par courrier", "identifiant-perdu-courrier"),
    ('Vous ne savez pas où trouver votre "numéro utilisateur".', "numero-utilisateur"),
    ("Vous ne parvenez pas à saisir votre identifiant.", "identifiant-refuse"),
    (
        "Vous n'avez pas encore reçu votre identifiant et votre mot de passe par courrier"
        " et vous ne nous avez pas communiqué d'adresse mail.",
        "attendre-les-courriers",
    ),
    (
        "Vous rencontrez des difficultés pour saisir votre mot de passe : Mot de passe invalide, difficulté à saisir"
        " le mot de passe ou vous rencontrez un échec de connexion.",
        "mot-de-passe-refuse",
    ),
    (
        "Votre mot de passe provisoire n'est plus valide : vous avez dépassé le délais de 2 semaines pour utiliser le"
        " mot de passe envoyé par mail ou le délais de 2 mois pour utiliser le mot de passe envoyé par courrier.",
        "mot-de-passe-provisoire-expire",
    ),
    ("Vous ne parvenez pas à saisir le loyer de juillet 2019.", "juillet-precedent-inconnu"),
    ("Vous ne parvenez pas à valider le montant du loyer de juillet 2019.", "montant-refuse"),
    (
        "Vous disposez de plusieurs parcs de locataires et vous rencontrez des difficultés pour passer d'un parc à l'autre.",
        "changer-de-compte",
    ),
]
QUESTIONS = [
    ("code pas recu", "code-non-recu"),
    ("138 comptes", "comptes-rapproches"),
    ("détacher un compte", "detacher-un-compte"),
    ("administrateur parti", "remplacer-un-administrateur"),
    ("inviter collègue", "inviter-un-collegue"),
    ("ce n’est pas moi", "ce-n-est-pas-moi"),
    ("impayé", "loyer-impaye"),
    ("décès", "deces-du-locataire"),
    ("colocataires", "colocation"),
    ("j'ai vendu l'appartement", "fin-de-gestion"),
    ("RIB", "coordonnees-bancaires"),
    ("trop-perçu", "trop-percu"),
    ("versement direct", "versement-direct"),
    ("formulaire papier", "declarer-sur-papier"),
    ("délai de traitement", "delais-de-traitement"),
    ("RGPD", "mes-donnees-personnelles"),
    ("règles d'usage", "regles-d-usage"),
    ("premiere connection", "premiere-connexion"),
    ("piratage", "ce-n-est-pas-moi"),
    ("accusé de réception", "accuse-et-verification"),
]


def found(asked: str) -> list[str]:
    return [article.slug for article in help_centre().search(asked)]


def searched(asked: str) -> str:
    answer = Client().get(reverse("help"), {"q": asked})
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_file_is_an_article_of_a_theme() -> None:
    assert len(ARTICLES) == len(FILES) - 1 >= 25
    assert {(article.theme, article.slug) for article in ARTICLES} == {
        (path.parent.name, path.stem) for path in FILES if path.name != "themes.txt"
    }


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.slug)
def test_an_article_answers_at_once_and_leads_on(article: object) -> None:
    read = next(one for one in ARTICLES if one is article)
    page = Client().get(reverse("help-article", args=[read.slug])).content.decode()
    assert page.count("<h1") == 1
    assert "En facile à lire" in page
    for other in read.related:
        assert f'href="{reverse("help-article", args=[other])}"' in page
    for link in read.links:
        assert link.page in PUBLIC, "an article leads to pages anybody may read"
        assert f'href="{reverse(link.page)}"' in page
    assert all(len(sentence) <= 100 for sentence in read.easy)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_article_is_well_typed(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    said = "\n".join(re.sub(r"^\w+: |^== \w+ ==$| \| ", "", line) for line in text.splitlines())
    assert [fault.group() for rule in (APOSTROPHE, SPACE) for fault in rule.finditer(said)] == []
    assert "'" not in said
    assert text.endswith("\n")


@pytest.mark.parametrize(
    "broken",
    [
        "",
        GOOD.replace("title: Une question\n", ""),
        GOOD.replace("words: des mots", "words:"),
        GOOD.replace("words: des mots", "mots: des mots"),
        GOOD.replace("words: des mots", "title: encore"),
        GOOD.replace("== short ==", "== steps =="),
        GOOD.replace("== short ==", "== court =="),
        GOOD.replace("== related ==", "== short =="),
        GOOD.replace("La réponse.", "La réponse. " * 40),
        GOOD.replace("Trois.\n", ""),
        GOOD + "\n== links ==\nsans page\n",
        GOOD.replace("words:", "top: un\nwords:"),
        GOOD.replace("words:", "anchor: code\nwords:"),
    ],
)
def test_a_bad_file_is_refused(broken: str) -> None:
    assert read_article("theme", "slug", GOOD).title == "Une question"
    with pytest.raises(BadArticle, match="theme/slug"):
        read_article("theme", "slug", broken)


def test_a_bad_name_or_a_bad_list_of_themes_is_refused() -> None:
    with pytest.raises(BadArticle):
        read_article("theme", "Mon slug", GOOD)
    for themes in ("theme | icon | title", "a | b | c | d\na | b | c | d"):
        with pytest.raises(BadArticle):
            read_themes(themes)


@pytest.mark.parametrize("fault", ["unknown related", "empty theme", "stray file", "unnamed folder", "not utf-8"])
def test_a_centre_that_does_not_hold_together_is_refused(fault: str, tmp_path: Path) -> None:
    (tmp_path / "themes.txt").write_text("a | help | A | Une phrase\n", encoding="utf-8")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "une.txt").write_text(GOOD, encoding="utf-8")
    (tmp_path / "a" / "autre.txt").write_text(GOOD.replace("Une", "Autre").replace("autre", "une"), encoding="utf-8")
    assert len(read_folder(tmp_path).articles) == 2
    match fault:
        case "unknown related":
            (tmp_path / "a" / "autre.txt").unlink()
        case "empty theme":
            (tmp_path / "themes.txt").write_text(
                "a | help | A | Une phrase\nb | help | B | Une autre\n", encoding="utf-8"
            )
            (tmp_path / "b").mkdir()
        case "stray file":
            (tmp_path / "a" / "note.md").write_text("", encoding="utf-8")
        case "unnamed folder":
            (tmp_path / "b").mkdir()
        case _:
            (tmp_path / "a" / "une.txt").write_bytes(b"\xff\xfe")
    with pytest.raises(BadArticle):
        read_folder(tmp_path)


@pytest.mark.parametrize(("asked", "slug"), DIFFICULTIES)
def test_each_difficulty_of_the_support_is_found_with_its_own_words(asked: str, slug: str) -> None:
    assert slug in found(asked)[:2]
    assert f'href="{reverse("help-article", args=[slug])}"' in searched(asked)


@pytest.mark.parametrize(("asked", "slug"), QUESTIONS)
def test_a_few_words_find_the_article(asked: str, slug: str) -> None:
    assert slug in found(asked)[:2]


@pytest.mark.parametrize(
    "asked", ["mot de passe oublié", "MOT DE PASSE OUBLIE", "  oublié   passe mot ", "mot de pase oubliés"]
)
def test_accents_case_order_and_slips_do_not_matter(asked: str) -> None:
    assert found(asked)[0] == "mot-de-passe-oublie"


@pytest.mark.parametrize(
    "asked", ["xyzzy", "?!", "le la les", "’; DROP TABLE help --", "密码", "<script>xyz()</script>"]
)
def test_no_answer_says_what_to_do(asked: str) -> None:
    page = searched(asked)
    assert "Aucune réponse pour" in page
    assert f'href="{reverse("contact")}"' in page
    assert "Les questions les plus posées" in page
    assert "<script>xyz" not in page


@pytest.mark.parametrize("asked", ["", "   ", "\x00"])
def test_a_blank_search_asks_for_a_word(asked: str) -> None:
    page = searched(asked)
    assert "Écrivez un mot" in page
    assert "Tous les thèmes" in page


def test_a_very_long_search_is_answered() -> None:
    assert "loyer" in searched("loyer " * 2_000)
    assert len(searched("z" * 10_000)) < 100_000


def test_an_unknown_article_is_not_there() -> None:
    for method in ("get", "post"):
        assert getattr(Client(), method)("/aide/nexiste-pas/").status_code == 404
    assert Client().get("/aide/%00/").status_code == 404


@pytest.mark.parametrize(
    ("typed", "logged", "said"), [("oui", "yes", "Merci de votre réponse."), ("non", "no", "où trouver de l’aide")]
)
def test_whether_it_helped_is_counted_without_a_person(typed: str, logged: str, said: str) -> None:
    address = reverse("help-article", args=["quel-loyer-declarer"])
    with capture_logs() as lines:
        answer = Client().post(address, {"avis": typed}, follow=True)
    assert [line for line in lines if line["event"] == "help_answered"] == [
        {"event": "help_answered", "slug": "quel-loyer-declarer", "answer": logged, "log_level": "info"}
    ]
    page = answer.content.decode()
    assert said in page
    assert 'value="oui"' not in page
    if typed == "non":
        assert f'href="{reverse("contact")}"' in page.split('id="avis"')[1]


@pytest.mark.parametrize("typed", ["", "peut-être", "\x00", "o" * 10_000])
def test_another_answer_is_not_counted(typed: str) -> None:
    with capture_logs() as lines:
        answer = Client().post(reverse("help-article", args=["quel-loyer-declarer"]), {"avis": typed})
    assert [line for line in lines if line["event"] == "help_answered"] == []
    assert "Choisissez «\u00a0Oui\u00a0» ou «\u00a0Non\u00a0»" in answer.content.decode()
