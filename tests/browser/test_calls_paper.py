"""The ninth call without internet: the landlord writes the rent on paper, an agent registers it, a letter says it was received."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from parvis.declarations.models import Declaration
from parvis.identity.models import Account, Credential
from tests.browser import desk, office, post_office, steps
from tests.browser.conftest import OpensABrowser, Watch
from tests.browser.desk import Desk
from tests.factories import declarations
from tests.factories.tenancies import july_rent, tenancy

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NAME = "Solange Kerbrat"
ANSWER, ACT = 5, 7
"""Clicks from the search to the line of the tenant's, and to the end of the act."""


def test_the_rent_comes_by_post(someone: OpensABrowser, watch: Watch, folders: Settings) -> None:
    watch.set_to(office.MORNING)
    me = steps.regular()
    desk.alone(me.landlord, NAME)
    Account.objects.filter(pk=me.account.pk).update(credential=Credential.objects.create())
    july_rent(tenancy(me.landlord, last_name="Arnaud"), declarations.YEAR - 1, 52_400)
    tenancy(me.landlord, last_name="Bertin")
    declarations.campaign()
    agent = Desk(someone(width=320, theme="dark", script=False), watch)
    agent.finds("kerbrat")
    agent.follows("Chercher un locataire")
    agent.follows("Quittance papier de Lina Bertin")
    agent.reads("Ce que dit le papier", "Juillet 2025", clicks=ANSWER + 1)
    person, day = agent.person, f"{watch.now():%d/%m/%Y}"
    person.types("Papier reçu le", day)
    person.types("Loyer hors charges de juillet 2025 (facultatif)", "515")
    person.types("Loyer hors charges de juillet 2026", "520")
    agent.presses("Enregistrer et transmettre")
    assert agent.clicks <= ACT
    assert "Lina Bertin : 520,00 € pour juillet 2026" in person.words
    sent = {one.year: (one.details["rent_cents"], one.channel) for one in Declaration.objects.exclude(state="draft")}
    assert sent == {2026: (52_000, "paper"), 2025: (51_500, "paper")}
    post_office.deliver(at=watch.now())
    (letter,) = post_office.letters_to(NAME)
    assert "Nous avons bien reçu votre loyer de juillet 2026" in letter
    assert "520,00" in letter
