"""A full file ends what it does not name; one that would end too much waits for a person."""

from __future__ import annotations

from datetime import date

import pytest

from parvis.audit.models import Entry
from parvis.exchange.models import Delivery
from parvis.exchange.refusals import NoSuchDelivery, NotHeld, ReasonMissing
from parvis.exchange.services import releasing
from parvis.kit.actors import system
from parvis.landlords.models import ThirdPartyNumber
from parvis.tenancies.models import PortfolioCount, Tenancy
from tests.exchange.inbox import AT, COMPANY, LANDLORD, TENANCY, Inbox, counts

pytestmark = pytest.mark.django_db
AGENT = system("Claire Martin")
MANY = [TENANCY | {"claimant_number": f"16{n:05d}"} for n in range(40)]
PRODUCED = date(2026, 8, 1)


@pytest.fixture
def crowded(furnished: Inbox) -> Inbox:
    """Forty-one tenancies are active: two may go, three may not."""
    assert furnished.take(2, {"tenancies": MANY}).state == "loaded"
    return furnished


def absent() -> int:
    return Tenancy.objects.exclude(absent_since=None).count()


def current() -> int:
    return PortfolioCount.objects.get().current


def test_what_a_full_file_does_not_name_is_absent_since_its_day(crowded: Inbox) -> None:
    assert crowded.take(3, {"tenancies": [TENANCY, *MANY[2:]]}, mode="full").state == "loaded"
    assert counts(3, "tenancies") == {"unchanged": 39, "ended": 2}
    assert Tenancy.objects.filter(absent_since=PRODUCED).count() == 2
    assert current() == 39


def test_what_comes_back_is_there_again(crowded: Inbox) -> None:
    crowded.take(3, {"tenancies": [TENANCY, *MANY[1:]]}, mode="full")
    assert (absent(), current()) == (1, 40)
    crowded.take(4, {"tenancies": [MANY[0]]})
    assert (absent(), current()) == (0, 41)
    assert counts(4, "tenancies") == {"changed": 1}


def test_a_full_file_that_would_end_too_much_changes_nothing(crowded: Inbox) -> None:
    report = crowded.take(3, {"tenancies": MANY[2:], "july_rents": []}, mode="full")
    assert report.state == "held"
    assert "caisse 441, 3 locataires sur 41 (7\u00a0%)" in report.sentence
    assert (absent(), current()) == (0, 41)
    crowded.deliver(4, {"tenancies": [TENANCY]})
    assert [report.state for report in crowded.take_in()] == ["loaded", "loaded", "held"]


def test_a_released_delivery_passes_with_a_name_and_a_reason(crowded: Inbox) -> None:
    crowded.take(3, {"tenancies": MANY[2:], "landlords": [LANDLORD | {"city": "REZE"}, COMPANY]}, mode="full")
    # What came before the held file is in.
    assert ThirdPartyNumber.objects.filter(city="REZE").count() == 1
    releasing.release(3, reason=" Vente en bloc, vu au téléphone ", by=AGENT, at=AT)
    assert crowded.take_in()[-1].state == "loaded"
    assert absent() == 3
    delivery = Delivery.objects.get(sequence=3)
    assert (delivery.released_by, delivery.release_reason) == ("Claire Martin", "Vente en bloc, vu au téléphone")
    events = Entry.objects.filter(subject="delivery 000003").order_by("pk").values_list("event", flat=True)
    assert [event.removeprefix("exchange.") for event in events] == [
        "accepted", "file_loaded", "held", "released", "file_loaded", "loaded",
    ]  # fmt: skip


def test_a_release_is_for_one_file(crowded: Inbox) -> None:
    crowded.take(3, {"landlords": [LANDLORD], "tenancies": MANY[2:]}, mode="full")
    releasing.release(3, reason="Le bailleur est parti", by=AGENT, at=AT)
    report = crowded.take_in()[-1]
    assert (report.state, report.sentence[:13]) == ("held", "tenancies.csv")
    assert Delivery.objects.get(sequence=3).released_at is None
    assert ThirdPartyNumber.objects.filter(absent_since=PRODUCED).count() == 1


