"""The pages of payments: what they say, to whom, and the files they give."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.exchange.models import Delivery, DeliveryFile
from parvis.identity.models import Session
from parvis.kit import clock
from parvis.kit.actors import Right
from parvis.tenancies.models import Payment, Tenancy
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import payment, tenancy, transfer_of
from tests.web.landlord.payments.pages import BEFORE, EVERY_FILE, EVERY_PAGE, LAST, PAID, address, text

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", [*EVERY_PAGE, *EVERY_FILE])
def test_each_page_is_for_its_landlord_and_the_right_to_payments(me: Owner, lina: Tenancy, name: str) -> None:
    url = address(me, name, lina)
    assert me.browser().get(url).status_code == 200
    assert [client.get(url).status_code for client in (Client(), owner().browser())] == [404, 404]
    colleague = owner(me.landlord, rights=frozenset({Right.CONSULT, Right.DECLARE}))
    refused = colleague.browser().get(url.replace(me.account.reference, colleague.account.reference))
    assert refused.status_code == 403
    assert "Moreau" not in refused.content.decode()


@pytest.mark.parametrize("name", ["payments-statement", "payments-tenant"])
def test_another_s_transfer_and_no_transfer_are_the_same(me: Owner, lina: Tenancy, name: str) -> None:
    browser = owner()
    theirs = tenancy(browser.landlord)
    other = transfer_of(payment(theirs, LAST, 5)).reference if "statement" in name else theirs.reference
    answers = [me.browser().get(reverse(name, args=[me.account.reference, thing])) for thing in (other, uuid4())]
    assert [answer.status_code for answer in answers] == [404, 404]


def test_nothing_paid_is_said_kindly(me: Owner) -> None:
    assert "Aucun versement ne vous a encore été fait" in text(me.browser(), address(me, "payments"))
    assert "Rien n’a été retenu" in text(me.browser(), address(me, "payments-recoveries"))
    nobody = tenancy(me.landlord)
    assert "Aucune aide ne vous a été versée" in text(me.browser(), address(me, "payments-tenant", nobody))
    assert me.browser().get(address(me, "payments-year")).status_code == 404


def test_landlords_read_of_which_day_the_amounts_are(me: Owner, lina: Tenancy) -> None:
    assert "Montants à jour au" not in text(me.browser(), address(me, "payments"))
    at = datetime(2026, 7, 31, 22, 30, tzinfo=UTC)
    for rank, state in enumerate(("loaded", "held")):
        came = Delivery.objects.create(
            sequence=rank + 1, state=state, started_at=at, produced_at=at + timedelta(days=rank)
        )
        DeliveryFile.objects.create(
            delivery=came,
            position=0,
            name="payments.csv",
            kind="payments",
            mode="delta",
            rows=1,
            state=state,
            loaded_at=at,
        )
    assert "Montants à jour au 01/08/2026." in text(me.browser(), address(me, "payments"))


def test_the_list_says_the_year_the_next_payment_and_the_gap(me: Owner, lina: Tenancy) -> None:
    shown = text(me.browser(), f"{address(me, 'payments')}?annee={PAID.year}")
    assert f"Versé en {PAID.year} : {'475' if LAST.year == PAID.year else '275'},00 €" in shown
    assert "+75,00 €" in shown
    assert "Montant provisoire" in shown
    assert "290,00 €" in shown


def test_an_announced_transfer_is_said_to_be_announced(me: Owner, lina: Tenancy) -> None:
    announced = timezone.localdate() + timedelta(days=3)
    made = transfer_of(payment(lina, PAID, 12_345, paid_on=announced))
    page = me.browser().get(address(me, "payments")).content.decode()
    assert "123,45\u00a0€" in page
    assert "Annoncé par votre caisse." in page
    assert reverse("payments-statement", args=[me.account.reference, made.reference]) in page
    home = me.browser().get(reverse("landlord-home", args=[me.account.reference])).content.decode()
    assert "123,45\u00a0€" in home.split("Versements reçus")[0]
    assert "123,45\u00a0€" not in home.split("Versements reçus")[1]


def test_what_is_left_to_withhold_stands_beside_the_next_payment(me: Owner, lina: Tenancy) -> None:
    words = "Une retenue est en cours : le versement peut être plus bas de 25,15 € au plus."
    assert words not in text(me.browser(), address(me, "payments"))
    Payment.objects.filter(tenancy=lina, kind="recovery").update(remaining_cents=2_515)
    assert words in text(me.browser(), address(me, "payments"))


def test_a_back_payment_that_ended_is_not_explained_by_a_recovery(me: Owner, lina: Tenancy) -> None:
    payment(lina, BEFORE, 4_200, kind="back_payment", paid_on=LAST)
    shown = text(me.browser(), address(me, "payments-statement"))
    assert "Le rappel du mois dernier est terminé." in shown
    assert shown.count("Retenue sur une somme versée en trop.") == 1


def test_the_statement_explains_every_line(me: Owner, lina: Tenancy) -> None:
    shown = text(me.browser(), address(me, "payments-statement"))
    for words in (
        "275,00 €", "+75,00 €", "1 nouveau locataire : +100,00 €", "1 montant révisé : −10,00 €", "1 retenue : −15,00 €",
        "L’aide est réexaminée tous les trois mois.", "15,00 € retenus sur une somme versée en trop", "Montant établi par votre caisse.",
    ):  # fmt: skip
        assert words in shown, words


def test_a_tenant_s_page_says_its_months_and_keeps_the_sheet_for_those_who_may(me: Owner, lina: Tenancy) -> None:
    sheet = reverse("tenant", args=[me.account.reference, lina.reference])
    shown = text(me.browser(), f"{address(me, 'payments-tenant', lina)}?annee={LAST.year}")
    assert "190,00 €" in shown
    assert sheet in shown
    accountant = owner(me.landlord, rights=frozenset({Right.PAYMENTS}))
    url = address(me, "payments-tenant", lina).replace(me.account.reference, accountant.account.reference)
    shown = text(accountant.browser(), url)
    assert "Fiche de" not in shown
    assert "Loyer hors charges" not in shown


def test_what_was_withheld_says_of_which_month_and_the_rules(me: Owner, lina: Tenancy) -> None:
    shown = text(me.browser(), address(me, "payments-recoveries"))
    assert "15,00 €" in shown
    assert "R. 823-23" in shown
    assert "La différence revient au locataire" in shown.replace("la diff", "La diff")


def test_the_menu_and_the_home_lead_here_for_those_who_may(me: Owner, lina: Tenancy) -> None:
    home = reverse("landlord-home", args=[me.account.reference])
    assert text(me.browser(), home).count(f'href="{address(me, "payments")}"') >= 2
    other = owner(me.landlord, rights=frozenset({Right.CONSULT}))
    shown = text(other.browser(), reverse("landlord-home", args=[other.account.reference]))
    assert "paiements/" not in shown


@pytest.mark.parametrize(
    "query",
    [
        "annee=1999",
        "annee=20260",
        "annee=٢٠٢٦",
        "apres=x",
        "avant=" + "9" * 10_000,
        f"apres={UUID(int=1)}",
        "annee=%00",
        "annee='--",
    ],
)
@pytest.mark.parametrize("name", ["payments", "payments-statement", "payments-tenant", "payments-recoveries"])
def test_addresses_that_mean_nothing_show_the_first_page(me: Owner, lina: Tenancy, name: str, query: str) -> None:
    assert me.browser().get(f"{address(me, name, lina)}?{query}").status_code == 200


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("275", "275,00 €"), (f"{PAID:%d/%m/%Y}", "275,00 €"), ("1", "Aucun virement trouvé"), ("abc", "Écrivez un montant"),
        ("", "Remplissez"), ("-5", "Écrivez un montant"), ("99/99/2026", "Écrivez un montant"), ("1.050", "peut se lire"),
        ("x" * 10_000, "40 caractères au maximum"), ("<b>'; --", "Écrivez un montant"), ("9" * 11, "Aucun virement trouvé"),
    ],
)  # fmt: skip
def test_a_transfer_is_looked_for(me: Owner, lina: Tenancy, asked: str, words: str) -> None:
    answer = me.browser().get(address(me, "payments-match"), {"q": asked})
    assert answer.status_code == 200
    assert words in answer.content.decode().replace("\u00a0", " ")


def test_the_amount_to_come_is_provisional_until_a_day(me: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    flat = tenancy(me.landlord)
    payment(flat, date(2026, 6, 1), 10_000, paid_on=date(2026, 7, 5))
    for moment, words in (
        (datetime(2026, 7, 21, tzinfo=UTC), "Montant provisoire jusqu’au 3 août."),
        (datetime(2026, 8, 4, tzinfo=UTC), "Montant provisoire."),
        (datetime(2026, 8, 9, tzinfo=UTC), "Votre caisse ne l’a pas encore annoncé ici."),
    ):
        monkeypatch.setattr(clock, "now", partial(_same, moment))
        assert words in text(_at(me, moment), address(me, "payments"))


def _same(moment: datetime) -> datetime:
    return moment


def _at(me: Owner, moment: datetime) -> Client:
    """A browser whose session lives at that moment."""
    browser = me.browser()
    Session.objects.update(created_at=moment, seen_at=moment, ends_at=moment + timedelta(minutes=30))
    return browser


def test_a_statement_names_the_account_by_its_last_four_signs(me: Owner, lina: Tenancy) -> None:
    me.landlord.third_party_numbers.update(iban_last4="0189")
    shown = text(me.browser(), address(me, "payments-statement"))
    assert "•••• 0189" in shown


def test_a_year_says_what_counts_for_one_s_taxes(me: Owner, lina: Tenancy) -> None:
    page = text(me.browser(), address(me, "payments-year"))
    _, panel = page.split("Pour vos impôts", 1)
    assert "L’aide qui vous est versée fait partie des loyers que vous avez encaissés." in panel.split("</section>")[0]
