"""Both Julys of one line, typed while it is being saved and drawn anew: nothing is lost, nothing half typed is saved."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from playwright.sync_api import Route, expect

from parvis.declarations.models import CampaignEntry, Declaration
from parvis.tenancies.models import Tenancy
from tests.browser.july import Four, rents
from tests.browser.july import four as four
from tests.browser.july import person as person
from tests.browser.person import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_both_julys_are_typed_one_after_the_other_without_waiting(person: Person, four: Four) -> None:
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


def test_an_amount_half_typed_is_not_saved(person: Person, four: Four) -> None:
    """The answer of the other July draws the line anew under the hands of who types: twice, for what was done waits no more."""
    _, (_, second, *_) = four
    told, held = holding(person, second, 1, 3)
    keys = person.page.keyboard
    before, now = (person.page.locator(f"#{column}-{second.reference}") for column in "pr")
    for july, first, rest in (("400", "40", "5"), ("401", "41", "0")):
        before.fill(july)
        before.press("Enter")
        expect(now).to_be_focused()
        keys.type(first)
        let_go(person, held)
        expect(before).to_have_value(f"{july},00")
        expect(now).to_have_value(first)
        keys.type(rest)
        keys.press("ArrowDown")
        expect(now).to_have_value(f"{first}{rest},00")
    assert told == ["400", "405", "401", "410"]
    assert rents() == {"Bertin": 41_000}


def test_who_types_again_in_what_waits_is_saved_once_they_have_said_it(person: Person, four: Four) -> None:
    _, (_, second, *_) = four
    told, held = holding(person, second, 1)
    before, now = (person.page.locator(f"#{column}-{second.reference}") for column in "pr")
    before.fill("400")
    before.press("Enter")
    now.fill("39")
    now.press("ArrowDown")
    now.focus()
    now.press("End")
    person.page.keyboard.type("1")
    let_go(person, held)
    expect(before).to_have_value("400,00")
    expect(person.page.locator(".htmx-settling")).to_have_count(0)
    now.press_sequentially(",5")
    now.press("ArrowDown")
    expect(now).to_have_value("391,50")
    assert told == ["400", quote("391,5")]


def test_what_is_said_while_a_line_is_put_in_its_place_is_saved(person: Person, four: Four) -> None:
    """The new line is there, and htmx does not listen to it yet."""
    _, (_, second, *_) = four
    person.page.evaluate(
        """id => document.addEventListener("htmx:afterSwap", (event) => { const cell = document.getElementById(id);
        if (!event.target.contains(cell) || cell.value) return;
        cell.value = "405"; cell.dispatchEvent(new Event("change", {bubbles: true})); })""",
        f"r-{second.reference}",
    )
    before, now = (person.page.locator(f"#{column}-{second.reference}") for column in "pr")
    before.fill("400")
    before.press("Enter")
    expect(now).to_have_value("405,00")
    assert rents() == {"Bertin": 40_500}


def test_one_amount_of_a_line_is_saved_at_a_time_whatever_is_typed_meanwhile(person: Person, four: Four) -> None:
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


def test_what_waited_for_a_saving_that_failed_is_saved_all_the_same(person: Person, four: Four) -> None:
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


def holding(person: Person, of: Tenancy, *turns: int) -> tuple[list[str], list[Route]]:
    """What the line tells the server, one amount after the other; those of these turns are held until they are let go."""
    told: list[str] = []
    held: list[Route] = []

    def late(route: Route) -> None:
        told.append((route.request.post_data or "").rsplit("=", 1)[-1])
        held.append(route) if len(told) in turns else route.continue_()

    person.page.route(f"**/bailleur/loyers/{of.reference}/**", late)
    return told, held


def let_go(person: Person, held: list[Route]) -> None:
    """The request that is held goes on its way, once it has come."""
    while not held:
        person.page.wait_for_timeout(10)
    held.pop().continue_()
