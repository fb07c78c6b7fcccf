"""What a browser does on these pages."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories.changes import IBAN, bank_code
from tests.factories.landlords import Owner


def address(me: Owner, name: str, *more: Any) -> str:
    """A page of one's own account."""
    return reverse(name, args=[me.account.reference, *more])


def text(client: Client, url: str, status: int = 200) -> str:
    """What a page says."""
    answer = client.get(url)
    assert answer.status_code == status, answer
    return str(answer.content.decode())


def new_address(**fields: Any) -> dict[str, Any]:
    """An address as typed."""
    return {
        "key": str(uuid4()),
        "address_1": "3 place du Bouffay",
        "postcode": "44000",
        "city": "Nantes",
        "country": "FR",
        "from_day": f"{timezone.localdate():%d/%m/%Y}",
        "everywhere": "no",
        **fields,
    }


def typed_account(me: Owner, client: Client, **fields: Any) -> Any:
    """The answer to another account as typed."""
    data = {"holder": me.landlord.name, "iban": IBAN, **fields}
    return client.post(address(me, "bank-change"), data)


def proved_account(me: Owner, client: Client) -> str:
    """Another account typed and proved; the number of the request."""
    page = typed_account(me, client)
    assert page.status_code == 302, page.content.decode()
    answer = client.post(page.headers["Location"], {"code": bank_code(datetime.now(UTC))})
    found = re.search(r"C-\d{4}-\d{9}-[A-Z]", answer.headers["Location"])
    assert found is not None, answer.headers
    return found[0]
