"""Amounts of aid are for the landlord they are paid to, and within it for who holds « Paiements »: page by page, file by file."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pypdf
import pytest
from django.urls import reverse
from django.utils import timezone

from parvis.kit.actors import Right
from parvis.tenancies.models import Tenancy
from tests.factories import declarations
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import payment, tenancy

pytestmark = pytest.mark.django_db
LAST = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
PAID = timezone.localdate().replace(day=1)
AMOUNTS = ("321,98", "32198", "321.98")
WITHOUT = frozenset(Right) - {Right.PAYMENTS}


@pytest.fixture
def me() -> Owner:
    return owner()


@pytest.fixture
def flat(me: Owner) -> Tenancy:
    """Paid 321,98 € this month, for the last one and the one before; its July rent is asked for."""
    flat = tenancy(me.landlord, rent_cents=70_000)
    for month in (LAST, (LAST - timedelta(days=1)).replace(day=1)):
        payment(flat, month, 32_198, paid_on=PAID if month == LAST else LAST)
    declarations.campaign(timezone.localdate().year)
    return flat


def pages(me: Owner, flat: Tenancy) -> dict[str, str]:
    """Every page of the landlord's space that speaks of this tenant, read by that person."""
    account, client = me.account.reference, me.browser()
    addresses = {
        "home": reverse("landlord-home", args=[account]),
        "list": reverse("tenants", args=[account]),
        "list by aid": reverse("tenants", args=[account]) + "?tri=aide",
        "sheet": reverse("tenant", args=[account, flat.reference]),
        "documents": reverse("documents", args=[account]),
        "documents of the tenant": reverse("documents", args=[account]) + f"?locataire={flat.reference}",
        "year of documents": reverse("documents-year", args=[account, PAID.year]),
        "grid": reverse("july-rents", args=[account]),
        "direct payment": reverse("direct-payment", args=[account]),
        "requests": reverse("changes", args=[account]),
        "declarations": reverse("declarations", args=[account]),
        "profile": reverse("profile", args=[account]),
        "choice of accounts": reverse("accounts"),
    }
    found = {name: client.get(address).content.decode() for name, address in addresses.items()}
    for kind in ("csv", "xlsx", "pdf"):
        answer = client.post(reverse("tenants-export", args=[account]), {"format": kind})
        found[f"list as {kind}"] = _words(b"".join(answer) if answer.streaming else answer.content)
    archive = client.post(reverse("documents-year", args=[account, PAID.year]))
    found["archive"] = _words(archive.getvalue())
    return found


def _words(content: bytes) -> str:
    """What a file says, a ZIP or a workbook unpacked."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            return " ".join(name + file.read(name).decode(errors="ignore") for name in file.namelist())
    if content.startswith(b"%PDF"):
        return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    return content.decode("utf-8-sig")


def telling(found: dict[str, str]) -> set[str]:
    return {name for name, words in found.items() if any(amount in words for amount in AMOUNTS)}


def test_whoever_holds_the_right_is_shown_the_aid(me: Owner, flat: Tenancy) -> None:
    assert {"home", "list", "sheet", "documents", "list as csv", "list as xlsx", "list as pdf", "archive"} <= telling(
        pages(me, flat)
    )


def test_a_colleague_without_the_right_never_reads_an_amount(me: Owner, flat: Tenancy) -> None:
    colleague = owner(me.landlord, rights=WITHOUT)
    found = pages(colleague, flat)
    assert telling(found) == set()
    assert "montant réservé au droit" in found["sheet"]
    assert "378,02" not in found["sheet"], "what the tenant pays would tell the aid"


def test_what_another_landlord_was_paid_stays_theirs(me: Owner, flat: Tenancy) -> None:
    buyer = owner()
    number = buyer.third_party_number
    Tenancy.objects.filter(pk=flat.pk).update(landlord=buyer.landlord, third_party_number=number)
    assert telling(pages(buyer, flat)) == set()


def test_an_aid_paid_to_the_tenant_is_nobody_s_to_know(me: Owner, flat: Tenancy) -> None:
    Tenancy.objects.filter(pk=flat.pk).update(direct_payment=False)
    found = telling(pages(me, flat))
    assert {"list", "sheet", "list as csv", "list as xlsx", "list as pdf"} & found == set()


def test_the_order_by_aid_tells_nothing_to_who_may_not_see_it(me: Owner, flat: Tenancy) -> None:
    richer = tenancy(me.landlord, last_name="Zola")
    payment(richer, LAST, 90_000, paid_on=PAID)
    by_aid = reverse("tenants", args=[me.account.reference]) + "?tri=aide"
    shown = me.browser().get(by_aid).content.decode()
    assert shown.index("Zola") < shown.index("Moreau")
    colleague = owner(me.landlord, rights=WITHOUT)
    shown = colleague.browser().get(by_aid.replace(me.account.reference, colleague.account.reference)).content.decode()
    assert shown.index("Moreau") < shown.index("Zola")
