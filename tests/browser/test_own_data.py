"""« Télécharger mes données », from Mon profil to the file, wide and narrow, with and without scripts."""

from __future__ import annotations

import zipfile
from datetime import timedelta

import pytest

from parvis.identity.models import DataCopy
from parvis.identity.services.own import copying
from parvis.kit.actors import system
from tests.browser import post_office, steps
from tests.browser.conftest import OpensABrowser, Watch
from tests.browser.person import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(params=steps.HABITS)
def person(request: pytest.FixtureRequest, someone: OpensABrowser) -> Person:
    width, theme, script = request.param
    return someone(width=width, theme=theme, script=script)


def test_the_copy_is_asked_made_and_taken(person: Person, watch: Watch) -> None:
    me = steps.regular()
    steps.signs_in(person, watch, me, steps.OWN_PASSWORD)
    person.goes(f"/c/{me.account.reference}/profil/donnees/")
    person.looks("Données personnelles")
    person.presses("Télécharger mes données")
    person.looks("Entrez le code reçu par mail")
    steps.types_code(person, watch, steps.mailbox(me), "copie de vos données")
    person.looks("Données personnelles")
    assert "Elle sera préparée" in person.words
    DataCopy.objects.update(due_at=watch.now() - timedelta(minutes=1))
    assert copying.prepare_due(by=system("worker"), at=watch.now()) == 1
    post_office.deliver(at=watch.now())
    person.page.reload()
    person.looks("Données personnelles")
    person.presses("Recevoir un code pour la télécharger")
    steps.types_code(person, watch, steps.mailbox(me), "copie de vos données")
    person.looks("Données personnelles")
    with person.page.expect_download() as coming:
        person.page.get_by_role("link", name="Télécharger le fichier").click()
    with zipfile.ZipFile(str(coming.value.path())) as file:
        assert "LISEZ-MOI.txt" in file.namelist()
