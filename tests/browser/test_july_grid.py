"""The grid of July rents under hands that paste, type fast and lose the network; and over several accounts at once."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Route, expect
from pytest_django import Settings

from parvis.declarations.models import CampaignEntry, Declaration, Receipt
from parvis.tenancies.models import Tenancy
from tests.browser import office, steps
from tests.browser.conftest import OpensABrowser, Watch
from tests.browser.person import Person
from tests.factories import declarations
from tests.factories.landlords import Owner, landlord, owner
from tests.factories.tenancies import july_rent, tenancy

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASTE = """(element, text) => { const held = new DataTransfer(); held.setData("text", text); element.focus();
element.dispatchEvent(new ClipboardEvent("paste", {clipboardData: held, bubbles: true, cancelable: true})); }"""


@pytest.fixture
def four(watch: Watch, folders: Settings) -> tuple[Owner, list[Tenancy]]:
    """Four rents to declare; the July before of the second is not known."""
    watch.set_to(office.MORNING)
    me = steps.regular()
    made = [tenancy(me.landlord, last_name=name) for name in ("Arnaud", "Bertin", "Colin", "Duval")]
    for of in (made[0], *made[2:]):
        july_rent(of, declarations.YEAR - 1, 52_400)
    declarations.campaign()
    return me, made


@pytest.fixture
def person(someone: OpensABrowser, four: tuple[Owner, list[Tenancy]], watch: Watch) -> Person:
    """The landlord, signed in, at the grid."""
    me, _ = four
    person = someone()
    steps.signs_in(person, watch, me)
    person.goes(grid_of(me))
    return person


def grid_of(me: Owner) -> str:
    return f"/c/{me.account.reference}/bailleur/loyers/"


def rents() -> dict[str, int | None]:
    """What is kept, by the tenant's name."""
    return {draft.tenancy.last_name: draft.cents for draft in declarations.drafts_of()}


def test_a_column_fills_downwards_and_says_what_is_to_be_corrected(
    person: Person, four: tuple[Owner, list[Tenancy]]
) -> None:
    _, (first, *_) = four
    person.page.locator(f"#r-{first.reference}").evaluate(PASTE, "515,00\r\n410\r\nabc\r\n520\r\n530\r\n")
    told = person.page.locator("[data-pasted]")
    expect(told).to_have_text("4 montants collés, 1 à corriger. 1 ligne de trop, à coller sur la page suivante.")
    assert rents() == {"Arnaud": 51_500, "Bertin": 41_000, "Colin": None, "Duval": 52_000}
    person.looks("Loyers de juillet")
    first_sheet = person.prints()[0]
    assert "Lina Arnaud" in first_sheet
    assert "ligne suivante" not in first_sheet


def test_after_a_click_on_a_line_one_stands_on_what_is_to_be_done_next(
    person: Person, four: tuple[Owner, list[Tenancy]]
) -> None:
    _, (first, second, third, _) = four
    person.page.locator(f"#r-{first.reference}").evaluate(PASTE, "750\r\n\r\n515,00\r\n515\r\n")
    expect(person.page.locator("[data-pasted]")).to_contain_text("collés")
    person.clicks(person.page.get_by_role("button", name="Confirmer 750"))
    expect(person.page.locator(f"#r-{second.reference}")).to_be_focused()
    person.page.locator(f"#r-{third.reference}").fill("5150")
    person.page.keyboard.press("Tab")
    person.clicks(person.page.get_by_role("button", name="Remplacer par 515"))
    expect(person.page.locator(f"#r-{second.reference}")).to_be_focused()


def test_two_columns_are_the_julys_of_both_years(person: Person, four: tuple[Owner, list[Tenancy]]) -> None:
    _, (first, second, *_) = four
    person.page.locator(f"#r-{first.reference}").evaluate(
        PASTE, "524,00\t515,00\n400,00\t405,00\n524,00\t516,00\n524,00\t517,00"
    )
    expect(person.page.locator("[data-pasted]")).to_have_text("5 montants collés.")
    expect(person.page.locator("#july-ready")).to_contain_text("4 loyers prêts")
    assert rents() == {"Arnaud": 51_500, "Bertin": 40_500, "Colin": 51_600, "Duval": 51_700}
    before = Declaration.objects.get(kind="previous_july_rent", tenancy=second)
    assert before.details["rent_cents"] == 40_000


def test_the_count_is_true_whatever_the_order_of_the_answers(person: Person, four: tuple[Owner, list[Tenancy]]) -> None:
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


def test_both_julys_are_typed_one_after_the_other_without_waiting(
    person: Person, four: tuple[Owner, list[Tenancy]]
) -> None:
    _, (_, second, *_) = four
    slow = f"**/bailleur/loyers/{second.reference}/**"
    person.page.route(slow, lambda route: (person.page.wait_for_timeout(250), route.continue_()))
    keys = person.page.keyboard
    person.page.locator(f"#p-{second.reference}").focus()
    keys.type("400")
    keys.press("Enter")
    keys.type("405", delay=120)
    keys.press("Enter")
    expect(person.page.locator("#july-ready")).to_contain_text("1 loyer prêt")
    assert rents() == {"Bertin": 40_500}
    assert CampaignEntry.objects.get(tenancy=second).state == "drafted"


