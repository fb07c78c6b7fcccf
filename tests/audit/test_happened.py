"""Several tables as one list: in order, page by page, and never more read than a page may."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from parvis.audit import happened as happening
from parvis.audit.happened import Acts, Branch, Place, happened, journal_branches, read_place
from parvis.audit.journal import Event, record
from parvis.correspondence.selectors import written_to
from parvis.kit.actors import Actor, ActorKind
from tests.factories.landlords import Owner, owner
from tests.web.backoffice.file.opening import letter

pytestmark = pytest.mark.django_db
COMMON = Event("tests.common", "Fait souvent")
RARE = Event("rarely.done", "Fait rarement")
AT = datetime(2026, 7, 21, 8, 0, tzinfo=UTC)


@pytest.fixture
def someone() -> Owner:
    return owner()


def acted(who: Owner, event: Event, *, minutes: int, kind: ActorKind = ActorKind.SYSTEM) -> None:
    by = Actor(kind, "tests", partner_id=who.landlord.pk)
    with transaction.atomic():
        record(event, subject="x", by=by, at=AT - timedelta(minutes=minutes))


def branches(who: Owner, acts: Acts | None = None) -> dict[str, Branch]:
    partner = who.landlord.pk
    letters = {"letter": written_to(partner, None)}
    return letters | journal_branches(partner, [who.account.login_id], acts or Acts(), offices=None)


def every_page(of: dict[str, Branch], limit: int) -> list[list[Place]]:
    pages: list[list[Place]] = []
    before: Place | None = None
    while len(pages) < 60:
        page = happened(of, before=before, limit=limit)
        pages.append(page.places)
        if page.next is None:
            return pages
        before = read_place(page.next.word)
        assert before == page.next
    raise AssertionError("The pages never end.")


@pytest.mark.parametrize("limit", [1, 2, 3, 50])
def test_lines_of_one_moment_come_once_each_whatever_the_page(someone: Owner, limit: int) -> None:
    other = owner()
    for minutes in (0, 0, 0, 5, 5, 9):
        acted(someone, COMMON, minutes=minutes)
        letter(someone, "identity/letters/password", created_at=AT - timedelta(minutes=minutes))
        acted(other, COMMON, minutes=minutes)
        letter(other, "identity/letters/password", created_at=AT)
    pages = every_page(branches(someone), limit)
    found = [place for page in pages for place in page]
    assert len(found) == len(set(found)) == 12
    assert found == sorted(found, reverse=True)
    assert all(len(page) <= limit for page in pages)
    assert {place.branch for place in found} == {"letter", "journal"}


@pytest.mark.parametrize("limit", [1, 4])
def test_what_is_rare_is_found_part_by_part_and_nothing_is_passed_over(
    someone: Owner, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(happening, "READ_AT_MOST", 5)
    for minutes in range(40):
        acted(someone, RARE if minutes in (3, 17, 39) else COMMON, minutes=minutes)
        if minutes % 10 == 4:
            letter(someone, "identity/letters/password", created_at=AT - timedelta(minutes=minutes))
    of = branches(someone, Acts(rooms=("rarely",)))
    found = [place for page in every_page(of, limit) for place in page]
    assert [int((AT - place.at).total_seconds() / 60) for place in found] == [3, 4, 14, 17, 24, 34, 39]
    alone = journal_branches(someone.landlord.pk, [], Acts(rooms=("never",)), offices=None)
    assert happened(alone, limit=limit).next is not None, "twenty of forty were read: the next page goes on"
    assert every_page(alone, limit)[-1] == []


def test_a_page_is_one_statement_and_reads_no_more_than_it_may(someone: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(happening, "READ_AT_MOST", 30)
    for minutes in range(200):
        acted(someone, COMMON, minutes=minutes)
    of = branches(someone, Acts(rooms=("never",)))
    with CaptureQueriesContext(connection) as asked:
        happening._part(of, None, 5)
    (statement,) = asked.captured_queries
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF) {statement['sql']}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    read = plan.split("CTE journal_read", 1)[1].split("CTE journal_line", 1)[0]
    assert "rows=30" in read.split("Limit", 1)[1].splitlines()[0], plan


def test_acts_are_those_of_agents_those_of_others_or_all_but_some(someone: Owner) -> None:
    acted(someone, COMMON, minutes=1, kind=ActorKind.AGENT)
    acted(someone, COMMON, minutes=2)
    acted(someone, RARE, minutes=3)

    def minutes(acts: Acts) -> list[int]:
        of = journal_branches(someone.landlord.pk, [], acts, offices=None)
        return [int((AT - place.at).total_seconds() / 60) for place in happened(of, limit=9).places]

    assert minutes(Acts()) == [1, 2, 3]
    assert minutes(Acts(by_agents=True)) == [1]
    assert minutes(Acts(by_agents=False)) == [2, 3]
    assert minutes(Acts(rooms=("rarely", "nothing"))) == [3]
    assert minutes(Acts(without=frozenset({RARE.code}))) == [1, 2]


@pytest.mark.parametrize(
    "word",
    ["", "x", "2026", "2026-07-21|letter|1", "2026-07-21T08:00:00+00:00|letter", "2026-07-21T08:00:00+00:00|letter|-1",
     "2026-07-21T08:00:00+00:00|letter|" + "9" * 20, "2026-07-21T08:00:00+00:00|a b|1", "2026-07-21T08:00:00+00:00||1",
     "0001-01-01T00:00:00+23:59|letter|1", "2026-07-21T08:00:00|letter|1"],
)  # fmt: skip
def test_an_address_that_says_no_place_begins_at_the_beginning(word: str) -> None:
    assert read_place(word) is None


def test_a_place_comes_back_from_its_word() -> None:
    place = Place(AT, "letter", 7)
    assert read_place(place.word) == place
