"""« Confirmer » pressed in twenty tabs, for a short file and for a long one; two colleagues with the same table."""

from __future__ import annotations

import pytest

from parvis.declarations.bulk import confirming, intake
from parvis.declarations.bulk.models import RentFile
from parvis.declarations.models import Declaration, Receipt
from tests.declarations.july.bulk.test_path import sent_in, table, three
from tests.declarations.test_concurrency import AT_ONCE, together
from tests.factories import declarations as made
from tests.factories.declarations import NOW
from tests.factories.landlords import owner

pytestmark = pytest.mark.django_db(transaction=True)
AMOUNTS = ("525,00", "512", "520,50")


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
