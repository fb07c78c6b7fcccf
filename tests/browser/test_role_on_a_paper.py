"""An administrator is gone: one agent opens the replacement on a paper, another agrees, the successor reviews who may do what."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from parvis.agents.posts import Role
from parvis.kit.actors import Actor, system
from parvis.landlords.services.role import by_office, succeeding
from parvis.web.frame import cookies
from tests.browser import steps
from tests.browser.conftest import OpensABrowser, Watch
from tests.browser.desk import Desk
from tests.browser.person import Person
from tests.factories.agents import colleague as agent
from tests.factories.landlords import Owner
from tests.factories.papers import pdf
from tests.factories.users import OFTEN, administrator, colleague

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAPER = "Le pouvoir signé du gérant, rappelé au siège"


@pytest.fixture(params=steps.HABITS)
def person(request: pytest.FixtureRequest, someone: OpensABrowser) -> Person:
    width, theme, script = request.param
    return someone(width=width, theme=theme, script=script)


def _is_in(person: Person, who: Owner) -> None:
    client: Client = who.browser()
    base = person.page.url.split("/agents/")[0]
    person.context.add_cookies([{"name": cookies.SESSION, "value": client.cookies[cookies.SESSION].value, "url": base}])


def test_from_the_paper_to_the_review(person: Person, watch: Watch, tmp_path: Path) -> None:
    gone = administrator()
    lea = colleague(gone, "Léa", "Roy", rights=OFTEN)
    kbis = tmp_path / "k-bis.pdf"
    kbis.write_bytes(pdf())
    desk = Desk(person, watch, Role.RIGHTS_OFFICER)
    desk.finds(gone.account.login_id)
    person.looks(gone.landlord.name)
    desk.follows("Remplacer l’administrateur")
    person.looks("Remplacer l’administrateur")
    desk.follows("Ouvrir un remplacement")
    person.looks("Ouvrir un remplacement")
    person.page.get_by_label("Nouvel administrateur").select_option(lea.account.reference)
    person.presses("Ouvrir le remplacement")
    person.looks("Ouvrir un remplacement")
    assert "Joignez le justificatif" in person.words
    person.page.get_by_label("Justificatif").set_input_files(str(kbis))
    person.page.get_by_label("Pourquoi").fill(PAPER)
    desk.presses("Ouvrir le remplacement")
    desk.reads("Un second agent doit maintenant donner son accord.", "Vous l’avez ouvert", clicks=7)
    second: Actor = agent((Role.RIGHTS_OFFICER, "441")).actor
    by_office.agree(gone.landlord.pk, reason=PAPER, by=second, at=watch.now())
    person.page.reload()
    person.looks("Remplacer l’administrateur")
    assert "Opposition possible jusqu’au" in person.words
    assert succeeding.succeed_due(by=system("worker"), at=watch.now() + timedelta(days=11)) == 1
    person.page.reload()
    person.looks("Remplacer l’administrateur")
    for act in ("Suspendre un droit", "Demander un nouveau mot de passe"):
        desk.finds(gone.account.login_id)
        desk.follows(act)
        person.looks(act)
    person.goes("/agents/revues/")
    person.looks("Revues des droits en retard")
    _is_in(person, lea)
    person.goes(f"/c/{lea.account.reference}/utilisateurs/revue/")
    person.looks("Revoir les droits")
    person.presses("Tout est juste, je confirme")
    person.reads("La prochaine revue est dans un an.")
    person.looks("Revoir les droits")
