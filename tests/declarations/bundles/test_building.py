"""The end of management of a whole building: declared, corrected and taken back together, each dwelling its own declaration."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from parvis.declarations import workflow
from parvis.declarations.models import Declaration, Receipt
from parvis.declarations.refusals import BundleChanged
from parvis.declarations.selectors.bundles import bundle_of
from parvis.declarations.services import bundles
from parvis.tenancies.models import Tenancy
from tests.declarations.bundles.test_bundles import answered, chosen, let, sent
from tests.declarations.kinds.test_kinds import ENDED, LEFT
from tests.factories.declarations import NOW, YEAR
from tests.factories.landlords import Owner, landlord
from tests.factories.tenancies import many_tenancies, tenancy

pytestmark = pytest.mark.django_db
ALL = {**ENDED, "building": "yes"}


def building() -> tuple[Owner, Tenancy, list[Tenancy], Receipt]:
    """Three dwellings of one address, their end declared together."""
    me, rented = let()
    here = {"address_1": rented.address_1, "postcode": rented.postcode, "city": rented.city}
    others = [tenancy(me.landlord, **here) for _ in range(2)]
    chosen(me, rented, "end_of_management")
    assert answered(me, rented, "end_of_management", ALL)
    return me, rented, others, sent(me, rented)


def original_of(rented: Tenancy) -> Declaration:
    return Declaration.objects.get(tenancy=rented, corrects=None)


def lines_shown(me: Owner, rented: Tenancy) -> dict[str, str]:
    return dict(bundle_of(me.actor, rented.reference, year=YEAR, at=NOW).step("end_of_management").lines)


def test_a_correction_replaces_every_dwelling_that_was_declared_together() -> None:
    me, rented, _, before = building()
    bundles.ask_correction(me.actor, original_of(rented).opaque, at=NOW)
    assert answered(me, rented, "end_of_management", {**ALL, "on": "30/09/2026"})
    assert "2 autres logements" in lines_shown(me, rented)["Déjà déclarés pour l’immeuble"]
    receipt = sent(me, rented)
    assert receipt.count == 3
    assert {told.details["on"] for told in receipt.declarations.all()} == {"2026-09-30"}
    assert set(receipt.declarations.values_list("corrects", flat=True)) == set(
        before.declarations.values_list("pk", flat=True)
    )
    assert set(before.declarations.values_list("state", flat=True)) == {workflow.CORRECTED}


def test_any_dwelling_of_the_building_takes_the_whole_back() -> None:
    me, _, others, before = building()
    bundles.ask_correction(me.actor, original_of(others[1]).opaque, at=NOW, withdrawn=True)
    assert lines_shown(me, others[1])["Autres logements de l’immeuble"] == "2, annulés aussi"
    receipt = sent(me, others[1])
    assert [told.details for told in receipt.declarations.all()] == [{"withdrawn": True}] * 3
    assert set(before.declarations.values_list("state", flat=True)) == {workflow.CORRECTED}


def test_one_dwelling_is_taken_back_and_what_was_said_of_the_others_stands() -> None:
    me, rented, others, before = building()
    page = reverse("declaration", args=[me.account.reference, original_of(others[1]).opaque])
    browser = me.browser()
    shown = browser.get(page).content.decode()
    assert "Annuler pour ce logement seulement" in shown
    assert "Annuler pour tout l’immeuble" in shown
    browser.post(f"{page}annuler/", {"portee": "logement"})
    assert lines_shown(me, others[1])["Autres logements de l’immeuble"] == "2, inchangés"
    receipt = sent(me, others[1])
    assert [(told.tenancy_id, told.details) for told in receipt.declarations.all()] == [
        (others[1].pk, {"withdrawn": True})
    ]
    states = dict(before.declarations.values_list("tenancy", "state"))
    assert states == {rented.pk: workflow.SUBMITTED, others[0].pk: workflow.SUBMITTED, others[1].pk: workflow.CORRECTED}
    bundles.ask_correction(me.actor, original_of(rented).opaque, at=NOW, withdrawn=True)
    assert lines_shown(me, rented)["Autres logements de l’immeuble"] == "1, annulé aussi"


def test_this_dwelling_only_takes_the_others_back() -> None:
    me, rented, others, _ = building()
    bundles.ask_correction(me.actor, original_of(rented).opaque, at=NOW)
    assert answered(me, rented, "end_of_management", {**ALL, "building": "no"})
    receipt = sent(me, rented)
    assert receipt.declarations.get(tenancy=rented).details["whole_building"] is False
    for other in others:
        void = receipt.declarations.get(tenancy=other)
        assert void.details == {"withdrawn": True}
        assert "Annulation" in str(void.stated)


def test_what_the_office_decided_or_somebody_corrects_on_its_own_is_left_alone() -> None:
    me, rented, others, before = building()
    here = {"address_1": rented.address_1, "postcode": rented.postcode, "city": rented.city}
    decided, own = (original_of(other) for other in others)
    Declaration.objects.filter(pk=decided.pk).update(state=workflow.INTEGRATED, sent_at=NOW, decided_at=NOW)
    bundles.ask_correction(me.actor, own.opaque, at=NOW)
    tenancy(me.landlord, **here)
    bundles.ask_correction(me.actor, original_of(rented).opaque, at=NOW, withdrawn=True)
    assert sent(me, rented).count == 1
    states = dict(before.declarations.values_list("tenancy", "state"))
    assert (states[others[0].pk], states[others[1].pk]) == (workflow.INTEGRATED, workflow.SUBMITTED)


def test_a_dwelling_decided_since_the_page_was_shown_stops_the_sending() -> None:
    me, rented, others, _ = building()
    bundles.ask_correction(me.actor, original_of(rented).opaque, at=NOW, withdrawn=True)
    shown = bundle_of(me.actor, rented.reference, year=YEAR, at=NOW).fingerprint
    Declaration.objects.filter(tenancy=others[0]).update(state=workflow.INTEGRATED, sent_at=NOW, decided_at=NOW)
    with pytest.raises(BundleChanged):
        bundles.send(
            me.actor,
            rented.reference,
            submission_key=original_of(rented).opaque,
            expected=shown,
            year=YEAR,
            at=NOW,
        )
    assert Receipt.objects.count() == 1


def test_neighbours_are_looked_for_only_where_the_building_is_asked_about_and_by_their_index() -> None:
    me, rented = let()
    many_tenancies(me.landlord, 3000)
    Tenancy.objects.filter(landlord=me.landlord, last_name="Nom000002").update(
        address_1=rented.address_1.upper(), postcode=rented.postcode, city="Couëron cedex"
    )
    many_tenancies(landlord(), 3000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE tenancies_tenancy")
    chosen(me, rented, "move_out")
    with CaptureQueriesContext(connection) as queries:
        bundle_of(me.actor, rented.reference, year=YEAR, at=NOW)
    assert not [query for query in queries if "count(*)" in query["sql"]]
    chosen(me, rented, "end_of_management")
    with CaptureQueriesContext(connection) as queries:
        facts = bundle_of(me.actor, rented.reference, year=YEAR, at=NOW).step("end_of_management").facts
    assert facts.neighbours == 1
    (counted,) = [query["sql"] for query in queries if "count(*)" in query["sql"]]
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + counted)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "tenancy_by_building" in plan, plan


def test_of_a_departure_the_neighbours_are_not_concerned() -> None:
    me, rented = let()
    tenancy(me.landlord, address_1=rented.address_1, start_on=date(2020, 1, 1))
    chosen(me, rented, "move_out")
    answered(me, rented, "move_out", LEFT)
    assert sent(me, rented).count == 1
