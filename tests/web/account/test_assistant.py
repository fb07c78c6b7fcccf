"""« Problème de connexion » : every difficulty has its solution, three questions away at most."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from parvis.correspondence.models import Message
from parvis.kit.actors import system
from parvis.parameters.catalogue import VALID_BY_EMAIL
from parvis.parameters.services import change
from parvis.web.account.views.recovery.questions import QUESTIONS
from parvis.web.account.views.recovery.troubles import SOLUTIONS
from parvis.web.account.views.sign_in import WRONG
from tests.web.account.visits import now, said

pytestmark = pytest.mark.django_db


def test_every_difficulty_leads_to_one_solution_in_three_questions_at_most() -> None:
    reached: dict[str, int] = {}

    def follow(slug: str, depth: int) -> None:
        answers = re.findall(
            r'href="/probleme-de-connexion/([a-z-]+)/"><span>', said(Client().get(address_of_step(slug)))
        )
        assert len(answers) == len(QUESTIONS[slug].answers)
        for answer in answers:
            if answer in QUESTIONS:
                follow(answer, depth + 1)
            else:
                reached[answer] = max(depth, reached.get(answer, 0))

    follow("", 1)
    assert set(reached) == set(SOLUTIONS)
    assert max(reached.values()) == 3
    for slug, solution in SOLUTIONS.items():
        html = said(Client().get(address_of_step(slug)))
        assert reverse(solution.action.name) in html
        assert solution.back in QUESTIONS
        assert "Écrivez à votre caisse" in said(Client().get(address_of_step(slug), {"regle": "non"}))
        assert "Tant mieux" in said(Client().get(address_of_step(slug), {"regle": "oui"}))


def test_the_sentences_of_the_sign_in_are_those_the_assistant_offers() -> None:
    html = said(Client().get(address_of_step("message")))
    for sentence in (WRONG.split(".")[0], "Connexion en pause", "Ce mot de passe provisoire n’est plus valable"):
        assert sentence in html
    assert "identifiant ou mot de passe incorrect" in html


def test_provisional_passwords_live_as_long_as_the_parameters_say() -> None:
    assert "Par mail, il est valable 14 jours" in said(Client().get(address_of_step("provisoire-expire")))
    change(VALID_BY_EMAIL.name, 7, by=system("test"), at=now())
    assert "Par mail, il est valable 7 jours" in said(Client().get(address_of_step("provisoire-expire")))


def test_an_individual_and_an_organisation_find_their_other_accounts_each_in_their_way() -> None:
    assert "Sécurité sociale" in said(Client().get(address_of_step("plusieurs-parcs-particulier")))
    organisation = said(Client().get(address_of_step("plusieurs-parcs-organisme")))
    assert "même adresse mail" in organisation
    assert "Sécurité sociale" not in organisation


def address_of_step(slug: str) -> str:
    return reverse("sign-in-trouble-step", args=[slug]) if slug else reverse("sign-in-trouble")


@pytest.mark.parametrize(
    ("slug", "typed", "says"),
    [
        ("saisir-identifiant", "logo12345a", "LOG012345A"),
        ("saisir-identifiant", "LOG01234A", "Il manque 1 caractère"),
        ("saisir-identifiant", "LOG0123456A", "1 caractère de trop"),
        ("saisir-identifiant", "A6D5AZT301", "Bonne forme"),
        ("saisir-identifiant", "zoe@exemple.fr", "C’est une adresse mail"),
        ("montant-refuse", "525,50 €", "525,50"),
        ("montant-refuse", "cinq cents", "cinq cents"),
    ],
)
def test_the_testers_say_what_they_read_and_send_nothing(slug: str, typed: str, says: str) -> None:
    assert says in said(Client().get(address_of_step(slug), {"essai": typed}))
    assert not Message.objects.exists()
