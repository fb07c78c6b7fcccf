"""« Où est ma lettre, et ai-je déclaré Mme X ? »: both are answered from the file alone, in as many clicks as it takes to open it."""

from __future__ import annotations

from datetime import date

import pytest
from pytest_django import Settings

from parvis.correspondence.models import Channel, MessageState
from tests.browser import office, steps
from tests.browser.conftest import OpensABrowser, Watch
from tests.browser.desk import Desk
from tests.factories import declarations
from tests.factories.correspondence import batched
from tests.factories.tenancies import july_rent, tenancy
from tests.web.backoffice.file.opening import letter

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OPENS = 4
"""The search, the landlord, why, and the file."""


@pytest.mark.parametrize(("width", "theme", "script"), [(320, "dark", False), (1280, "light", True)])
def test_from_the_file_alone(
    someone: OpensABrowser, watch: Watch, folders: Settings, width: int, theme: str, script: bool
) -> None:
    watch.set_to(office.MORNING)
    me = steps.regular()
    arnaud, bertin = (tenancy(me.landlord, last_name=name) for name in ("Arnaud", "Bertin"))
    for rented in (arnaud, bertin):
        july_rent(rented, declarations.YEAR - 1, 52_400)
    declarations.campaign()
    declarations.typed(me, arnaud, "525")
    declarations.sent(me)
    sent = letter(me, "identity/letters/identifier", subject="Votre identifiant", number="L-2026-000000007",
                  state=MessageState.SENT, sent_at=office.MORNING, channel=Channel.LETTER)  # fmt: skip
    batched(sent, posted_on=date(2026, 7, 20))
    agent = Desk(someone(width=width, theme=theme, script=script), watch)
    agent.finds(me.account.login_id)
    agent.reads(
        "Lettre de l’identifiant : partie le 20 juillet 2026", "Lettre L-2026-000000007",
        "Loyer de juillet 2026, Lina Arnaud", "Un agent a ouvert votre dossier", clicks=OPENS,
    )  # fmt: skip
    rows = {
        name: agent.person.page.locator("tbody tr", has_text=f"Lina {name}").first.inner_text()
        for name in ("Arnaud", "Bertin")
    }
    assert "Transmis" in rows["Arnaud"]
    assert "À saisir" in rows["Bertin"]
    agent.follows("Connexions")
    agent.person.looks("Ce qui s’est passé")
