"""The thresholds of the office and the quarters of the index it types: the same for a line typed, and for a file."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from parvis.agents.posts import Role
from parvis.audit.models import Entry
from parvis.declarations.bulk import editing, report
from parvis.declarations.kinds.july_rent import USUAL, USUAL_AGAIN
from parvis.declarations.parameters import index, shipped
from parvis.declarations.selectors import grid
from parvis.declarations.selectors.grid.norms import norms_of
from parvis.declarations.services import july
from parvis.kit.actors import operator
from parvis.kit.refusals import DutyMissing, Refusal
from parvis.parameters import selectors, services, texts
from parvis.parameters.catalogue import PARAMETERS
from tests.declarations.july.bulk.test_path import lines, sent_in, table, three
from tests.factories import declarations as made
from tests.factories.agents import colleague
from tests.factories.declarations import NOW, YEAR, typed
from tests.factories.landlords import Owner
from tests.web.landlord.july import address, live_at

pytestmark = pytest.mark.django_db
BOSS = operator("office")
LAST = 52_400
"""July of the year before, of every tenancy here; 537,10 is 2,5 % more: above every index of this campaign."""


@pytest.fixture(autouse=True)
def _read_anew() -> Iterator[None]:
    selectors.forget()
    yield
    selectors.forget()


def set_to(name: str, value: int) -> None:
    services.change(name, value, by=BOSS, at=NOW, reason="Essai")


def published(key: str, **fields: str) -> None:
    texts.edit(index.FAMILY, key, fields, reason="Insee", by=BOSS, at=NOW)


def states(text: str) -> tuple[str, str]:
    """What a line typed and a line of a file become, of two landlords alike."""
    me, homes = three()
    kept = typed(me, homes[0], text).row.state
    them, theirs = three()
    file = sent_in(them, table(theirs, text, "", ""))
    return kept, {"ready": "drafted"}.get(lines(them, file)[0].state, lines(them, file)[0].state)


@pytest.mark.parametrize(
    ("name", "value", "text", "before", "after"),
    [
        ("rent_above_index", 3, "537,10", "to_confirm", "drafted"),
        ("rent_increase", 1, "530,00", "drafted", "to_confirm"),
        ("rent_decrease", 2, "510,00", "drafted", "to_confirm"),
        ("rent_decrease", 60, "300,00", "to_confirm", "drafted"),
        ("rent_lowest", 10_000, "80,00", "to_confirm", "to_correct"),
        ("rent_highest", 100_000, "1000,01", "to_confirm", "to_correct"),
    ],
)
def test_a_threshold_counts_for_the_grid_and_the_file_alike(
    name: str, value: int, text: str, before: str, after: str
) -> None:
    assert states(text) == (before, before)
    set_to(name, value)
    assert states(text) == (after, after)


@pytest.mark.parametrize(
    ("name", "value", "at", "beyond"),
    [
        ("rent_increase", 1, "529,24", "529,25"),
        ("rent_decrease", 25, "393,00", "392,99"),
    ],
)
def test_settings_say_beyond_and_rules_ask_beyond(name: str, value: int, at: str, beyond: str) -> None:
    set_to(name, value)
    assert (states(at), states(beyond)) == (("drafted", "drafted"), ("to_confirm", "to_confirm"))
    assert "au-delà" in PARAMETERS[name].meaning


def test_the_lower_of_the_fixed_threshold_and_of_the_index_with_its_points_counts() -> None:
    """As the setting says."""
    assert "le plus bas des deux" in PARAMETERS["rent_increase"].caution
    set_to("rent_above_index", 1)
    assert norms_of(YEAR).most_increase("441") == Decimal("2.40")
    set_to("rent_increase", 2)
    assert norms_of(YEAR).most_increase("441") == Decimal(2)
    assert norms_of(2030).index_of("441") is None
    assert norms_of(2030).most_increase("441") == Decimal(2)


def test_a_quarter_typed_counts_for_both_in_the_place_of_the_one_we_came_with() -> None:
    assert states("537,10") == ("to_confirm", "to_confirm")
    published("2026-T2", metropole="152,00", metropole_yoy="3,63")
    assert norms_of(YEAR).index_of("441") == Decimal("3.63")
    assert norms_of(YEAR).index_of("202") == Decimal("1.40"), "another zone keeps its own"
    assert states("537,10") == ("drafted", "drafted")
    texts.restore(index.FAMILY, "2026-T2", reason="x", by=BOSS, at=NOW)
    assert norms_of(YEAR).index_of("441") == Decimal("1.40")
    assert set(Entry.objects.filter(subject="rent-index/2026-T2").values_list("event", flat=True)) == {
        "parameters.text_edited", "parameters.text_restored",
    }  # fmt: skip


def test_a_new_quarter_is_one_more_and_can_be_withdrawn() -> None:
    assert norms_of(2027).index_of("974") == Decimal("0.78")
    published("2026-T3", overseas="145,00", overseas_yoy="1,42")
    assert norms_of(2027).index_of("974") == Decimal("1.42")
    titles = [(entry.title, entry.group) for entry in texts.entries_of(index.FAMILY)]
    assert ("3e trimestre 2026", "2026") in titles
    texts.restore(index.FAMILY, "2026-T3", reason="x", by=BOSS, at=NOW)
    assert norms_of(2027).index_of("974") == Decimal("0.78")


@pytest.mark.parametrize(
    ("key", "fields", "field", "sentence"),
    [
        ("2026", {"metropole": "148,37", "metropole_yoy": "1,15"}, "key", "par exemple 2026-T3"),
        ("2026-T5", {"metropole": "148,37", "metropole_yoy": "1,15"}, "key", "par exemple 2026-T3"),
        ("2026-T3", {}, "metropole", "d’une zone au moins"),
        ("2026-T3", {"metropole": "148,37"}, "metropole_yoy", "vont ensemble"),
        ("2026-T3", {"metropole_yoy": "1,15"}, "metropole", "vont ensemble"),
        ("2026-T3", {"metropole": "cent", "metropole_yoy": "1,15"}, "metropole", "par exemple 148,37"),
        ("2026-T3", {"metropole": "14,83", "metropole_yoy": "1,15"}, "metropole", "va de 100 à 400"),
        ("2026-T4", {"metropole": "148,37", "metropole_yoy": "1,15"}, "key", "Le dernier possible est 2026-T3."),
        ("2036-T2", {"metropole": "148,37", "metropole_yoy": "1,15"}, "key", "Le dernier possible est 2026-T3."),
        ("2026-T3", {"metropole": "148,37", "metropole_yoy": "115"}, "metropole_yoy", "va de −20 à +20"),
        ("2026-T3", {"metropole": "149,00", "metropole_yoy": "1,15"}, "metropole_yoy", "la variation est de 2,22"),
    ],
)
def test_what_no_quarter_can_be_is_refused(key: str, fields: dict[str, str], field: str, sentence: str) -> None:
    with pytest.raises(Refusal) as refused:
        published(key, **fields)
    assert (refused.value.field, sentence in refused.value.sentence) == (field, True)
    assert norms_of(2027).index_of("441") == Decimal("1.15")


def test_the_quarters_we_came_with_would_be_taken() -> None:
    for entry in index.FAMILY.entries():
        index.FAMILY.check(entry.key, index.FAMILY.default(entry.key))
    assert index.quarters() == shipped()


def test_nobody_else_types_a_quarter() -> None:
    for role in (Role.RECEPTION, Role.CASEWORKER, Role.RIGHTS_OFFICER):
        with pytest.raises(DutyMissing):
            texts.edit(index.FAMILY, "2026-T3", {"metropole": "147,00", "metropole_yoy": "0,84"}, reason="x",
                       by=colleague((role, "441")).actor, at=NOW)  # fmt: skip


def test_a_quarter_is_looked_at_then_published_on_its_page() -> None:
    browser, address_of = colleague().browser(), "/agents/textes/rent-index/ajouter/"
    form = {"key": "2026-T3", "metropole": "147,00", "metropole_yoy": "0,84", "reason": "Insee du 15/10"}
    seen = browser.post(address_of, {**form, "apercu": "1"}).content.decode()
    assert "Rien n’est encore en ligne." in seen
    assert "Ajouter un trimestre" in seen
    assert (2026, 3, "metropole") not in index.quarters()
    late = browser.post(address_of, {**form, "key": "2036-T2", "apercu": "1"}).content.decode()
    assert "Ce trimestre n’a pas commencé." in late
    assert "Rien n’est encore en ligne." not in late
    browser.post(address_of, {**form, "publier": "1"})
    assert index.quarters()[2026, 3, "metropole"] == (Decimal("147.00"), Decimal("0.84"))
    assert "3e trimestre 2026" in browser.get("/agents/textes/rent-index/").content.decode()


def waiting() -> tuple[Owner, str]:
    """A line of the grid that waits for a word, and no more needs it."""
    me, homes = three()
    typed(me, homes[0], "537,10")
    set_to("rent_above_index", 3)
    return me, str(homes[0].reference)


def test_a_line_that_waits_for_nothing_any_more_is_ready_by_one_click(monkeypatch: pytest.MonkeyPatch) -> None:
    live_at(monkeypatch, NOW)
    me, tenancy = waiting()
    act = f"confirmer:{tenancy}:{USUAL}:53710"
    page = me.browser().get(address(me)).content.decode()
    assert USUAL_AGAIN in page
    assert act in page
    me.browser().post(address(me), {"annee": str(YEAR), "geste": act})
    row = next(row for row in grid.grid_rows(me.actor, YEAR).rows if str(row.reference) == tenancy)
    assert (row.state, row.confirmed) == ("drafted", [])
    assert made.counts_are_true()


def test_it_stays_where_something_else_is_unusual_or_the_amount_changed() -> None:
    me, homes = three()
    typed(me, homes[0], "537,10")
    for code, cents in ((USUAL, 53_710), ("increase_above_index", 53_711)):
        outcome = july.confirm(me.actor, homes[0].reference, year=YEAR, code=code, cents=cents, at=NOW)
        assert outcome.row.state == "to_confirm"


def test_so_is_a_line_of_a_file() -> None:
    me, homes = three()
    file = sent_in(me, table(homes, "537,10", "", ""))
    kept = editing.confirm_line(me.actor, file.reference, 2, code=USUAL, cents=53_710)
    assert kept.state == "to_confirm"
    set_to("rent_above_index", 3)
    assert USUAL_AGAIN in report.lines_of(me.actor, file).rows[0].sentences
    done = editing.confirm_line(me.actor, file.reference, 2, code=USUAL, cents=53_710)
    assert (done.state, done.sentences) == ("ready", [])
