"""Lines of which nothing is said are kept by the thousand: whoever looks for one, changes one or keeps them sees no difference."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.declarations.bulk import checking, confirming, editing, intake, report
from parvis.declarations.bulk.checking import Checking
from parvis.declarations.bulk.models import RentFile, RentFileBlock
from parvis.declarations.models import CampaignEntry, Declaration
from parvis.sheets import reading
from parvis.tenancies.models import Tenancy
from tests.declarations.july.bulk.test_path import lines, sent_in, table
from tests.factories import declarations as made
from tests.factories.declarations import NOW, YEAR, typed
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import july_rent, tenancy

pytestmark = pytest.mark.django_db


def many(count: int) -> tuple[Owner, list[Tenancy]]:
    me = owner()
    homes = [tenancy(me.landlord, last_name=f"Nom{number:03d}") for number in range(count)]
    for home in homes:
        july_rent(home, YEAR - 1, 52_400)
    made.campaign()
    return me, homes


def in_blocks() -> int:
    return sum(len(block.lines) for block in RentFileBlock.objects.all())


def test_ready_lines_are_kept_together_and_the_others_apart() -> None:
    me, homes = many(6)
    file = sent_in(me, table(homes, "525", "bonjour", "526", "", "5240", "527"))
    assert in_blocks() == 3
    assert file.rows.count() == 3
    assert [(row.line, row.state) for row in lines(me, file)] == [
        (2, "ready"), (3, "to_correct"), (4, "ready"), (5, "no_amount"), (6, "to_correct"), (7, "ready"),
    ]  # fmt: skip


def test_pages_go_forth_and_back_through_rows_and_blocks_without_losing_a_line() -> None:
    me, homes = many(23)
    file = sent_in(me, table(homes, *("bonjour" if number % 3 == 0 else "525" for number in range(23))))
    forth: list[int] = []
    after: int | None = None
    while True:
        page = report.lines_of(me.actor, file, after=after, limit=4)
        forth += [row.line for row in page.rows]
        if page.next is None:
            break
        after = page.next
    assert forth == list(range(2, 25))
    back = report.lines_of(me.actor, file, before=forth[-1], limit=4)
    assert [row.line for row in back.rows] == [20, 21, 22, 23]
    assert (back.next, back.previous) == (23, 20)
    ready = report.lines_of(me.actor, file, state="ready", after=3, limit=3)
    assert [row.line for row in ready.rows] == [4, 6, 7]
    assert [row.line for row in report.lines_of(me.actor, file, state="to_correct", limit=50).rows] == list(
        range(2, 25, 3)
    )


def in_small_blocks(monkeypatch: pytest.MonkeyPatch, count: int) -> tuple[Owner, RentFile]:
    """A file of so many ready lines, two a block."""
    me, homes = many(count)
    monkeypatch.setattr(reading.Parts, "of", in_twos(reading.Parts.of))
    for name in ("FIRST_BLOCK", "SLOW_BLOCK", "LARGEST_BLOCK"):
        monkeypatch.setattr(checking, name, 2)
    return me, sent_in(me, table(homes, *["525"] * count))


def test_a_page_opens_no_more_blocks_than_it_shows_lines_of(monkeypatch: pytest.MonkeyPatch) -> None:
    me, file = in_small_blocks(monkeypatch, 16)
    assert RentFileBlock.objects.count() == 8
    for place in ({}, {"after": 9}, {"before": 10}, {"state": "ready", "after": 4}):
        with CaptureQueriesContext(connection) as asked:
            shown = report.lines_of(me.actor, file, limit=3, **place)
        assert len(shown.rows) == 3
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF) {asked[-1]['sql']}")
            plan = "\n".join(row[0] for row in cursor.fetchall())
        opened = re.search(r"Function Scan on unnest u .*loops=(\d+)", plan) or re.search(
            r"Scan on u .*loops=(\d+)", plan
        )
        assert opened is not None, plan
        assert int(opened[1]) <= 3, plan


def test_pages_go_through_blocks_of_which_one_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    me, file = in_small_blocks(monkeypatch, 8)
    for line in (4, 5):
        editing.change_line(me.actor, file.reference, line, typed="bonjour")
    ready = report.lines_of(me.actor, file, state="ready", limit=4)
    assert [row.line for row in ready.rows] == [2, 3, 6, 7]
    assert [row.line for row in report.lines_of(me.actor, file, state="ready", after=7, limit=4).rows] == [8, 9]
    assert [row.line for row in report.lines_of(me.actor, file, before=8, limit=4).rows] == [4, 5, 6, 7]
    assert report.line_of(me.actor, file, 6).state == "ready"


def test_a_ready_line_that_is_changed_leaves_its_block_and_is_kept_as_changed() -> None:
    me, homes = many(3)
    file = sent_in(me, table(homes, "525", "526", "527"))
    assert editing.change_line(me.actor, file.reference, 3, typed="bonjour").state == "to_correct"
    assert in_blocks() == 2
    file.refresh_from_db()
    assert file.counts == {"ready": 2, "to_correct": 1}
    assert editing.change_line(me.actor, file.reference, 3, typed="528,00").state == "ready"
    assert [row.typed for row in lines(me, file)] == ["525", "528,00", "527"]
    done = confirming.confirm(me.actor, file.reference, wish="send", at=NOW)
    assert (done.kept, done.left_out) == (3, 0)
    assert sorted(Declaration.objects.values_list("typed", flat=True)) == ["525", "527", "528,00"]
    assert made.counts_are_true()


def test_a_block_emptied_line_by_line_is_still_a_file() -> None:
    me, homes = many(2)
    file = sent_in(me, table(homes, "525", "526"))
    for line in (2, 3):
        editing.change_line(me.actor, file.reference, line, typed="519")
    assert in_blocks() == 0
    assert [row.line for row in lines(me, file)] == [2, 3]
    assert confirming.confirm(me.actor, file.reference, wish="keep", at=NOW).kept == 2


def test_what_is_typed_on_screen_meanwhile_takes_its_line_out_of_the_block() -> None:
    me, homes = many(3)
    file = sent_in(me, table(homes, "525", "526", "527"))
    typed(me, homes[1], "530", at=NOW + timedelta(hours=1))
    done = confirming.confirm(me.actor, file.reference, wish="keep", at=NOW + timedelta(hours=2))
    assert (done.kept, done.left_out) == (2, 1)
    assert [(row.state, row.other_cents) for row in lines(me, done)] == [
        ("ready", None),
        ("conflict", 53_000),
        ("ready", None),
    ]
    assert made.draft_of(tenancy=homes[1]).typed == "530"
    assert made.counts_are_true()


def test_a_tenancy_lost_meanwhile_is_left_and_its_line_still_names_what_was_sent() -> None:
    me, homes = many(2)
    file = sent_in(me, table(homes, "525", "526"))
    other = owner()
    Tenancy.objects.filter(pk=homes[0].pk).update(landlord=other.landlord)
    CampaignEntry.objects.filter(tenancy=homes[0]).update(landlord=other.landlord)
    shown = lines(me, file)
    assert (shown[0].name, shown[0].shown, shown[0].tenancy) == ("", f"{YEAR}-{homes[0].reference}", None)
    done = confirming.confirm(me.actor, file.reference, wish="keep", at=NOW)
    assert (done.kept, done.left_out) == (1, 1)
    assert made.draft_of().tenancy == homes[1]


def in_twos(whole: Callable[..., Iterator[reading.Part]]) -> Callable[..., Iterator[reading.Part]]:
    """Parts of two lines each."""

    def of(parts: reading.Parts, places: Sequence[int], *, after: int) -> Iterator[reading.Part]:
        for part in whole(parts, places, after=after):
            lines = part.content.splitlines(keepends=True)
            for two in (lines[at : at + 2] for at in range(0, len(lines), 2)):
                yield reading.Part(int(two[-1].split(b"\t")[0]), len(two), b"".join(two))

    return of


def test_a_second_line_of_a_later_part_calls_the_first_out_of_its_block(monkeypatch: pytest.MonkeyPatch) -> None:
    me, homes = many(4)
    monkeypatch.setattr(reading.Parts, "of", in_twos(reading.Parts.of))
    for name in ("FIRST_BLOCK", "SLOW_BLOCK", "LARGEST_BLOCK"):
        monkeypatch.setattr(checking, name, 2)
    file = sent_in(me, table([*homes, homes[0], homes[1]], "525", "526", "527", "518", "519", "526"))
    found = lines(me, file)
    assert [row.state for row in found] == ["to_correct", "ready", "ready", "ready", "to_correct", "no_amount"]
    assert "ligne 6" in found[0].sentences[0]
    assert "ligne 2" in found[4].sentences[0]
    assert file.counts == {"ready": 3, "to_correct": 2, "no_amount": 1}
    mended = editing.change_line(me.actor, file.reference, 6, typed="525")
    assert mended.state == "no_amount"
    assert lines(me, file)[0].state == "ready"


def test_few_lines_of_many_tenants_are_judged_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    me, homes = many(4)
    content = table(homes, "525", "bonjour", "526", "5240")
    together = [(row.line, row.state, row.cents) for row in lines(me, sent_in(me, content))]
    monkeypatch.setattr("parvis.declarations.bulk.blocks.is_much_of", lambda *_: False)
    file = sent_in(me, content)
    assert [(row.line, row.state, row.cents) for row in lines(me, file)] == together
    assert confirming.confirm(me.actor, file.reference, wish="keep", at=NOW).kept == 2


def test_blocks_go_with_their_file() -> None:
    me, homes = many(2)
    abandoned = sent_in(me, table(homes, "525", "526"))
    intake.abandon(me.actor, abandoned.reference, at=NOW)
    assert in_blocks() == 0
    sent_in(me, table(homes, "525", "526"))
    assert in_blocks() == 2
    assert intake.forget_old(at=NOW + intake.KEPT_FOR + timedelta(days=1)) > 0
    assert not RentFileBlock.objects.exists()
    assert not RentFile.objects.exists()


def test_a_part_that_fails_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    me, homes = many(2)

    def breaks(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(Checking, "_change", breaks)
    with pytest.raises(RuntimeError):
        sent_in(me, table(homes, "525", "526"))
    assert not RentFileBlock.objects.exists()


def test_lines_of_the_campaign_have_room_to_change_where_they_stand() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT unnest(reloptions) FROM pg_class WHERE oid = 'declarations_campaignentry'::regclass")
        assert ("fillfactor=50",) in cursor.fetchall()
