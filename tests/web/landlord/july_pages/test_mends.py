"""Every caution of ux.md B13.2 on the page: its words, and the one click that mends or keeps."""

from __future__ import annotations

import re

import pytest

from parvis.tenancies.models import Tenancy
from tests.factories import declarations as made
from tests.factories.declarations import NOW, YEAR
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import july_rent, payment, tenancy
from tests.web.landlord.july import address, fields, live_at, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    live_at(monkeypatch, NOW)


def lina() -> tuple[Owner, Tenancy]:
    """525,00 € last July and today, 40,00 € of charges, 111,00 € of aid paid to the landlord."""
    me = owner()
    of = tenancy(me.landlord, rent_cents=52_500, charges_cents=4_000, direct_payment=True)
    july_rent(of, YEAR - 1, 52_500)
    payment(of, NOW.date().replace(month=6, day=1), 11_100)
    made.campaign()
    return me, of


@pytest.mark.parametrize(
    ("typed", "said", "pressed", "kept"),
    [
        ("52,50", "52,50 € est 10 fois plus bas que juillet 2025.", "Remplacer par 525,00 €", 52_500),
        ("5250", "5 250,00 € est 10 fois plus haut que juillet 2025.", "Remplacer par 525,00 €", 52_500),
        ("52500", "52 500,00 € est 100 fois plus haut que juillet 2025.", "Remplacer par 525,00 €", 52_500),
        ("6300", "C’est 12 fois le loyer habituel : est-ce un montant annuel ?", "Remplacer par 525,00 €", 52_500),
        ("414", "Ce montant ressemble au loyer moins l’aide (414,00 €).", "Remplacer par 525,00 €", 52_500),
        ("565", "Ce montant semble comprendre les charges (40,00 €).", "Remplacer par 525,00 €", 52_500),
        ("1.050", "peut se lire 1 050,00 € ou 1,05 €", "1 050,00 €", 105_000),
        ("565", "Ce montant semble comprendre les charges (40,00 €).", "Confirmer 565,00 €", 56_500),
        ("679", "+29,3 % par rapport à juillet 2025.", "Confirmer 679,00 €", 67_900),
        ("300", "−42,9 % par rapport à juillet 2025.", "Confirmer 300,00 €", 30_000),
        ("0", "Loyer à 0 € : logement gratuit ce mois-ci ?", "Oui, 0 €", 0),
    ],
)
def test_one_click_answers_what_was_seen(typed: str, said: str, pressed: str, kept: int) -> None:
    me, of = lina()
    made.typed(me, of, typed)
    browser = me.browser()
    page = text(browser, address(me))
    assert said in page
    button = re.search(rf'<button[^>]*name="geste" value="([^"]+)">{re.escape(pressed)}</button>', page)
    assert button is not None, pressed
    browser.post(address(me), fields(page) | {"geste": button[1]})
    assert made.draft_of().cents == kept
    if kept in (52_500, 0) or pressed.startswith("Confirmer"):
        assert made.state_of(of) == "drafted"


def test_a_tenant_who_is_gone_is_one_click_away() -> None:
    me, of = lina()
    page = text(me.browser(), address(me))
    gone = re.search(r'<a class="small gone" href="([^"]+)">Parti \?', page)
    assert gone is not None
    assert gone[1] == f"{address(me, 'declare', of.reference)}?quoi=move_out"
    chosen = me.browser().get(gone[1]).content.decode()
    assert re.search(r'<input[^>]*value="move_out"[^>]*\bchecked\b', chosen)


def _button(page: str, words: str) -> str:
    found = re.search(rf'<button[^>]*name="geste" value="([^"]+)">{re.escape(words)}</button>', page)
    assert found is not None, words
    return found[1]


def test_what_was_shown_beside_another_july_before_is_asked_anew() -> None:
    """Two tabs: one shows the amount beside 500 €, the other says meanwhile that the July before was 400 €."""
    me = owner()
    of = tenancy(me.landlord)
    made.campaign()
    made.typed(me, of, "525", previous="500")
    browser = me.browser()
    first = text(browser, address(me))
    second = text(browser, address(me))
    browser.post(address(me), fields(second) | {f"previous-{of.reference}": "400"})
    act = fields(first) | {"geste": _button(first, "Confirmer 525,00 €")}
    page = browser.post(address(me), act, follow=True).content.decode().replace("\u00a0", " ")
    assert "Le loyer de juillet 2025 n’est plus celui qui était affiché : il est maintenant de 400,00 €." in page
    assert "+31,3 %" in page
    assert (made.state_of(of), made.draft_of().confirmed) == ("to_confirm", [])
    browser.post(address(me), fields(page) | {"geste": _button(page, "Confirmer 525,00 €")})
    assert made.state_of(of) == "drafted"
