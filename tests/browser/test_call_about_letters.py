"""« Je n’ai pas reçu ma lettre »: an agent on the telephone answers after one search, on one page; then sees what the landlord sees."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from pytest_django import Settings

from parvis.agents.posts import Role
from parvis.correspondence.models import Message
from parvis.identity.models import Account
from tests.browser import office, steps
from tests.browser.conftest import OpensABrowser, Watch
from tests.browser.person import Person
from tests.factories.agents import PASSWORD, colleague
from tests.factories.correspondence import batched
from tests.factories.landlords import landlord, owner

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(params=steps.HABITS)
def person(request: pytest.FixtureRequest, someone: OpensABrowser) -> Person:
    width, theme, script = request.param
    return someone(width=width, theme=theme, script=script)


def test_where_the_letter_is(person: Person, watch: Watch, folders: Settings) -> None:
    office.delivers("0004647")
    watch.set_to(office.BIRTH + timedelta(days=4))
    caller = Account.objects.get()
    batched(*Message.objects.filter(account_id=caller.pk, channel="letter"), posted_on=date(2026, 7, 16))
    _comes_in(person, watch)
    person.follows("Rechercher un bailleur")
    person.looks("Rechercher un bailleur")
    person.types(
        "Nom, SIRET, NIR, n°\u00a0tiers, n°\u00a0d’utilisateur, identifiant, mail ou n°\u00a0allocataire",
        caller.user_number,
    )
    person.presses("Rechercher")
    person.looks("Rechercher un bailleur")
    assert "1 résultat" in person.words
    assert caller.user_number not in person.path
    person.clicks(person.page.locator("main tbody th a"))
    person.looks("Pourquoi ouvrir ce dossier ?")
    person.ticks("Appel")
    person.types("En quelques mots (facultatif)", "n’a pas reçu sa lettre")
    person.presses("Ouvrir le dossier")
    person.looks()
    assert "Où sont ses identifiants ?" in person.words
    assert "Lettre du mot de passe : partie le 16 juillet 2026, attendue au plus tard le" in person.words
    assert "Lettre en route" in person.words


def test_an_agent_reads_what_the_landlord_sees_and_leaves(person: Person, watch: Watch, folders: Settings) -> None:
    caller = owner(landlord(company_name="Habitat du Rivage"))
    _comes_in(person, watch)
    person.goes("/agents/recherche/")
    person.types(
        "Nom, SIRET, NIR, n°\u00a0tiers, n°\u00a0d’utilisateur, identifiant, mail ou n°\u00a0allocataire", "rivage"
    )
    person.presses("Rechercher")
    person.clicks(person.page.locator("main tbody th a"))
    person.ticks("Courrier")
    person.presses("Ouvrir le dossier")
    person.looks("Habitat du Rivage")
    person.follows("Voir comme le bailleur")
    person.looks("Voir l’espace de Claire Martin")
    person.presses("Voir son espace")
    person.looks("Espace bailleur")
    assert person.path == f"/c/{caller.account.reference}/bailleur/"
    assert "en lecture seule" in person.page.locator("div.viewing").inner_text()
    person.goes(f"/c/{caller.account.reference}/bailleur/coordonnees-bancaires/")
    assert "Cette page ne s’ouvre pas en lecture" in person.words
    person.presses("Quitter", within="div.viewing")
    person.looks("Habitat du Rivage")
    assert "Un agent a ouvert votre espace en lecture" in person.words


def _comes_in(person: Person, watch: Watch) -> None:
    agent = colleague((Role.RECEPTION, "441"), password=PASSWORD)
    person.goes("/agents/")
    person.types("Identifiant ou adresse mail professionnelle", agent.agent.login)
    person.types("Mot de passe", PASSWORD)
    person.presses("Continuer")
    person.types("Code à 6 chiffres, ou code de secours", agent.code(watch.now()))
    person.presses("Valider")
    person.looks("Bonjour Camille")
