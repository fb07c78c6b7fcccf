"""The grid of July rents under hands that paste, type fast and lose the network; and over several accounts at once."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Route, expect

from parvis.declarations.models import CampaignEntry, Declaration, Receipt
from tests.browser import steps
from tests.browser.conftest import OpensABrowser, Watch
from tests.browser.july import Four, grid_of, rents
from tests.browser.july import four as four
from tests.browser.july import person as person
from tests.browser.person import Person
from tests.factories import declarations
from tests.factories.landlords import landlord, owner
from tests.factories.tenancies import july_rent, tenancy

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASTE = """(element, text) => { const held = new DataTransfer(); held.setData("text", text); element.focus();
element.dispatchEvent(new ClipboardEvent("paste", {clipboardData: held, bubbles: true, cancelable: true})); }"""


def test_a_column_fills_downwards_and_says_what_is_to_be_corrected(person: Person, four: Four) -> None:
    _, (first, *_) = four
    person.page.locator(f"#r-{first.reference}").evaluate(PASTE, "515,00\r\n410\r\nabc\r\n520\r\n530\r\n")
    told = person.page.locator("[data-pasted]")
    expect(told).to_have_text("4 montants collés, 1 à corriger. 1 ligne de trop, à coller sur la page suivante.")
    assert rents() == {"Arnaud": 51_500, "Bertin": 41_000, "Colin": None, "Duval": 52_000}
    person.looks("Loyers de juillet")
    first_sheet = person.prints()[0]
    assert "Lina Arnaud" in first_sheet
    assert "ligne suivante" not in first_sheet


def test_after_a_click_on_a_line_one_stands_on_what_is_to_be_done_next(person: Person, four: Four) -> None:
    _, (first, second, third, _) = four
    person.page.locator(f"#r-{first.reference}").evaluate(PASTE, "750\r\n\r\n515,00\r\n515\r\n")
    expect(person.page.locator("[data-pasted]")).to_contain_text("collés")
    person.clicks(person.page.get_by_role("button", name="Confirmer 750"))
    expect(person.page.locator(f"#r-{second.reference}")).to_be_focused()
    person.page.locator(f"#r-{third.reference}").fill("5150")
    person.page.keyboard.press("Tab")
    person.clicks(person.page.get_by_role("button", name="Remplacer par 515"))
    expect(person.page.locator(f"#r-{second.reference}")).to_be_focused()


def test_two_columns_are_the_julys_of_both_years(person: Person, four: Four) -> None:
    _, (first, second, *_) = four
    person.page.locator(f"#r-{first.reference}").evaluate(
        PASTE, "524,00\t515,00\n400,00\t405,00\n524,00\t516,00\n524,00\t517,00"
    )
    expect(person.page.locator("[data-pasted]")).to_have_text("5 montants collés.")
    expect(person.page.locator("#july-ready")).to_contain_text("4 loyers prêts")
    assert rents() == {"Arnaud": 51_500, "Bertin": 40_500, "Colin": 51_600, "Duval": 51_700}
    before = Declaration.objects.get(kind="previous_july_rent", tenancy=second)
    assert before.details["rent_cents"] == 40_000


def test_the_count_is_true_whatever_the_order_of_the_answers(person: Person, four: Four) -> None:
    """The answer to the first rent comes last, with the count of before the others."""
    _, (first, *_) = four

    def late(route: Route) -> None:
        answer = route.fetch()
        person.page.wait_for_timeout(700)
        route.fulfill(response=answer)

    person.page.route(f"**/bailleur/loyers/{first.reference}/**", late)
    person.page.locator(f"#r-{first.reference}").evaluate(PASTE, "515,00\r\n410\r\n516\r\n517\r\n")
    expect(person.page.locator("[data-pasted]")).to_contain_text("4 montants collés")
    ready = [row for row in CampaignEntry.objects.all() if row.state == "drafted"]
    expect(person.page.locator("#july-ready")).to_contain_text(f"{len(ready)} loyers prêts")


def test_what_cannot_be_saved_is_said_loudly_kept_and_saved_later(person: Person, four: Four) -> None:
    me, (first, *_) = four

    def down(route: Route) -> None:
        route.abort("internetdisconnected") if route.request.method == "POST" else route.continue_()

    person.page.route("**/bailleur/loyers/*-*/**", down)
    field = person.page.locator(f"#r-{first.reference}")
    field.fill("515")
    field.press("Enter")
    alert = person.page.locator("[data-unsaved]")
    expect(alert).to_contain_text("Non enregistré")
    expect(alert).to_contain_text("1 montant est gardé sur cet appareil.")
    assert rents() == {}
    person.page.on("dialog", lambda dialog: dialog.accept())
    person.goes(grid_of(me))
    expect(field).to_have_value("515")
    expect(alert).to_contain_text("1 montant est gardé sur cet appareil.")
    person.page.unroute("**/bailleur/loyers/*-*/**")
    person.clicks(person.page.get_by_role("button", name="Réessayer"))
    expect(alert).to_be_hidden()
    expect(person.page.locator("[data-saved]")).to_have_text(re.compile("Enregistré à [0-9]{1,2}\\sh\\s[0-9]{2}$"))
    assert rents() == {"Arnaud": 51_500}


@pytest.mark.parametrize("habits", steps.HABITS)
def test_the_rents_of_two_accounts_are_typed_on_one_page_and_give_two_receipts(
    someone: OpensABrowser, four: Four, watch: Watch, habits: tuple[int, str, bool]
) -> None:
    me, (first, *_) = four
    other = owner(landlord(company_name="Les Deux Rives"), credential=me.account.credential)
    theirs = tenancy(other.landlord, last_name="Zola")
    july_rent(theirs, declarations.YEAR - 1, 52_400)
    declarations.campaign()
    width, theme, script = habits
    person = someone(width=width, theme=theme, script=script)
    steps.types_credentials(person, steps.Credentials(me.account.login_id, steps.OWN_PASSWORD))
    steps.types_code(person, watch, steps.mailbox(me))
    person.page.get_by_role("heading", level=1, name="Sélection de comptes").wait_for()
    person.goes("/comptes/loyers-a-declarer/")
    person.looks("Loyers à déclarer")
    for of, amount in ((first, "515"), (theirs, "520")):
        person.page.locator(f"#r-{of.reference}").fill(amount)
    person.presses("Vérifier et transmettre")
    person.looks("Vérifiez avant de transmettre")
    assert "2 loyers de juillet dans 2 comptes" in person.words
    person.presses("Transmettre à mes caisses")
    person.settles()
    assert sorted(Receipt.objects.values_list("landlord__company_name", "count")) == [
        ("Alliance Familiale", 1), ("Les Deux Rives", 1),
    ]  # fmt: skip
    words = person.words
    assert all(number in words for number in Receipt.objects.values_list("number", flat=True))


def test_an_amount_left_on_the_device_comes_back_unless_it_is_old_and_is_offered_where_the_server_holds_another(
    person: Person, four: Four
) -> None:
    me, (first, second, third, fourth) = four
    shelved = """([key, typed, over, age]) =>
      localStorage.setItem(key, JSON.stringify({at: Date.now() - age, value: typed, over}))"""
    shelf = person.page.locator("[data-grid]").get_attribute("data-grid")
    week = 7 * 86_400_000
    for of, over, age in ((first, "", 0), (second, "", week + 1), (third, "500,00", 0)):
        person.page.evaluate(shelved, [f"grid:{shelf}:rent-{of.reference}", "515,00", over, age])
    person.page.evaluate("key => localStorage.setItem(key, '515,00')", f"grid:{shelf}:rent-{fourth.reference}")
    person.goes(grid_of(me))
    shown = [person.page.locator(f"#r-{of.reference}").input_value() for of in (first, second, third, fourth)]
    assert shown == ["515,00", "", "", ""]
    left = "() => Object.keys(localStorage).filter((key) => key.startsWith('grid:'))"
    assert sorted(person.page.evaluate(left)) == sorted(f"grid:{shelf}:rent-{of.reference}" for of in (first, third))
    expect(person.page.locator("[data-offers]")).to_contain_text(
        "Colin\u00a0: «\u00a0515,00\u00a0» saisi ici, effacé depuis."
    )
    person.page.get_by_role("button", name=re.compile("Oublier.*juillet 2026, Lina Colin")).click()
    expect(person.page.locator("[data-offers]")).to_be_hidden()
    person.page.locator("[data-retry]").click()
    expect(person.page.locator("[data-saved]")).to_contain_text("Enregistré à")
    assert person.page.evaluate(left) == []
    assert rents() == {"Arnaud": 51_500}


def test_what_another_tab_saved_stands_and_what_the_device_kept_is_offered(person: Person, four: Four) -> None:
    me, (first, *_) = four
    field = f"#r-{first.reference}"
    other = person.page.context.new_page()
    other.goto(person.page.url)
    person.page.route("**/bailleur/loyers/*-*/**", lambda route: route.abort("internetdisconnected"))
    person.page.locator(field).fill("515")
    person.page.locator(field).press("Enter")
    expect(person.page.locator("[data-unsaved]")).to_contain_text("1 montant est gardé sur cet appareil.")
    other.locator(field).fill("520")
    other.locator(field).press("Enter")
    expect(other.locator(field)).to_have_value("520,00")
    for page, since in ((person.page, "520"), (other, "520")):
        words = f"Arnaud\u00a0: «\u00a0515\u00a0» saisi ici, «\u00a0{since}\u00a0» enregistré depuis."
        expect(page.locator("[data-offers]")).to_contain_text(words)
    expect(person.page.locator("[data-unsaved]")).to_be_hidden()
    expect(person.page.locator(field)).to_have_value("520")
    assert rents() == {"Arnaud": 52_000}, "the newer one stands"
    person.page.unroute("**/bailleur/loyers/*-*/**")
    person.goes(grid_of(me))
    expect(person.page.locator(field)).to_have_value("520,00")
    person.complaints.clear()  # of the connection that was down
    person.looks("Loyers de juillet")
    person.page.set_viewport_size({"width": 320, "height": 640})
    person.page.emulate_media(color_scheme="dark")
    person.looks("Loyers de juillet")
    person.page.get_by_role("button", name="Remettre").click()
    expect(person.page.locator(field)).to_have_value("515,00")
    for page in (person.page, other):
        expect(page.locator("[data-offers]")).to_be_hidden()
    assert rents() == {"Arnaud": 51_500}
    assert person.page.evaluate("() => Object.keys(localStorage).filter((key) => key.startsWith('grid:'))") == []
