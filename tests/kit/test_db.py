from datetime import UTC, date, datetime

import pytest
from django.db import connection, transaction

from parvis.audit.journal import Event, record
from parvis.audit.models import Entry
from parvis.kit import clock, periods
from parvis.kit.actors import system
from parvis.kit.db import change_exactly_one
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
