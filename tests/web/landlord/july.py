"""What the tests of the July pages share: five tenants, and a browser without JavaScript."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from parvis.kit import clock
from parvis.tenancies.models import Tenancy
from tests.factories import declarations as made
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import july_rent, tenancy


def live_at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)


def address(me: Owner, name: str = "july-rents", *more: Any) -> str:
    return reverse(name, args=[me.account.reference, *more])


def text(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, answer
    return answer.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def five() -> tuple[Owner, list[Tenancy]]:
    """Five tenancies of last July at 524,00 €."""
    me = owner()
    tenancies = [tenancy(me.landlord, last_name=name) for name in ("Abadie", "Benali", "Celik", "Dupont", "Evrard")]
    for of in tenancies:
        july_rent(of, 2025, 52_400)
    made.campaign()
    return me, tenancies


def fields(page: str) -> dict[str, str]:
    """What the browser would send of the grid: every input with its value."""
    found = re.findall(r"<input[^>]*\bname=\"([^\"]+)\"[^>]*>", page)
    values = {}
    for name in found:
        tag = re.search(rf"<input[^>]*\bname=\"{re.escape(name)}\"[^>]*>", page)
        assert tag is not None
        value = re.search(r'\bvalue="([^"]*)"', tag[0])
        values[name] = value[1] if value else ""
    return values
