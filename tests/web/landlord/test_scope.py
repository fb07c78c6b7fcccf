"""A user limited to some offices: no page shows, counts, exports or sends anything of another office."""

from __future__ import annotations

import io
import re
import zipfile
from itertools import product
from typing import Any
from uuid import UUID

import pypdf
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from parvis.changes.models import Attachment, AwaitedPaper
from parvis.changes.services.attachments import join_attachment, keep_attachment
from parvis.declarations.models import CampaignEntry, Declaration, Receipt
from parvis.declarations.services import bundles, papers
from parvis.kit import clock
from parvis.tenancies.models import Tenancy
from tests.factories import declarations as made
from tests.factories.awaited import paper_awaited_about
from tests.factories.declarations import NOW
from tests.factories.papers import paper
from tests.factories.tenancies import payment
from tests.factories.two_offices import HERE, THERE, TwoOffices, two_offices
from tests.house.routes import Route, every_route
from tests.web.landlord.july import address, fields, text

pytestmark = pytest.mark.django_db
PAGES = [route for route in every_route() if "account" in route.needs and "/bailleur/" in route.path]
THINGS = ("reference", "tenancy", "number", "declaration")
OF_A_THING = [route for route in PAGES if set(route.needs) & set(THINGS)]
OF_ALL = [route for route in PAGES if route.needs == ("account",)]


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def said(answer: Any) -> str:
    """All an answer tells: a page, what a paper says, or what a spreadsheet holds."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content.startswith(b"%PDF"):
        return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    if not content.startswith(b"PK"):
        return str(content.decode())
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())


def lived_in() -> TwoOffices:
    """One rent sent and one typed at each office, a payment for each tenancy, a paper joined to a draft and to what was sent."""
    world = two_offices()
    for of in (world.here[0], world.there[0]):
        made.typed(world.chief, of, "525")
    made.sent(world.chief)
    for of in (world.here[1], world.there[1]):
        made.typed(world.chief, of, "530")
    for of, cents in ((world.here[0], 21_700), (world.there[0], 98_765)):
        payment(of, NOW.date().replace(month=6, day=1), cents)
        bundles.choose(world.chief.actor, of.reference, ["death"], year=None, at=NOW)
        bundles.answer(world.chief.actor, of.reference, "death", {"stays": "no"}, year=None, at=NOW)
        papers.join(world.chief.actor, of.reference, "death", paper(), at=NOW)
        kept = keep_attachment(paper("quittance.pdf"), by=world.chief.actor, at=NOW)
        sent = Declaration.objects.get(tenancy=of, kind="july_rent")
        join_attachment(kept.opaque, sent.reference or "", by=world.chief.actor, at=NOW)
        bail = keep_attachment(paper("bail.pdf"), by=world.chief.actor, at=NOW)
        join_attachment(bail.opaque, paper_awaited_about(world.chief, sent).files, by=world.chief.actor, at=NOW)
    return world


def words_of(of: Tenancy) -> list[str]:
    return [of.last_name, of.claimant_number, str(of.reference), of.address_1]


def hidden_from_the_limited() -> tuple[TwoOffices, list[str]]:
    """The world, and all that only the other office knows."""
    world = lived_in()
    words = [word for of in world.there for word in words_of(of)]
    return world, [*words, Receipt.objects.get(office=THERE).number, "987,65", "Caf de Paris", "Tolbiac"]


def objects_of(world: TwoOffices, place: str) -> list[dict[str, Any]]:
    """Each object of an office, as words of addresses."""
    tenancies = world.here if place == HERE else world.there
    numbers = Receipt.objects.filter(office=place).values_list("number", flat=True)
    return [
        {
            "account": world.limited.account.reference,
            "reference": of.reference,
            "tenancy": of.reference,
            "number": number,
            "kind": "july_rent",
            "declaration": (sent := Declaration.objects.get(receipt__number=number, kind="july_rent")).opaque,
            "attachment": Attachment.objects.get(subject=sent.reference).opaque,
            "declare-paper.kind": "death",
            "declare-paper.attachment": _paper_of(tenancies[0]),
            "paper": (awaited := AwaitedPaper.objects.get(subject=sent.reference)).opaque,
            "awaited-paper-file.attachment": Attachment.objects.get(subject=awaited.files).opaque,
            "stage": "plan",
        }
        for of, number in product(tenancies, numbers)
    ]


def _paper_of(of: Tenancy) -> UUID:
    """The paper joined to the draft about a tenancy."""
    draft = Declaration.objects.get(tenancy=of, kind="death")
    return Attachment.objects.get(subject=f"draft {draft.pk}").opaque


def test_there_are_pages_of_things_and_pages_of_all() -> None:
    assert len(OF_A_THING) >= 5
    assert len(OF_ALL) >= 7


@pytest.mark.parametrize("route", OF_A_THING, ids=str)
def test_a_thing_of_another_office_has_no_page(route: Route) -> None:
    world = lived_in()
    limited, chief, before = world.limited.browser(), world.chief.browser(), written()
    for real in objects_of(world, THERE):
        place = route.address(real)
        assert limited.get(place).status_code == 404
        if route.writes:
            assert limited.post(place, {"annee": "2026", "rent": "526"}).status_code == 404
    assert written() == before
    first = {**objects_of(world, THERE)[0], "account": world.chief.account.reference}
    assert chief.get(route.address(first)).status_code in (200, 302)
    assert limited.get(route.address(objects_of(world, HERE)[0])).status_code in (200, 302)


QUERIES = (
    "",
    "etat=tous",
    "etat=transmis",
    "etat=saisis",
    "q=Benali",
    "q=Benali&etat=tous",
    "q=paris&ou=partout",
    "loyer=a-declarer",
    "versement=direct",
    "q=2",
    "q=rue",
)


@pytest.mark.parametrize("route", OF_ALL, ids=str)
@pytest.mark.parametrize("query", QUERIES)
def test_no_page_of_all_tells_of_another_office(route: Route, query: str) -> None:
    world, hidden = hidden_from_the_limited()
    typed = query.partition("q=")[2].partition("&")[0]
    place = route.address({"account": world.limited.account.reference})
    answer = world.limited.browser().get(f"{place}?{query}", follow=True)
    assert answer.status_code == 200
    page = said(answer)
    if typed:
        # The page says again what was looked for.
        hidden = [word for word in hidden if word != typed]
    assert [word for word in hidden if word in page] == []


def test_the_same_pages_tell_those_who_have_every_office() -> None:
    world, hidden = hidden_from_the_limited()
    browser, account = world.chief.browser(), {"account": world.chief.account.reference}
    pages = "".join(said(browser.get(route.address(account), follow=True)) for route in OF_ALL)
    names = [of.last_name for of in world.there]
    assert [word for word in names if word not in pages] == []
    assert set(names) <= set(hidden)


def test_the_numbers_of_the_pages_are_those_of_the_office() -> None:
    world = lived_in()
    limited, chief = world.limited.browser(), world.chief.browser()
    assert "loyers déclarés sur 4" in flat(text(chief, address(world.chief, "landlord-home")))
    assert "loyer déclaré sur 2" in flat(text(limited, address(world.limited, "landlord-home")))
    assert "217,00 €" in flat(text(limited, address(world.limited, "landlord-home")))
    check = flat(text(limited, address(world.limited, "july-rents-check")))
    assert "530,00 €" in check
    assert "1 060,00 €" not in check


def flat(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def written() -> list[tuple[Any, ...]]:
    declared = Declaration.objects.order_by("pk").values_list("pk", "state", "typed")
    return [*declared, *CampaignEntry.objects.order_by("pk").values_list("pk", "state", "draft_typed")]


def test_sending_and_taking_over_touch_only_the_office() -> None:
    world = two_offices()
    browser = world.limited.browser()
    browser.post(address(world.limited, "july-rents-prefill"))
    assert {draft.tenancy.caf_code for draft in made.drafts_of()} == {HERE}
    made.typed(world.chief, world.there[0], "525")
    answer = send(browser, world)
    receipt = Receipt.objects.get()
    assert answer.headers["Location"] == address(world.limited, "receipt", receipt.number)
    assert (receipt.office_id, receipt.count) == (HERE, 2)
    assert made.state_of(world.there[0]) == "drafted"


def test_the_grid_without_javascript_keeps_nothing_of_another_office() -> None:
    world = two_offices()
    mine, theirs = world.here[0], world.there[0]
    values = {"annee": "2026", f"rent-{mine.reference}": "525", f"rent-{theirs.reference}": "525"}
    world.limited.browser().post(address(world.limited), values)
    assert [draft.tenancy.pk for draft in made.drafts_of()] == [mine.pk]


def send(browser: Client, world: TwoOffices) -> Any:
    page = fields(text(browser, address(world.limited, "july-rents-check")))
    values = {name: value for name, value in page.items() if name in ("cle", "vu", "annee")}
    return browser.post(address(world.limited, "july-rents-submit"), values)


@pytest.mark.parametrize("name", ["landlord-home", "tenants", "july-rents", "receipts", "july-rents-check"])
def test_a_limited_user_s_page_asks_as_few_questions(name: str) -> None:
    world = lived_in()
    asked = {}
    for who in (world.chief, world.limited):
        browser, place = who.browser(), address(who, name)
        browser.get(place)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(place).status_code == 200
        asked[who.account.pk] = len(queries)
    assert len(set(asked.values())) == 1
