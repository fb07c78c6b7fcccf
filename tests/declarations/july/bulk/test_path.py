"""From a file to its receipt."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.urls import reverse

from parvis.declarations.bulk import columns, confirming, editing, intake, report
from parvis.declarations.bulk.models import RentFile
from parvis.declarations.models import CampaignEntry, Declaration, Receipt
from parvis.tenancies.models import Tenancy
from tests.factories import declarations as made
from tests.factories.declarations import NOW, YEAR, typed
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import july_rent, tenancy
from tests.factories.users import colleague

pytestmark = pytest.mark.django_db


def three() -> tuple[Owner, list[Tenancy]]:
    me = owner()
    homes = [tenancy(me.landlord, last_name=name) for name in ("Abadie", "Benali", "Celik")]
    for home in homes:
        july_rent(home, YEAR - 1, 52_400)
    made.campaign()
    return me, homes


def table(homes: list[Tenancy], *amounts: str) -> bytes:
    rows = [["Clé (ne pas modifier)", "Locataire", f"Loyer juillet {YEAR}"]]
    for home, amount in zip(homes, amounts, strict=True):
        rows.append([columns.key_of(YEAR, home.reference), home.last_name, amount])
    return "\r\n".join(";".join(row) for row in rows).encode("cp1252")


def sent_in(me: Owner, content: bytes) -> RentFile:
    return intake.receive(me.actor, YEAR, name="loyers.csv", content=content, at=NOW)


def lines(me: Owner, file: RentFile) -> list[Any]:
    return report.lines_of(me.actor, file).rows


def test_a_file_is_checked_confirmed_and_sent_with_one_receipt() -> None:
    me, homes = three()
    file = sent_in(me, table(homes, "525,00", "5240", ""))
    assert file.state == "ready"
    assert file.counts == {"ready": 1, "to_correct": 1, "no_amount": 1}
    shown = lines(me, file)
    assert [row.state for row in shown] == ["ready", "to_correct", "no_amount"]
    assert "virgule" in shown[1].sentences[0]
    assert not Declaration.objects.exists()
    editing.change_line(me.actor, file.reference, 3, typed="524")
    done = confirming.confirm(me.actor, file.reference, wish="send", at=NOW)
    again = confirming.confirm(me.actor, file.reference, wish="send", at=NOW)
    assert (done.state, done.kept, again.state) == ("confirmed", 2, "confirmed")
    receipt = Receipt.objects.get()
    assert confirming.receipts_of_file(me.actor, done) == [receipt.number]
    assert receipt.count == 2
    assert sorted(CampaignEntry.objects.values_list("state", flat=True)) == ["submitted", "submitted", "to_declare"]
    assert made.counts_are_true()


def test_drafts_made_by_a_file_are_those_the_grid_would_make() -> None:
    me, homes = three()
    typed(me, homes[0], "525,5")
    by_hand = made.draft_of()
    typed(me, homes[0], "")
    file = sent_in(me, table(homes, "525,5", "", ""))
    confirming.confirm(me.actor, file.reference, wish="keep", at=NOW)
    assert made.draft_of() == replace(by_hand, channel="file")
    assert made.counts_are_true()


def test_what_a_colleague_left_by_a_file_is_to_be_chosen_one_s_own_is_replaced() -> None:
    me, homes = three()
    them = colleague(me, rights=me.rights)
    for sender in (me, them):
        first = sent_in(sender, table(homes, "525", "526", ""))
        confirming.confirm(sender.actor, first.reference, wish="keep", at=NOW)
    file = sent_in(me, table(homes, "530", "526", ""))
    assert [row.state for row in lines(me, file)] == ["conflict", "ready", "no_amount"]
    assert lines(me, file)[0].other_cents == 52_500
    own = sent_in(them, table(homes, "530", "526", ""))
    assert [row.state for row in lines(them, own)] == ["ready", "ready", "no_amount"]


def test_screen_against_file() -> None:
    me, homes = three()
    typed(me, homes[0], "530")
    typed(me, homes[1], "525")
    file = sent_in(me, table(homes, "525", "525,00", ""))
    assert [row.state for row in lines(me, file)] == ["conflict", "ready", "no_amount"]
    assert "Saisi à l’écran" in lines(me, file)[0].sentences[0]
    kept = editing.choose(me.actor, file.reference, 2, editing.KEEP_FILE)
    assert (kept.state, kept.cents) == ("ready", 52_500)
    confirming.confirm(me.actor, file.reference, wish="keep", at=NOW)
    assert [draft.typed for draft in made.drafts_of()] == ["525", "525,00"]


def test_what_was_confirmed_on_a_line_is_of_both_its_amounts() -> None:
    """Another July before, or another rent, is asked about anew; the reason goes with what it explained."""
    me = owner()
    home = tenancy(me.landlord, last_name="Abadie", rent_cents=40_000)
    made.campaign()
    head = ["Clé (ne pas modifier)", "Locataire", f"Loyer juillet {YEAR}", f"Loyer juillet {YEAR - 1}"]
    rows = [head, [columns.key_of(YEAR, home.reference), "Abadie", "525", "500"]]
    file = sent_in(me, "\r\n".join(";".join(row) for row in rows).encode("cp1252"))
    usual = "increase_above_index"
    done = editing.confirm_line(me.actor, file.reference, 2, code=usual, cents=52_500, reason="Travaux")
    assert (done.state, done.confirmed) == ("ready", [usual])
    other = editing.change_line(me.actor, file.reference, 2, previous_typed="400")
    assert (other.state, other.confirmed) == ("to_confirm", [])
    editing.change_line(me.actor, file.reference, 2, typed="600")
    assert editing.confirm_line(me.actor, file.reference, 2, code=usual, cents=60_000).state == "ready"
    assert list(file.rows.values_list("reason", flat=True)) == [""]


def test_a_line_is_confirmed_beside_the_july_before_that_was_shown() -> None:
    me = owner()
    home = tenancy(me.landlord, last_name="Abadie", rent_cents=40_000)
    made.campaign()
    head = ["Clé (ne pas modifier)", "Locataire", f"Loyer juillet {YEAR}", f"Loyer juillet {YEAR - 1}"]
    rows = [head, [columns.key_of(YEAR, home.reference), "Abadie", "525", "500"]]
    file = sent_in(me, "\r\n".join(";".join(row) for row in rows).encode("cp1252"))
    browser, page = me.browser(), reverse("rent-file", args=[me.account.reference, file.reference])
    shown = "confirmer:2:increase_above_index:52500:50000"
    assert f'value="{shown}"' in browser.get(page).content.decode()
    editing.change_line(me.actor, file.reference, 2, previous_typed="400")
    again = " ".join(browser.post(page, {"geste": shown}, follow=True).content.decode().split())
    assert f"Le loyer de juillet {YEAR - 1} n’est plus celui qui était affiché" in again
    assert [row.state for row in lines(me, file)] == ["to_confirm"]
    browser.post(page, {"geste": "confirmer:2:increase_above_index:52500:40000"})
    assert [row.state for row in lines(me, file)] == ["ready"]
