from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import DataError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from parvis.audit.journal import Event, record
from parvis.audit.models import Entry
from parvis.kit import clock, periods
from parvis.kit.actors import system
from parvis.kit.db import MOST_KEPT, all_rows, change_exactly_one, one_row, write
from parvis.kit.refusals import ChangedMeanwhile
from parvis.landlords.models import Office

EVENT = Event("test.done", "Essai")
AT = datetime(2026, 7, 21, 8, 26, tzinfo=UTC)


@pytest.mark.django_db
def test_a_change_made_on_what_was_not_seen_is_refused() -> None:
    Office.objects.create(caf_code="441", name="Caf de la Loire-Atlantique")
    seen = Office.objects.filter(caf_code="441", name="Caf de la Loire-Atlantique")
    change_exactly_one(seen, name="Caf 44")
    with pytest.raises(ChangedMeanwhile):
        change_exactly_one(seen, name="Caf 44 bis")
    assert Office.objects.get().name == "Caf 44"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sql", ["UPDATE audit_entry SET event = 'x'", "DELETE FROM audit_entry", "TRUNCATE audit_entry"]
)
def test_the_journal_cannot_be_changed(sql: str) -> None:
    with transaction.atomic():
        record(EVENT, subject="D-1", by=system("test"), at=AT, rent_cents=52500)
    with pytest.raises(Exception, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE audit_entry ENABLE TRIGGER audit_no_truncate; {sql}")
    entry = Entry.objects.get()
    assert (entry.event, entry.actor_label, entry.details) == ("test.done", "test", {"rent_cents": 52500})


@pytest.mark.django_db(transaction=True)
def test_the_journal_is_written_in_the_acts_transaction_only() -> None:
    with pytest.raises(RuntimeError):
        record(EVENT, subject="D-1", by=system("test"), at=AT)


def test_days_and_moments_are_written_as_french_people_do() -> None:
    assert periods.long_day(date(2026, 9, 1)) == "1er septembre 2026"
    assert periods.moment(AT) == "21/07/2026 à 10\u00a0h\u00a026"
    assert periods.short_month(date(2026, 8, 1)) == "Août 2026"
    assert periods.months_back(date(2026, 2, 15), 3) == [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]
    assert clock.day_in_paris(datetime(2026, 7, 31, 22, 30, tzinfo=UTC)) == date(2026, 8, 1)


LISTED = "SELECT code, name FROM listed WHERE code <> ALL(%(but)s) ORDER BY code"
ADD = "INSERT INTO listed (code, name) VALUES (%s, %s)"


@pytest.mark.django_db
def test_a_statement_asked_again_answers_what_is_true_now() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE listed (code text, name text) ON COMMIT DROP")
    assert write(ADD, ("441", "Loire-Atlantique")) == 1
    for number in range(12):
        assert len(all_rows(LISTED, {"but": [""]})) == number + 1
        assert one_row(LISTED, {"but": ["441"]}) == (("500", "Caf 0") if number else None)
        write(ADD, (f"5{number:02d}", f"Caf {number}"))
    assert write("UPDATE listed SET name = name WHERE code LIKE %s", ["5%"]) == 12


@pytest.mark.django_db
def test_values_of_other_kinds_are_understood_each_time() -> None:
    told = "SELECT %(value)s::text"
    for value, text in (
        (1, "1"),
        ("deux", "deux"),
        (None, None),
        (2**40, str(2**40)),
        (AT.date(), "2026-07-21"),
        ("é\u00a0", "é\u00a0"),
    ):
        assert all_rows(told, {"value": value}) == [(text,)]


@pytest.mark.django_db
def test_a_statement_that_failed_can_be_asked_again() -> None:
    share = "SELECT 10 / %s"
    assert one_row(share, [5]) == (2,)
    for _ in range(3):
        with pytest.raises(DataError), transaction.atomic():
            one_row(share, [0])
    assert one_row(share, [2]) == (5,)


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_closed_is_opened_again() -> None:
    assert one_row("SELECT %s + 1", [1]) == (2,)
    connection.close()
    assert one_row("SELECT %s + 1", [2]) == (3,)
    assert write("SET LOCAL work_mem = '5MB'", []) == -1


@pytest.mark.django_db
def test_two_who_ask_the_same_at_once_do_not_read_each_others_rows() -> None:
    asked = "SELECT generate_series(1, %(last)s)"

    def again(*call: Any) -> Any:
        """Somebody who asks the very same while the first is asking."""
        execute, sql, values, many, context = call
        if values["last"] == 3:
            assert all_rows(asked, {"last": 2}) == [(1,), (2,)]
        return execute(sql, values, many, context)

    assert all_rows(asked, {"last": 1}) == [(1,)]
    with connection.execute_wrapper(again):
        assert all_rows(asked, {"last": 3}) == [(1,), (2,), (3,)]


@pytest.mark.django_db
def test_few_cursors_are_kept_and_tests_that_count_see_each_statement() -> None:
    for number in range(MOST_KEPT + 20):
        assert one_row(f"SELECT {number}", []) == (number,)
    assert len(connections["default"].__dict__["kept_cursors"]) <= MOST_KEPT
    one_row("SELECT 1", [])
    with CaptureQueriesContext(connection) as seen:
        one_row("SELECT 1", [])
        all_rows("SELECT 1", [])
    assert len(seen) == 2
