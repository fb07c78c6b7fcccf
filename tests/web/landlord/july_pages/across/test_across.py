"""One grid over all accounts of a person: each amount saved in its own account, one receipt an account."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.http import urlencode

from parvis.declarations.models import Declaration, Receipt
from parvis.identity.models import Account, Session
from parvis.kit import clock
from parvis.kit.actors import Right
from parvis.landlords.models import Habilitation
from parvis.tenancies.models import Tenancy
from tests.factories import declarations as made
from tests.factories.declarations import NOW, typed
from tests.factories.landlords import Owner, landlord, owner
from tests.factories.tenancies import july_rent, tenancy
from tests.web.landlord.july import fields

pytestmark = pytest.mark.django_db
GRID, CHECK = "/comptes/loyers-a-declarer/", "/comptes/loyers-a-declarer/verifier/"


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def rented(of: Owner, name: str) -> Tenancy:
    made_one = tenancy(of.landlord, last_name=name)
    july_rent(made_one, 2025, 52_400)
    return made_one


def two_accounts() -> tuple[Owner, Owner, Tenancy, Tenancy]:
    """One person, two landlords, a rent to declare for each."""
    me = owner()
    other = owner(landlord(company_name="Les Deux Rives"), credential=me.account.credential)
    mine, theirs = rented(me, "Abadie"), rented(other, "Zola")
    made.campaign()
    return me, other, mine, theirs


def said(answer: Any) -> str:
    return str(answer.content.decode()).replace("\u00a0", " ")


def posted(client: Client, **amounts: str) -> dict[str, str]:
    return fields(said(client.get(GRID))) | amounts


def check_form(client: Client) -> dict[str, str]:
    """The check page's own fields; those of the frame have the same names on every page."""
    form = fields(said(client.get(CHECK)))
    return {name: value for name, value in form.items() if name == "cle" or name.startswith(("vu-", "annee-"))}


def kept() -> dict[str, tuple[str, int]]:
    accounts = dict(Account.objects.values_list("pk", "reference"))
    return {draft.tenancy.last_name: (accounts[draft.account_id], draft.cents or 0) for draft in made.drafts_of()}


def test_amounts_of_two_accounts_are_kept_each_in_its_own() -> None:
    me, other, mine, theirs = two_accounts()
    client = me.browser()
    form = posted(client) | {f"rent-{mine.reference}": "515", f"rent-{theirs.reference}": "520"}
    page = said(client.post(GRID, form, follow=True))
    assert kept() == {"Abadie": (me.account.reference, 51_500), "Zola": (other.account.reference, 52_000)}
    assert "2 loyers prêts" in page
    assert "dans 2 comptes" in page
    assert "Votre saisie est enregistrée." in page


def test_one_amount_saved_alone_answers_with_what_is_ready_in_all_accounts() -> None:
    me, other, mine, theirs = two_accounts()
    typed(me, mine, "515")
    client = me.browser()
    found = re.search(rf'data-hx-post="([^"]*{theirs.reference}[^"]*)"', said(client.get(GRID)))
    assert found is not None
    assert other.account.reference in found[1]
    answer = said(client.post(found[1].replace("&amp;", "&"), {f"rent-{theirs.reference}": "520"}))
    assert 'id="across-ready"' in answer
    assert "2 loyers prêts" in answer
    assert f'name="compte-{theirs.reference}" value="{other.account.reference}"' in answer


def test_a_warning_is_answered_on_the_spot_without_script() -> None:
    me, _, mine, _ = two_accounts()
    client = me.browser()
    page = said(client.post(GRID, posted(client) | {f"rent-{mine.reference}": "51,50"}, follow=True))
    button = re.search(rf'name="geste" value="(remplacer:{mine.reference}:51500)"', page)
    assert button is not None
    answer = client.post(GRID, fields(page) | {"geste": button[1]})
    assert answer.headers["Location"].endswith(f"#l-{mine.reference}")
    assert kept()["Abadie"][1] == 51_500


def test_sending_gives_one_receipt_an_account_whose_page_says_so() -> None:
    me, other, mine, theirs = two_accounts()
    typed(me, mine, "515")
    typed(other, theirs, "520")
    client = me.browser()
    page = said(client.get(CHECK))
    for words in ("Vérifiez avant de transmettre", "2 loyers de juillet dans 2 comptes, 1 035,00 € en tout",
                  "Chaque compte reçoit son propre accusé.", "Zola", "Transmettre à mes caisses"):  # fmt: skip
        assert words in page, words
    form = check_form(client)
    answers = [client.post(CHECK, form) for _ in range(2)]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert Receipt.objects.count() == 2
    page = said(client.get(answers[0].headers["Location"]))
    for receipt in Receipt.objects.select_related("account"):
        assert reverse("receipt", args=[receipt.account.reference, receipt.number]) in page
    assert "2 accusés d’enregistrement" in page
    assert client.get(CHECK).headers["Location"] == GRID


