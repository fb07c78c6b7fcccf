"""« Confirmer » in two clicks or twenty tabs, two colleagues with one table, a line changed meanwhile: one act, one receipt."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection

from parvis.declarations.bulk import confirming, editing, intake
from parvis.declarations.bulk.confirming.several import confirm_all
from parvis.declarations.bulk.models import RentFile, RentUpload
from parvis.declarations.bulk.refusals import FileClosed
from parvis.declarations.models import Declaration, Receipt
from tests.declarations.july.bulk.test_blocks import many
from tests.declarations.july.bulk.test_path import sent_in, table, three
from tests.declarations.july.bulk.test_several import keyed, two
from tests.declarations.july.bulk.test_several import sent_in as upload_in
from tests.declarations.july.bulk.test_several import table as several_table
from tests.declarations.test_concurrency import AT_ONCE, together
from tests.factories import declarations as made
from tests.factories.declarations import NOW
from tests.factories.landlords import owner
from tests.identity.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
AMOUNTS = ("525,00", "512", "520,50")


def test_a_file_confirmed_twice_in_one_instant_gives_one_receipt() -> None:
    me, homes = many(5)
    file = sent_in(me, table(homes, "515", "516", "517", "518", "519"))
    done = at_once(3, lambda _: confirming.confirm(me.actor, file.reference, wish="send", at=NOW).state)
    assert set(done) <= {"confirmed", "confirming"}
    assert RentFile.objects.get().state == "confirmed"
    assert Receipt.objects.get().count == 5
    assert Declaration.objects.count() == 5
    assert made.counts_are_true()


def test_a_line_changed_while_its_file_is_confirmed_is_kept_whole_in_one_way_or_the_other() -> None:
    me, homes = many(4)
    file = sent_in(me, table(homes, "515", "516", "517", "518"))

    def act(number: int) -> str:
        if number:
            return confirming.confirm(me.actor, file.reference, wish="keep", at=NOW).state
        try:
            return editing.change_line(me.actor, file.reference, 3, typed="520").state
        except FileClosed:
            return "closed"

    changed, _ = at_once(2, act)
    kept = {draft.tenancy.pk: draft.typed for draft in made.drafts_of()}
    assert len(kept) == 4
    assert kept[homes[1].pk] == ("520" if changed == "ready" else "516")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT line FROM declarations_rentfilerow UNION ALL SELECT unnest(lines) FROM declarations_rentfileblock"
        )
        assert sorted(row[0] for row in cursor.fetchall()) == [2, 3, 4, 5]
    assert made.counts_are_true()


def test_one_form_sent_and_confirmed_three_times_in_one_instant_is_one_file_and_one_receipt_an_account() -> None:
    me, _, homes = two()
    key, content = uuid4(), several_table(*(keyed(home, "525") for home in homes))
    uploads = at_once(3, lambda _: upload_in(me, content, key=key).pk)
    assert len(set(uploads)) == 1
    assert RentFile.objects.count() == 2
    at_once(
        3,
        lambda _: (
            confirm_all(me.account.credential_id, RentUpload.objects.get().reference, wish="send", at=NOW).refused
        ),
    )
    assert sorted(Receipt.objects.values_list("count", flat=True)) == [2, 2]
    assert Declaration.objects.count() == 4
    assert made.counts_are_true()


def test_twenty_tabs_confirm_a_file_once() -> None:
    me, homes = three()
    file = sent_in(me, table(homes, *AMOUNTS))
    results = together([lambda: confirming.confirm(me.actor, file.reference, wish="send", at=NOW)] * AT_ONCE)
    assert all(isinstance(result, RentFile) for result in results), results
    assert RentFile.objects.get().state == "confirmed"
    assert (Receipt.objects.get().count, Declaration.objects.count()) == (3, 3)
    assert made.counts_are_true()


def test_a_long_file_confirmed_in_twenty_tabs_is_sent_once_by_two_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confirming, "AT_ONCE", 0)
    me, homes = three()
    file = sent_in(me, table(homes, *AMOUNTS))
    together([lambda: confirming.confirm(me.actor, file.reference, wish="send", at=NOW)] * AT_ONCE)
    assert RentFile.objects.get().state == "confirming"
    assert not Receipt.objects.exists()
    together([lambda: intake.work_one(at=NOW)] * 2)
    assert RentFile.objects.get().state == "confirmed"
    assert (Receipt.objects.get().count, Declaration.objects.count()) == (3, 3)
    assert made.counts_are_true()


def test_two_colleagues_who_send_the_same_table_declare_each_rent_once() -> None:
    me, homes = three()
    colleague = owner(me.landlord)
    files = [(who, sent_in(who, table(homes, *AMOUNTS))) for who in (me, colleague)]
    together(
        [
            lambda who=who, file=file: confirming.confirm(who.actor, file.reference, wish="send", at=NOW)  # type: ignore[misc]
            for who, file in files
        ]
    )
    assert sorted(RentFile.objects.values_list("kept", "left_out")) == [(0, 3), (3, 0)]
    assert (Receipt.objects.get().count, Declaration.objects.count()) == (3, 3)
    assert made.counts_are_true()