def test_an_amount_half_typed_is_not_saved(person: Person, four: tuple[Owner, list[Tenancy]]) -> None:
    """The answer of the other July draws the line anew under the hands of who types: twice, for what was done waits no more."""
    _, (_, second, *_) = four
    told: list[str] = []
    keys, grid = person.page.keyboard, f"**/bailleur/loyers/{second.reference}/**"
    before, now = (person.page.locator(f"#{column}-{second.reference}") for column in "pr")
    held: list[Route] = []

    def late(route: Route) -> None:
        told.append((route.request.post_data or "").rsplit("=", 1)[-1])
        held.append(route) if len(told) in (1, 3) else route.continue_()

    person.page.route(grid, late)
    for july, first, rest in (("400", "40", "5"), ("401", "41", "0")):
        before.fill(july)
        before.press("Enter")
        expect(now).to_be_focused()
        keys.type(first)
        while not held:
            person.page.wait_for_timeout(10)
        held.pop().continue_()
        expect(before).to_have_value(f"{july},00")
        expect(now).to_have_value(first)
        keys.type(rest)
        keys.press("ArrowDown")
        expect(now).to_have_value(f"{first}{rest},00")
    assert told == ["400", "405", "401", "410"]
    assert rents() == {"Bertin": 41_000}


def test_one_amount_of_a_line_is_saved_at_a_time_whatever_is_typed_meanwhile(
    person: Person, four: tuple[Owner, list[Tenancy]]
) -> None:
    """The first answer is late: the other July, then the first one again, wait for it and are saved then."""
    _, (_, second, *_) = four
    under_way: list[str] = []
    most: list[int] = []

    def late(route: Route) -> None:
        under_way.append(route.request.post_data or "")
        most.append(len(under_way))
        answer = route.fetch()
        if len(most) == 1:
            person.page.wait_for_timeout(900)
        under_way.pop()
        route.fulfill(response=answer)

    person.page.route(f"**/bailleur/loyers/{second.reference}/**", late)
    before, now = (person.page.locator(f"#{column}-{second.reference}") for column in "pr")
    before.fill("400")
    before.press("Enter")
    now.fill("405")
    now.press("ArrowDown")
    before.fill("401")
    before.press("Enter")
    expect(person.page.locator("#july-ready")).to_contain_text("1 loyer prêt")
    person.page.wait_for_load_state("networkidle")
    expect(before).to_have_value("401,00")
    expect(now).to_have_value("405,00")
    assert max(most) == 1
    assert rents() == {"Bertin": 40_500}
    assert Declaration.objects.get(kind="previous_july_rent", tenancy=second).details["rent_cents"] == 40_100
    expect(person.page.locator("body")).not_to_contain_text("changé entre-temps")


def test_what_waited_for_a_saving_that_failed_is_saved_all_the_same(
    person: Person, four: tuple[Owner, list[Tenancy]]
) -> None:
    _, (_, second, *_) = four
    asked: list[str] = []

    def first_fails(route: Route) -> None:
        asked.append(route.request.post_data or "")
        if len(asked) > 1:
            return route.continue_()
        person.page.wait_for_timeout(400)
        return route.abort("internetdisconnected")

    person.page.route(f"**/bailleur/loyers/{second.reference}/**", first_fails)
    person.page.locator(f"#p-{second.reference}").fill("400")
    person.page.locator(f"#p-{second.reference}").press("Enter")
    person.page.locator(f"#r-{second.reference}").fill("405")
    person.page.locator(f"#r-{second.reference}").press("ArrowDown")
    expect(person.page.locator(f"#r-{second.reference}")).to_have_value("405,00")
    assert len(asked) > 1
    assert CampaignEntry.objects.get(tenancy=second).draft_cents == 40_500


def test_what_cannot_be_saved_is_said_loudly_kept_and_saved_later(
    person: Person, four: tuple[Owner, list[Tenancy]]
) -> None:
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
    someone: OpensABrowser, four: tuple[Owner, list[Tenancy]], watch: Watch, habits: tuple[int, str, bool]
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


def test_an_amount_left_on_the_device_comes_back_unless_it_is_old_or_the_server_holds_another(
    person: Person, four: tuple[Owner, list[Tenancy]]
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
    assert person.page.evaluate(left) == [f"grid:{shelf}:rent-{first.reference}"]
    person.page.locator("[data-retry]").click()
    expect(person.page.locator("[data-saved]")).to_contain_text("Enregistré à")
    assert person.page.evaluate(left) == []
    assert rents() == {"Arnaud": 51_500}