def test_a_held_delivery_may_be_delivered_anew_mended(crowded: Inbox) -> None:
    crowded.take(3, {"tenancies": MANY[2:]}, mode="full")
    assert crowded.take(3, {"tenancies": [TENANCY, *MANY]}, mode="full").state == "loaded"
    assert absent() == 0
    assert list(Delivery.objects.filter(sequence=3).order_by("pk").values_list("state", flat=True)) == [
        "refused",
        "loaded",
    ]


def test_what_is_not_held_cannot_be_released(crowded: Inbox) -> None:
    with pytest.raises(NotHeld):
        releasing.release(2, reason="Pour voir", by=AGENT, at=AT)
    with pytest.raises(NoSuchDelivery):
        releasing.release(9, reason="Pour voir", by=AGENT, at=AT)
    crowded.take(3, {"tenancies": []}, mode="full")
    for reason in ("", "  ", "x" * 301):
        with pytest.raises(ReasonMissing):
            releasing.release(3, reason=reason, by=AGENT, at=AT)
    releasing.release(3, reason="Oui", by=AGENT, at=AT)
    with pytest.raises(NotHeld):
        releasing.release(3, reason="Encore", by=AGENT, at=AT)


def test_a_faulty_line_still_names_its_tenancy(crowded: Inbox) -> None:
    lines = [TENANCY, *(line | {"aid_type": "X"} for line in MANY)]
    assert crowded.take(3, {"tenancies": lines}, mode="full").state == "loaded"
    assert counts(3, "tenancies") == {"unchanged": 1, "set_aside": 40}
    assert absent() == 0


def test_a_line_whose_key_cannot_be_read_keeps_everybody(crowded: Inbox) -> None:
    lines = [TENANCY, *MANY[1:], MANY[0] | {"claimant_number": "16OOOOO"}]
    assert crowded.take(3, {"tenancies": lines}, mode="full").state == "loaded"
    assert absent() == 0
    warnings = Delivery.objects.get(sequence=3).files.get().warnings
    assert [warning[:64] for warning in warnings] == [
        "Lignes qui ne disent pas de qui elles parlent\u00a0: 1. Rien n’a donc"
    ]


def test_a_renumbered_claimant_is_named(crowded: Inbox) -> None:
    lines = [TENANCY | {"claimant_number": "1899999", "former_claimant_number": "1593739"}, *MANY]
    before = Tenancy.objects.get(claimant_number="1593739").pk
    assert crowded.take(3, {"tenancies": lines}, mode="full").state == "loaded"
    assert Tenancy.objects.get(claimant_number="1899999").pk == before
    assert counts(3, "tenancies") == {"changed": 1, "unchanged": 40}


def test_landlords_are_absent_too_and_come_back(crowded: Inbox) -> None:
    many = [COMPANY | {"tiers_number": f"01{n:05d}", "siret": "", "user_number": f"4410{n:010d}"} for n in range(40)]
    crowded.take(3, {"landlords": many})
    crowded.take(4, {"landlords": [LANDLORD, COMPANY, *many[1:]]}, mode="full")
    assert ThirdPartyNumber.objects.get(absent_since=PRODUCED).number == "0100000"
    crowded.take(5, {"landlords": [many[0]]})
    assert not ThirdPartyNumber.objects.exclude(absent_since=None).exists()


def test_a_tenancy_that_moves_to_another_landlord_is_counted_there(crowded: Inbox) -> None:
    crowded.take(3, {"tenancies": [MANY[0] | {"tiers_number": "0004010"}]})
    by_name = dict(PortfolioCount.objects.values_list("landlord__company_name", "current"))
    assert by_name == {"": 40, "Alliance Familiale": 1}
