"""To which account each transfer went: its last four signs where the office says so, on the page and in the files; nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from parvis.kit.actors import Actor, ActorKind, Right
from parvis.tenancies.models import Payment, Tenancy
from parvis.tenancies.selectors.payments import coming, finding, transfers, yearly
from parvis.tenancies.selectors.payments.tenant import lines_of_tenant
from parvis.tenancies.services import transfers as services
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import payment, tenancy
from tests.web.landlord.payments.pages import BEFORE, LAST, PAID, address, text

pytestmark = pytest.mark.django_db
SAID = "sur le compte"


@pytest.fixture
def flat(me: Owner) -> Tenancy:
    """Paid this month on one account, last month on another; the month before, nobody said where. One more is announced."""
    flat = tenancy(me.landlord)
    payment(flat, BEFORE, 30_000, paid_on=BEFORE + timedelta(days=4), account_last4="")
    payment(flat, BEFORE, 20_000, paid_on=LAST, account_last4="0189")
    payment(flat, LAST, 20_000, paid_on=PAID, account_last4="12AB")
    payment(flat, PAID, 20_000, paid_on=PAID + timedelta(days=40), account_last4="12AB")
    return flat


def test_every_page_of_a_transfer_names_its_account(me: Owner, flat: Tenancy) -> None:
    browser = me.browser()
    statement = text(browser, address(me, "payments-statement"))
    assert f"{SAID} <span" in statement
    assert "•••• 12AB" in statement
    assert "0189" not in statement
    assert "Compte connu aujourd’hui" not in statement, "the transfer's own account is known: today's is no news"
    overview = text(browser, reverse("payments", args=[me.account.reference]) + f"?annee={PAID.year}")
    assert "•••• 12AB" in overview
    found = text(browser, reverse("payments-match", args=[me.account.reference]) + "?q=200,00")
    assert "•••• 12AB" in found
    assert "•••• 0189" in found


def test_the_next_payment_says_where_it_goes(me: Owner, flat: Tenancy) -> None:
    actor = Actor(ActorKind.PARTNER, "test", me.account.pk, me.landlord.pk, frozenset({Right.PAYMENTS}))
    announced = next(item for item in coming.next_payments(actor, today=PAID) if item.is_announced)
    assert announced.account_last4 == "12AB"
    payment(tenancy(me.landlord), PAID, 100, paid_on=announced.around, account_last4="0189", transfer_ref="OTHER")
    announced = next(item for item in coming.next_payments(actor, today=PAID) if item.is_announced)
    assert announced.account_last4 == "", "it is two accounts: neither is the one"


def test_a_year_paid_on_several_accounts_is_told_account_by_account(me: Owner, flat: Tenancy) -> None:
    actor = Actor(ActorKind.PARTNER, "test", me.account.pk, me.landlord.pk, frozenset({Right.PAYMENTS}))
    told: dict[object, int] = {}
    for year in {PAID.year, LAST.year, BEFORE.year}:
        for item in yearly.year_of(actor, year, today=PAID).accounts:
            told[item.label] = told.get(item.label, 0) + item.total_cents
    assert told == {"12AB": 20_000, "0189": 20_000, "": 30_000}
    Payment.objects.update(account_last4="")
    assert services.rebuild() == 3
    assert yearly.year_of(actor, PAID.year, today=PAID).accounts == (), "no office said it: nothing is told"
    assert SAID not in text(me.browser(), address(me, "payments-year"))


def test_files_name_it_and_never_more(me: Owner, flat: Tenancy) -> None:
    browser = me.browser()
    statement = browser.get(address(me, "payments-statement-csv")).getvalue().decode("utf-8-sig")
    assert "Compte crédité" in statement
    assert "•••• 12AB" in statement
    tenant = browser.get(address(me, "payments-tenant-csv", flat)).getvalue().decode("utf-8-sig")
    assert "•••• 0189" in tenant
    bank = f"Date;Libellé;Montant\n{PAID:%d/%m/%Y};VIR CAF;200,00\n{PAID + timedelta(days=9):%d/%m/%Y};AUTRE;-3,00\n"
    sent = {"file": SimpleUploadedFile("releve.csv", bank.encode()), "accounts": "", "csv": "oui"}
    matched = browser.post(reverse("payments-match", args=[me.account.reference]), sent)
    assert "•••• 12AB" in matched.getvalue().decode("utf-8-sig")


def test_lines_that_do_not_agree_name_no_account(me: Owner) -> None:
    payment(tenancy(me.landlord), LAST, 20_000, paid_on=PAID, account_last4="0189")
    payment(tenancy(me.landlord), LAST, 20_000, paid_on=PAID, account_last4="12AB")
    shown = text(me.browser(), address(me, "payments-statement"))
    assert "0189" not in shown
    assert "12AB" not in shown


def test_an_agent_who_reads_as_the_landlord_and_another_landlord_are_told_no_account(me: Owner, flat: Tenancy) -> None:
    rights = frozenset({Right.PAYMENTS})
    agent = Actor(ActorKind.AGENT, "test", me.account.pk, me.landlord.pk, rights)
    lines = transfers.transfers_page(agent, PAID.year).lines + finding.transfers_found(agent, cents=20_000)
    assert lines
    assert {line.account_last4 for line in lines} == {""}
    assert {line.account_last4 for line in lines_of_tenant(agent, flat.reference).lines} == {""}
    assert yearly.year_of(agent, PAID.year, today=PAID).accounts == ()
    assert not any(item.account_last4 for item in coming.next_payments(agent, today=PAID))
    assert owner().browser().get(address(me, "payments-statement")).status_code in (302, 403, 404)
