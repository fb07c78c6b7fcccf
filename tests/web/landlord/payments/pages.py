"""The addresses of payments and what they say."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.tenancies.models import Tenancy, Transfer
from tests.factories.landlords import Owner

LAST = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
BEFORE = (LAST - timedelta(days=1)).replace(day=1)
PAID = timezone.localdate().replace(day=1)
EVERY_PAGE = (
    "payments",
    "payments-statement",
    "payments-tenant",
    "payments-recoveries",
    "payments-year",
    "payments-match",
)
EVERY_FILE = (
    "payments-statement-csv", "payments-statement-xlsx", "payments-statement-pdf", "payments-tenant-csv",
    "payments-tenant-xlsx", "payments-tenant-pdf", "payments-recoveries-csv", "payments-recoveries-xlsx",
    "payments-recoveries-pdf", "payments-year-csv", "payments-year-xlsx", "payments-year-pdf",
)  # fmt: skip


def address(me: Owner, name: str, of: Tenancy | None = None) -> str:
    more: list[Any] = []
    if "statement" in name:
        more = [Transfer.objects.get(landlord=me.landlord, paid_on=PAID).reference]
    elif "tenant" in name and of:
        more = [of.reference]
    elif "year" in name:
        more = [PAID.year]
    return reverse(name, args=[me.account.reference, *more])


def text(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, answer
    return str(answer.content.decode()).replace("\u00a0", " ")
