"""Who came first administers and waits; two agents confirm it, each at their own desk."""

from __future__ import annotations

from datetime import timedelta

import pytest

from parvis.agents.posts import Role
from parvis.landlords.models import AdministratorConfirmation, Habilitation
from tests.browser import steps
from tests.browser.conftest import OpensABrowser, Watch
from tests.browser.desk import Desk
from tests.browser.person import Person
from tests.factories.users import administrator

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAPER = "Le K-bis lu, le gérant rappelé au siège"


@pytest.fixture(params=steps.HABITS)
def habit(request: pytest.FixtureRequest) -> tuple[int, str, bool]:
    width, theme, script = request.param
    return width, theme, script


def test_two_agents_confirm_who_came_first(habit: tuple[int, str, bool], someone: OpensABrowser, watch: Watch) -> None:
    width, theme, script = habit
    new = administrator()
    Habilitation.objects.filter(account=new.account).update(granted_at=watch.now() - timedelta(hours=1))
    first = _at_desk(someone(width=width, theme=theme, script=script), watch)
    first.finds(new.account.login_id)
    first.follows("Confirmer l’administrateur")
    first.person.looks("Confirmer l’administrateur")
    first.person.types("Pourquoi", PAPER)
    first.presses("Confirmer")
    assert "Un autre agent doit maintenant confirmer." in first.person.words
    second = _at_desk(someone(width=width, theme=theme, script=script), watch)
    second.person.goes("/agents/alarmes/")
    second.person.looks("Alarmes")
    second.person.follows("Confirmer ou non")
    second.person.ticks("Appel")
    second.presses("Ouvrir le dossier")
    second.finds(new.account.login_id)
    second.follows("Confirmer l’administrateur")
    assert PAPER in second.person.words
    second.person.types("Pourquoi", PAPER)
    second.presses("Confirmer")
    assert "L’administrateur est confirmé" in second.person.words
    assert AdministratorConfirmation.objects.get().confirmed_at is not None


def _at_desk(person: Person, watch: Watch) -> Desk:
    return Desk(person, watch, Role.RIGHTS_OFFICER)
