"""A line that points to something unknown waits, and goes in by itself when what it waits for arrives."""

from __future__ import annotations

import pytest

from parvis.audit.models import Entry
from parvis.exchange.models import DeliveryFile, SetAsideLine
from parvis.tenancies.models import JulyRent, Payment, PortfolioCount, Tenancy
from tests.exchange.inbox import COMPANY, JULY_RENT, LANDLORD, OFFICE, PAYMENT, TENANCY, Inbox, counts, told

pytestmark = pytest.mark.django_db
LATE = LANDLORD | {"tiers_number": "0009999", "user_number": "44100099990A01", "nir": ""}
ITS_TENANCY = TENANCY | {"tiers_number": "0009999", "claimant_number": "1600000"}
ITS_RENT = JULY_RENT | {"claimant_number": "1600000"}
ITS_PAYMENT = PAYMENT | {"claimant_number": "1600000", "tiers_number": "0009999"}


def states() -> list[str]:
    return list(SetAsideLine.objects.order_by("pk").values_list("state", flat=True))


def test_a_whole_chain_waits_and_goes_in_when_its_first_link_comes(furnished: Inbox) -> None:
    furnished.take(2, {"tenancies": [ITS_TENANCY], "july_rents": [ITS_RENT], "payments": [ITS_PAYMENT]})
    assert [counts(2, kind) for kind in ("tenancies", "july_rents", "payments")] == [{"waiting": 1}] * 3
    assert [(number, field) for number, field, _ in told(2)] == [
        (2, "tiers_number"),
        (2, "tenancy_ref"),
        (2, "tenancy_ref"),
    ]
    furnished.take(3, {"landlords": [LATE]})
    assert states() == ["taken"] * 3
    assert (Tenancy.objects.count(), JulyRent.objects.count(), Payment.objects.count()) == (2, 1, 1)
    assert PortfolioCount.objects.get(landlord=Tenancy.objects.get(claimant_number="1600000").landlord).current == 1
    assert [counts(2, kind) for kind in ("tenancies", "july_rents", "payments")] == [{}] * 3
    assert Entry.objects.filter(event="exchange.waiting_taken").count() == 3


def test_landlords_wait_for_their_office(furnished: Inbox) -> None:
    line = COMPANY | {"caf_code": "751", "user_number": "75100040100A02"}
    furnished.take(2, {"landlords": [line]})
    assert counts(2, "landlords") == {"waiting": 1}
    furnished.take(3, {"offices": [OFFICE | {"caf_code": "751"}]})
    assert states() == ["taken"]


def test_a_newer_line_about_the_same_thing_replaces_one_that_waits(furnished: Inbox) -> None:
    furnished.take(2, {"tenancies": [ITS_TENANCY | {"rent_cents": "1"}]})
    furnished.take(3, {"tenancies": [ITS_TENANCY | {"rent_cents": "2"}]})
    assert states() == ["superseded", "waiting"]
    furnished.take(4, {"landlords": [LATE]})
    assert states() == ["superseded", "taken"]
    assert Tenancy.objects.get(claimant_number="1600000").rent_cents == 2


def test_a_newer_line_that_goes_in_replaces_one_that_waits(furnished: Inbox) -> None:
    furnished.take(2, {"tenancies": [TENANCY | {"tiers_number": "0009999", "rent_cents": "1"}]})
    furnished.take(3, {"tenancies": [TENANCY]})
    furnished.take(4, {"landlords": [LATE]})
    assert states() == ["superseded"]
    assert Tenancy.objects.get().rent_cents == 52_500


def test_a_newer_line_that_is_refused_replaces_nothing(furnished: Inbox) -> None:
    furnished.take(2, {"tenancies": [ITS_TENANCY]})
    furnished.take(3, {"tenancies": [ITS_TENANCY | {"aid_type": "X"}]})
    assert states() == ["waiting", "refused"]


def test_a_full_file_that_does_not_name_a_waiting_line_replaces_it(furnished: Inbox) -> None:
    furnished.take(2, {"tenancies": [ITS_TENANCY]})
    assert furnished.take(3, {"tenancies": [TENANCY]}, mode="full").state == "loaded"
    furnished.take(4, {"landlords": [LATE]})
    assert states() == ["superseded"]
    assert Tenancy.objects.filter(claimant_number="1600000").count() == 0


@pytest.mark.parametrize("line", [ITS_TENANCY | {"aid_type": "X"}, ITS_TENANCY | {"claimant_number": "?"}])
def test_a_full_file_that_names_a_waiting_line_badly_leaves_it(furnished: Inbox, line: dict[str, str]) -> None:
    furnished.take(2, {"tenancies": [ITS_TENANCY]})
    furnished.take(3, {"tenancies": [TENANCY, line]}, mode="full")
    assert states() == ["waiting", "refused"]


def test_a_payment_waits_for_its_landlord_then_for_its_tenancy(furnished: Inbox) -> None:
    furnished.take(2, {"payments": [PAYMENT | {"tiers_number": "0009999", "claimant_number": "1600000"}]})
    assert SetAsideLine.objects.get().waits_for == "tenancy 441/1600000/L0593739"
    furnished.take(3, {"tenancies": [TENANCY | {"claimant_number": "1600000"}]})
    waiting = SetAsideLine.objects.get()
    assert (waiting.state, waiting.waits_for) == ("waiting", "landlord 4410009999")
    assert DeliveryFile.objects.get(delivery__sequence=2).waiting == 1
    furnished.take(4, {"landlords": [LATE]})
    assert states() == ["taken"]
    assert Payment.objects.get().landlord.last_name == "Moreau"


def test_what_nobody_brings_goes_on_waiting(furnished: Inbox) -> None:
    furnished.take(2, {"payments": [ITS_PAYMENT]})
    furnished.take(3, {"tenancies": [TENANCY]})
    assert states() == ["waiting"]


def test_a_landlord_s_waiting_line_keeps_its_secrets(furnished: Inbox) -> None:
    line = LANDLORD | {"caf_code": "751", "user_number": "75100046470A01", "iban": "FR7630006000011234567890189"}
    furnished.take(2, {"landlords": [line]})
    kept = SetAsideLine.objects.get()
    assert b"295109912611193" not in bytes(kept.line)
    furnished.take(3, {"offices": [OFFICE | {"caf_code": "751"}]})
    assert states() == ["taken"]
    assert Tenancy.objects.count() == 1