def test_what_changed_in_one_account_does_not_hold_the_other_back() -> None:
    me, other, mine, theirs = two_accounts()
    typed(me, mine, "515")
    typed(other, theirs, "520")
    client = me.browser()
    form = check_form(client)
    typed(other, theirs, "521")
    page = said(client.post(CHECK, form, follow=True))
    assert "Les Deux Rives : Rien n’est transmis : un loyer a changé" in page
    assert Receipt.objects.get().landlord == me.landlord


def test_a_right_withdrawn_meanwhile_saves_and_sends_nothing() -> None:
    me, other, mine, theirs = two_accounts()
    typed(me, mine, "515")
    typed(other, theirs, "520")
    client = me.browser()
    form, grid = check_form(client), posted(client) | {f"rent-{theirs.reference}": "530"}
    Habilitation.objects.filter(account=other.account, right=Right.DECLARE.value).delete()
    assert "vous n’y avez plus le droit « Déclarer »" in said(client.post(GRID, grid, follow=True))
    page = said(client.post(CHECK, form, follow=True))
    assert "vous n’y avez plus le droit « Déclarer »" in page
    assert kept()["Zola"][1] == 52_000
    assert Receipt.objects.get().landlord == me.landlord
    assert "Zola" not in said(client.get(GRID))


def test_a_form_that_names_somebody_elses_account_changes_nothing_there() -> None:
    me, _, mine, _ = two_accounts()
    stranger = owner(landlord(company_name="Autre"))
    foreign = rented(stranger, "Secret")
    made.campaign()
    client = me.browser()
    theirs = {f"rent-{foreign.reference}": "900", f"compte-{foreign.reference}": stranger.account.reference}
    client.post(GRID, posted(client) | theirs)
    client.post(GRID, posted(client) | theirs | {f"compte-{foreign.reference}": me.account.reference})
    client.post(GRID, posted(client) | {f"rent-{mine.reference}": "515", f"compte-{mine.reference}": "\x00'--"})
    client.post(CHECK, {"cle": "x", f"vu-{stranger.account.reference}": "0" * 32})
    client.post(
        CHECK, check_form(client) | {"cle": str(foreign.reference), f"vu-{stranger.account.reference}": "0" * 32}
    )
    assert not made.drafts_of()
    assert not Declaration.objects.exists()
    assert not Receipt.objects.exists()
    assert "Secret" not in said(client.get(GRID))


def test_nobody_reads_the_receipts_of_another_persons_sending() -> None:
    me, _, mine, _ = two_accounts()
    typed(me, mine, "515")
    client = me.browser()
    place = client.post(CHECK, check_form(client)).headers["Location"]
    assert Receipt.objects.get().number in said(client.get(place))
    assert owner().browser().get(place).headers["Location"] == GRID
    assert client.get("/comptes/loyers-a-declarer/transmis/?cle=%00").headers["Location"] == GRID


@pytest.mark.parametrize("url", [GRID, CHECK, "/comptes/loyers-a-declarer/transmis/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_nothing_is_shown_before_sign_in_and_its_code(url: str, method: str) -> None:
    me, *_ = two_accounts()
    if url.endswith("transmis/") and method == "post":
        return
    asked_again = f"?{urlencode({'suite': url})}" if method == "get" else ""
    assert getattr(Client(), method)(url).headers["Location"] == reverse("sign-in") + asked_again
    client = me.browser()
    Session.objects.update(code_satisfied_at=None)
    assert "/connexion/code/" in getattr(client, method)(url).headers["Location"]


def test_ten_accounts_cost_as_many_statements_to_read_as_two() -> None:
    me, *_ = two_accounts()
    client, counts = me.browser(), []
    client.get(GRID)  # settings are read once, then remembered
    for more in (0, 8):
        for rank in range(more):
            rented(owner(landlord(company_name=f"Société {rank}"), credential=me.account.credential), f"Nom{rank}")
        made.campaign()
        with CaptureQueriesContext(connection) as asked:
            client.get(GRID)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 6
