"""The commands of changes: what time does, what an agent decides."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from parvis.changes.models import ChangeRequest, DirectPaymentOffer
from parvis.correspondence.models import Message
from parvis.exchange.services import outbound
from parvis.kit.actors import system
from tests.factories.changes import BELGIAN, NOW, address_asked, bank_asked
from tests.factories.landlords import owner
from tests.factories.tenancies import tenancy

pytestmark = pytest.mark.django_db


def run(*words: str) -> str:
    """What a command says."""
    said = StringIO()
    call_command(*words, stdout=said)
    return said.getvalue()


def test_the_hourly_command_lets_go_of_what_waited_long_enough() -> None:
    bank_asked(owner())
    assert "Prêtes à partir\u00a0: 1" in run("release_changes")
    assert "Prêtes à partir\u00a0: 0" in run("release_changes")


def test_an_export_takes_along_what_was_held_long_enough(tmp_path: Path) -> None:
    bank_asked(owner())
    assert "demandes 1" in run("export", "--folder", str(tmp_path))
    assert ChangeRequest.objects.get().state == "sent"


def test_a_flagged_change_is_approved_then_leaves() -> None:
    change = bank_asked(owner(), iban=BELGIAN)
    assert "Prêtes à partir\u00a0: 0" in run("release_changes")
    run("examine_change", "approve", change.number, "--agent", "Agnès Le Goff", "--reason", "RIB vu")
    assert "Prêtes à partir\u00a0: 1" in run("release_changes")
    with pytest.raises(CommandError):
        run("examine_change", "approve", change.number, "--agent", "Agnès Le Goff", "--reason", "RIB vu")


@pytest.mark.parametrize(("act", "state"), [("finish", "done"), ("refuse", "refused")])
def test_what_was_sent_is_done_or_refused_and_its_asker_told(act: str, state: str, tmp_path: Path) -> None:
    (change,) = address_asked(owner())
    outbound.send(tmp_path, by=system("export"), at=NOW)
    run("examine_change", act, change.number, "--agent", "Agnès", "--reason", "Adresse inconnue de la Poste")
    assert ChangeRequest.objects.get().state == state
    assert Message.objects.filter(template="changes/emails/decided").count() == 1
    with pytest.raises(CommandError):
        run("examine_change", act, "C-2026-999999999-A", "--agent", "Agnès", "--reason", "x")


def test_direct_payment_is_offered_for_a_tenancy_that_exists() -> None:
    rented = tenancy(owner().landlord, direct_payment=False)
    run("offer_direct_payment", rented.caf_code, rented.claimant_number, rented.tenancy_ref, "--agent", "Agnès")
    assert DirectPaymentOffer.objects.get().tenancy == rented
    with pytest.raises(CommandError):
        run("offer_direct_payment", "441", "0000000", "X", "--agent", "Agnès")
