"""The reasons of a statement on the page: each with the button that leads where something can be done."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from parvis.declarations.models import Declaration, Receipt
from parvis.kit.actors import Right
from parvis.tenancies.models import Tenancy, Transfer
from tests.factories.declarations import NOW
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import payment, tenancy

pytestmark = pytest.mark.django_db
JUNE = date(2026, 6, 1)


@pytest.fixture
def me() -> Owner:
    return owner()


def shown(me: Owner, code: str, *, cents: int = 20_000, kind: str = "aid", **fields: Any) -> tuple[str, Tenancy]:
    """The statement whose only line carries that reason."""
    flat = tenancy(me.landlord, **fields)
    payment(flat, JUNE, cents, kind=kind, paid_on=date(2026, 7, 5), reason_code=code)
    return page_of(me, flat), flat


def page_of(me: Owner, flat: Tenancy) -> str:
    transfer = Transfer.objects.get(landlord=flat.landlord, paid_on=date(2026, 7, 5))
    answer = me.browser().get(reverse("payments-statement", args=[me.account.reference, transfer.reference]))
    assert answer.status_code == 200
    return str(answer.content.decode()).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("code", "words", "name"),
    [
        ("july_rent_missing", "Déclarer", "july-rents"),
        ("direct_payment_ended", "Demander le versement direct", "direct-payment-ask"),
    ],
)
def test_what_can_be_done_has_its_button(me: Owner, code: str, words: str, name: str) -> None:
    page, flat = shown(me, code)
    year = "annee=2025&amp;" if name == "july-rents" else ""
    assert f'<a href="{reverse(name, args=[me.account.reference])}?{year}choix={flat.reference}">{words}</a>' in page


@pytest.mark.parametrize(("code", "words"), [("move_out", "Corriger la date"), ("arrears", "Déclarer l’impayé")])
def test_a_declaration_about_this_tenant_is_one_click_away(me: Owner, code: str, words: str) -> None:
    page, flat = shown(me, code)
    address = f"{reverse('declare', args=[me.account.reference, flat.reference])}?quoi={code}"
    assert f'<a href="{address}">{words}</a>' in page
    assert me.browser().get(address).status_code == 200


def test_what_was_withheld_can_be_seen_and_contested(me: Owner) -> None:
    flat = tenancy(me.landlord)
    payment(flat, JUNE, 20_000, paid_on=date(2026, 7, 5))
    withheld = payment(flat, JUNE, -1_500, kind="recovery", paid_on=date(2026, 7, 5), reason_code="overpayment")
    withheld.remaining_cents = 2_500
    withheld.save()
    page = page_of(me, flat)
    assert "15,00 € retenus sur une somme versée en trop en juin 2026. Reste 25,00 €." in page
    assert f'<a href="{reverse("payments-recoveries", args=[me.account.reference])}">Voir le détail</a>' in page
    contact = reverse("contact-office", args=[me.account.reference])
    assert f'<a href="{contact}?locataire={flat.reference}">Contester</a>' in page


def test_a_dwelling_to_check_leads_to_an_appointment(me: Owner) -> None:
    page, flat = shown(me, "dwelling_check")
    assert "L’état du logement est à vérifier." in page
    contact = reverse("contact-office", args=[me.account.reference])
    link = f"{contact}?locataire={flat.reference}"
    assert f'<a href="{link}">Prendre rendez-vous</a>' in page
    assert me.browser().get(link).status_code == 200


def test_a_review_asks_nothing_of_the_landlord_but_the_tenant_s_part(me: Owner) -> None:
    """Nothing to send (ux.md B15.3); the aid is still taken off what the tenant pays (CCH L.832-2, L.842-1)."""
    page, _ = shown(me, "quarterly_review")
    assert "L’aide est réexaminée tous les trois mois. Aucune démarche. Ajustez la part du locataire." in " ".join(
        re.sub(r"<[^>]+>", " ", page).split()
    )


def test_the_page_of_what_was_withheld_has_no_button_to_itself(me: Owner) -> None:
    flat = tenancy(me.landlord)
    payment(flat, JUNE, -1_500, kind="recovery", paid_on=date(2026, 7, 5), reason_code="overpayment")
    page = me.browser().get(reverse("payments-recoveries", args=[me.account.reference])).content.decode()
    assert "Voir le détail" not in page
    assert ">Contester</a>" in page


def test_the_excess_is_told_to_who_may_know_the_rent(me: Owner) -> None:
    page, flat = shown(me, "excess", cents=21_200, rent_cents=18_000, charges_cents=2_000)
    assert "de 12,00 € : cette somme revient au locataire" in page
    accountant = owner(me.landlord, rights=frozenset({Right.PAYMENTS}))
    told = page_of(accountant, flat)
    assert "L’aide dépasse le loyer et les charges : cette somme" in told
    assert "12,00" not in told.replace("212,00", "")


def test_who_does_not_declare_has_no_button_that_refuses_them(me: Owner) -> None:
    _, flat = shown(me, "july_rent_missing")
    accountant = owner(me.landlord, rights=frozenset({Right.PAYMENTS, Right.CONSULT}))
    assert ">Déclarer</a>" not in page_of(accountant, flat)


def test_a_departure_one_declared_is_said_to_be_one_s_own(me: Owner) -> None:
    _, flat = shown(me, "move_out", end_on=date(2026, 5, 31))
    assert "Départ le 31/05/2026, connu de votre caisse." in page_of(me, flat)
    said = _declared(me, flat)
    page = page_of(me, flat)
    assert "Départ le 31/05/2026, déclaré par vous." in page
    assert reverse("declaration", args=[me.account.reference, said.opaque]) in page
    stranger = owner(me.landlord, rights=frozenset({Right.PAYMENTS}))
    assert str(said.opaque) not in page_of(stranger, flat)


def _declared(me: Owner, flat: Tenancy) -> Declaration:
    """A departure sent, as a row."""
    receipt = Receipt.objects.create(
        number=f"AR-2026-07-{flat.pk:06d}",
        landlord=me.landlord,
        office=me.third_party_number.office,
        account=me.account,
        person="Claire Martin",
        submission_key=uuid4(),
        at=NOW,
        count=1,
        content_hash=b"",
        is_of_rents=False,
    )
    return Declaration.objects.create(
        reference=f"D-2026-{flat.pk:09d}-K",
        kind="move_out",
        tenancy=flat,
        landlord=me.landlord,
        account=me.account,
        state="submitted",
        receipt=receipt,
        saved_at=NOW,
        submitted_at=NOW,
    )
