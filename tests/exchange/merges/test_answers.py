"""outcomes.csv about changes: obeyed with those about declarations, line by line, from the file to the landlord's page."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from parvis.changes.models import ChangeRequest
from parvis.exchange.models import SetAsideLine
from parvis.exchange.services import outbound
from tests.exchange.inbox import AT, BY, Inbox
from tests.factories.changes import address_asked
from tests.factories.landlords import owner

pytestmark = pytest.mark.django_db


def test_a_delivery_answers_changes_and_waits_for_what_it_does_not_know(inbox: Inbox, tmp_path: Path) -> None:
    who = owner()
    (change,) = address_asked(who, at=AT - timedelta(days=3))
    outbound.send(tmp_path, by=BY, at=AT - timedelta(days=2))
    line = {"status": "integrated", "reason_code": "", "decided_at": "2026-08-04T10:00:00+02:00"}
    known, unknown = {"declaration_ref": change.number, **line}, {"declaration_ref": "C-2031-000000001-A", **line}
    inbox.deliver(1, {"outcomes": [known, unknown]})
    inbox.take_in()
    assert ChangeRequest.objects.get().state == "done"
    (apart,) = SetAsideLine.objects.all()
    assert "La demande « C-2031-000000001-A » n’est pas connue ici" in apart.sentence
    inbox.deliver(2, {"outcomes": [known]})
    assert inbox.take_in()[-1].state == "loaded"
    assert ChangeRequest.objects.get().steps.count() == 3
