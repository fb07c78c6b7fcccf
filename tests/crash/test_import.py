"""An import killed at random moments ends with as many rows as one left alone would, and nobody gets two passwords."""

from __future__ import annotations

import random
import shutil
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from parvis.declarations.models import CampaignEntry
from parvis.demo import story
from parvis.exchange.models import Delivery, DeliveryFile, SetAsideLine
from parvis.identity.models import Account
from tests.crash import victims
from tests.factories.declarations import CLOCK, OPENING

KILLS = 12


def _tables() -> dict[str, Any]:
    """What an import leaves, without what is drawn at random."""
    counted = {
        "payments": "SELECT count(*), sum(amount_cents), min(paid_on), max(paid_on) FROM tenancies_payment",
        "tenancies": "SELECT count(*), sum(rent_cents), count(DISTINCT landlord_id) FROM tenancies_tenancy",
        "july": "SELECT count(*), sum(rent_cents) FROM tenancies_julyrent",
        "landlords": "SELECT count(*), count(nir), sum(length(company_name)) FROM landlords_landlord",
        "numbers": "SELECT count(*), count(iban) FROM landlords_thirdpartynumber",
        "portfolio": "SELECT sum(current), sum(former) FROM tenancies_portfoliocount",
        "entries": "SELECT count(*) FROM declarations_campaignentry WHERE state <> 'out'",
        "accounts": "SELECT count(*), count(DISTINCT partner_id), count(DISTINCT credential_id) FROM identity_account",
        "messages": "SELECT count(*), count(secret_subject), count(DISTINCT secret_subject) FROM correspondence_message",
        "files": "SELECT count(*), sum(added), sum(set_aside) FROM exchange_deliveryfile",
    }
    found = {}
    with connection.cursor() as cursor:
        for name, sql in counted.items():
            cursor.execute(sql)
            found[name] = cursor.fetchone()
    return found


def _is_at_work() -> bool:
    """Whether an import holds its lock: from here on it writes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid <> pg_backend_pid())"
        )
        row = cursor.fetchone()
    return bool(row and row[0])


def _killed_at_work(inbox: Path) -> bool:
    """Start an import and kill it a moment after it began to write; False if it was faster."""
    victim = victims.command("import", "--folder", str(inbox))
    while victim.poll() is None and not _is_at_work():
        time.sleep(0.01)
    time.sleep(random.random() ** 2 * 0.6)
    alive = victim.poll() is None
    victim.kill()
    victim.wait()
    return alive


@pytest.mark.crash
@pytest.mark.django_db(transaction=True)
def test_a_killed_import_is_taken_up_where_it_stopped(tmp_path: Path) -> None:
    from parvis.declarations.services import campaigns

    inbox = tmp_path / "inbox"
    for sequence in ("000001", "000002"):
        shutil.copytree(story.DELIVERIES / sequence, inbox / sequence)
    campaigns.open_campaign(
        2026,
        opens_on=date(2026, 7, 1),
        deadline_on=date(2026, 9, 30),
        suspension_on=date(2027, 1, 15),
        by=CLOCK,
        at=OPENING,
    )
    killed = sum(_killed_at_work(inbox) for _ in range(KILLS))
    last = victims.command("import", "--folder", str(inbox))
    assert last.wait(300) == 0
    assert killed >= 2, "hardly anything was killed: the test proves nothing"
    after = _tables()

    assert set(Delivery.objects.values_list("state", flat=True)) == {"loaded"}
    assert DeliveryFile.objects.count() == 9
    assert after["payments"][0] == 5005 + 406 - SetAsideLine.objects.filter(
        file__kind="payments", state="refused"
    ).count() - (SetAsideLine.objects.filter(file__kind="payments", state="waiting").count())
    assert after["tenancies"][0] == 1505 + 14, "of 27 lines, 12 end a tenancy, 14 begin one, 1 gives one another number"
    accounts, partners, credentials = after["accounts"]
    assert accounts == partners == credentials == Account.objects.count()
    total, passwords, people = after["messages"]
    assert total == 2 * accounts
    assert passwords == people == accounts, "somebody would get two passwords"
    assert CampaignEntry.objects.exclude(state="out").exists()
