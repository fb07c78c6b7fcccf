"""The whole story over HTTP, as a machine without Chromium can still tell it: two visitors, one landlord, one receipt."""

from __future__ import annotations

import pytest
from django.urls import reverse
from pytest_django import Settings

from parvis.declarations.models import Declaration, Receipt
from tests.browser import office
from tests.browser.conftest import Watch
from tests.factories import declarations as made
from tests.flows.visitor import Visitor, opens_the_account

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_tabs_send_one_declaration_and_the_answer_is_seen_in_both(watch: Watch, folders: Settings) -> None:
    office.delivers("0005067")
    watch.set_to(office.MORNING)
    first = opens_the_account(watch)
    second = Visitor()
    second.browser.cookies = first.browser.cookies
    account = first.path.split("/")[2]

    first.goes(reverse("july-rents-prefill", args=[account]))
    first.sends()
    first.sees("5 loyers repris")
    for tab in (first, second):
        tab.goes(reverse("july-rents-check", args=[account]))
        tab.sees("Vérifiez avant de transmettre")
    for tab in (first, second):
        tab.sends(reverse("july-rents-submit", args=[account]))
        tab.sees("loyers transmis")
    assert Receipt.objects.count() == 1
    assert first.path == second.path

    sent = office.takes()
    left = made.drafts_of()
    assert all("increase_above_index" in draft.warnings for draft in left), "only what is to be confirmed waits"
    assert len(sent) == Declaration.objects.count() == Receipt.objects.get().count
    office.answers(2, *((line["declaration_ref"], "integrated", "") for line in sent), at=watch.now())
    for tab in (first, second):
        tab.goes(tab.path)
        tab.sees("Pris en compte")
