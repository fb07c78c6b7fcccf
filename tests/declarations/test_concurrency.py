"""Two tabs, two colleagues, a hundred clicks: real threads on a real database (security.md, T72)."""

import threading
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection

from parvis.declarations.models import CampaignCount, Declaration, Receipt
from parvis.declarations.selectors import ready_to_submit
from parvis.declarations.services import campaigns, july, submission
from parvis.kit.refusals import Refusal
from parvis.tenancies.models import Tenancy
from tests.factories import declarations as made
from tests.factories.declarations import CLOCK, NOW, YEAR
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import many_tenancies

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 20


def together(acts: list[Callable[[], object]]) -> list[object]:
    """Do all at the same moment, each with its own connection; the results, refusals included."""
    barrier, results = threading.Barrier(len(acts)), []

    def one(act: Callable[[], object]) -> None:
        try:
            barrier.wait(10)
            results.append(act())
        except Refusal as refusal:
            results.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(results) == len(acts)
    return results


def ten_ready() -> Owner:
    who = owner()
    many_tenancies(who.landlord, 10)
    Tenancy.objects.update(start_on="2025-09-01")
    made.campaign()
    assert july.prefill(who.actor, YEAR, at=NOW) == 10
    return who


def test_twenty_tabs_send_each_rent_once() -> None:
    who = ten_ready()
    shown = ready_to_submit(who.actor, YEAR).fingerprint
    results = together(
        [
            lambda: submission.submit_ready(who.actor, YEAR, submission_key=uuid4(), expected=shown, at=NOW)
            for _ in range(AT_ONCE)
        ]
    )
    assert sum(isinstance(result, list) for result in results) == 1
    assert Receipt.objects.count() == 1
    assert Declaration.objects.filter(state="submitted").count() == 10
    assert len(set(Declaration.objects.values_list("reference", flat=True))) == 10
    assert made.counts_are_true()


def test_twenty_clicks_give_one_receipt_to_all() -> None:
    who = ten_ready()
    shown, key = ready_to_submit(who.actor, YEAR).fingerprint, uuid4()
    results = together(
        [
            lambda: submission.submit_ready(who.actor, YEAR, submission_key=key, expected=shown, at=NOW)
            for _ in range(AT_ONCE)
        ]
    )
    assert {result[0].number for result in results if isinstance(result, list)} == {Receipt.objects.get().number}
    assert all(isinstance(result, list) for result in results)


def test_typing_sending_and_feeds_at_once_leave_true_counts() -> None:
    who = ten_ready()
    tenancies = list(Tenancy.objects.order_by("pk"))

    def typing(number: int) -> object:
        of = tenancies[number % 10]
        return july.save_rent(who.actor, of.reference, year=YEAR, typed=str(400 + number), at=NOW)

    def sending() -> object:
        shown = ready_to_submit(who.actor, YEAR).fingerprint
        return submission.submit_ready(who.actor, YEAR, submission_key=uuid4(), expected=shown, at=NOW)

    def feeding() -> object:
        Tenancy.objects.filter(pk=tenancies[9].pk).update(last_name="Renommée")
        return campaigns.refresh_entries(by=CLOCK, at=NOW)

    acts: list[Callable[[], object]] = [lambda n=n: typing(n) for n in range(12)]  # type: ignore[misc]
    together([*acts, sending, sending, feeding, feeding])
    assert made.counts_are_true()
    kept = CampaignCount.objects.get(landlord=who.landlord)
    assert kept.drafted + kept.submitted == 10
    assert Declaration.objects.count() == kept.submitted
    assert len(made.drafts_of()) == kept.drafted
