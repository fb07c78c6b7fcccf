"""A refused request says why, and how and until when to contest it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from parvis.changes.models import ChangeRequest
from parvis.changes.services import outcomes
from parvis.exchange.services import outbound
from parvis.kit.actors import system
from parvis.web.landlord.views.changes import words
from tests.changes.test_direct_payment import ask, unpaid
from tests.factories.changes import NOW
from tests.factories.declarations import stage_outcomes
from tests.factories.landlords import Owner, owner
from tests.web.landlord.changes.pages import address, text

pytestmark = pytest.mark.django_db
OFFICE, DECIDED = system("import"), NOW + timedelta(days=3)


def answered(folder: Path, status: str, reason: str = "") -> tuple[Owner, ChangeRequest]:
    """Direct payment asked, and what the office decided."""
    me = owner()
    (change,) = ask(me, unpaid(me))
    outbound.send(folder, by=OFFICE, at=NOW)
    outcomes.record_outcomes(stage_outcomes((change.number, status, reason, DECIDED)), by=OFFICE, at=DECIDED)
    return me, change


def shown(me: Owner, change: ChangeRequest) -> str:
    return text(me.browser(), address(me, "change", change.number)).replace("\u00a0", " ")


def test_a_refusal_can_be_contested_and_says_until_when(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    me, change = answered(tmp_path, "rejected", "not_decent")
    page = shown(me, change)
    assert "décent" in page.split("Historique")[1]
    _, panel = page.split("Comment contester", 1)
    said = panel.split("</section>")[0]
    assert "Vous avez deux mois après sa décision pour saisir sa commission de recours amiable." in said
    assert f'<a href="{address(me, "contact-office")}?demande={change.number}">Contacter votre caisse</a>' in said
    monkeypatch.setattr(words, "legal", lambda key, on: Decimal(3) if key == "appeal_deadline" else None)
    assert "Vous avez trois mois après sa décision" in shown(me, change), "the law says how long, not the page"


@pytest.mark.parametrize("status", ["integrated", "manual"])
def test_nothing_is_contested_that_was_not_refused(status: str, tmp_path: Path) -> None:
    assert "Comment contester" not in shown(*answered(tmp_path, status))
