"""From what waits, the known telephone and the file are one click away; whoever reads a list of landlords leaves a trace."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client

from parvis.agents.models import Opening
from parvis.agents.posts import Role
from parvis.audit.models import Entry
from parvis.correspondence.batches.models import LetterBatch
from parvis.correspondence.models import Message
from parvis.landlords.models import ThirdPartyNumber
from tests.factories import declarations as made
from tests.factories.agents import colleague
from tests.factories.changes import BELGIAN, bank_asked
from tests.factories.correspondence import letter
from tests.factories.landlords import Owner, landlord, owner
from tests.factories.tenancies import tenancy
from tests.web.backoffice.test_queue import _manual

pytestmark = pytest.mark.django_db
PHONE = "0240123456"


@pytest.fixture
def me() -> Owner:
    me = owner(landlord(company_name="Le Bail & Fils"))
    ThirdPartyNumber.objects.filter(landlord=me.landlord).update(phone=PHONE)
    return me


def caseworker() -> Client:
    return colleague((Role.CASEWORKER, "441")).browser()


def bank(me: Owner) -> str:
    return f"/agents/coordonnees-bancaires/{bank_asked(me, iban=BELGIAN).number}/"


def manual(me: Owner) -> str:
    return f"/agents/declarations/{_manual(me).opaque}/"


@pytest.mark.parametrize("asked", [bank, manual])
def test_a_decision_shows_the_known_telephone_and_leads_to_the_file(me: Owner, asked: Callable[[Owner], str]) -> None:
    where, browser = asked(me), caseworker()
    page = browser.get(where).content.decode()
    assert PHONE in page
    link = f"/agents/dossiers/{me.landlord.pk}/motif/?motif=check"
    assert link in page
    reason = browser.get(link).content.decode()
    assert reason.split('value="check"', 1)[1].split(">", 1)[0].strip() == "checked", "the reason is chosen already"
    browser.post(link, {"reason": "check", "note": "Compte signalé"})
    assert Opening.objects.get().partner_id == me.landlord.pk
    assert browser.get(link).status_code == 302, "asked once a day"
    ThirdPartyNumber.objects.update(phone="")
    assert PHONE not in browser.get(where).content.decode()


def test_an_unknown_reason_chooses_none(me: Owner) -> None:
    page = caseworker().get(f"/agents/dossiers/{me.landlord.pk}/motif/?motif=<script>").content.decode()
    assert " checked" not in page
    assert "<script>" not in page


def listed(subject: str) -> int:
    return int(Entry.objects.filter(event="agents.listed", subject=subject).latest("pk").details["count"])


def test_who_is_to_be_reminded_leads_to_the_file_and_the_look_is_kept(me: Owner) -> None:
    tenancy(me.landlord)
    made.campaign()
    page = colleague((Role.RECEPTION, "441")).browser().get("/agents/campagne/a-relancer/").content.decode()
    assert f"/agents/dossiers/{me.landlord.pk}/motif/?motif=campaign" in page
    assert listed(f"campaign:{made.YEAR}:441") == 1


def test_addresses_to_check_lead_to_the_file_and_the_look_is_kept(me: Owner, tmp_path: Path) -> None:
    sent = letter(partner_id=me.landlord.pk)
    Message.objects.filter(pk=sent.pk).update(state="sent", sent_at=datetime.now(UTC), number="L-2026-000001")
    browser = colleague((Role.RECEPTION, "441")).browser()
    browser.get("/agents/courriers/retours/")
    assert not Entry.objects.filter(event="agents.listed").exists(), "an empty list names nobody"
    browser.post("/agents/courriers/retours/", {"numbers_typed": "L-2026-000001", "reason": "unknown"})
    page = browser.get("/agents/courriers/retours/").content.decode()
    assert f"/agents/dossiers/{me.landlord.pk}/motif/?motif=letter" in page
    assert listed("returns") == 1


def test_the_letters_a_batch_shows_are_kept_as_looked_at(me: Owner) -> None:
    sent = letter(partner_id=me.landlord.pk)
    Message.objects.filter(pk=sent.pk).update(state="sent", sent_at=datetime.now(UTC), number="L-2026-000001")
    browser = colleague().browser()
    browser.post("/agents/courriers/", {"template": "", "office": ""})
    batch = LetterBatch.objects.get()
    browser.get(f"/agents/courriers/lots/{batch.number}/")
    assert listed(batch.number) == 1


@pytest.mark.parametrize("name", ["keep_journal", "keep_looks"])
def test_traces_are_kept_a_year_unless_the_officer_for_data_decides(name: str) -> None:
    page = colleague().browser().get(f"/agents/reglages/{name}/").content.decode().replace("\u00a0", " ")
    assert "365 jours" in page
    assert "décision écrite du délégué à la protection des données" in page
    refused = colleague().browser().post(f"/agents/reglages/{name}/", {"value": "1097", "reason": "Décision du DPO"})
    assert "va de 180 à 1096" in refused.content.decode()
    asked = colleague().browser().post(f"/agents/reglages/{name}/", {"value": "700", "reason": "Enquête en cours"})
    assert "donnez la référence de la décision écrite" in asked.content.decode()
    typed = {"value": "700", "reason": "Enquête en cours", "decision": "DPO-2026-014"}
    done = colleague().browser().post(f"/agents/reglages/{name}/", typed, follow=True)
    assert "Décision DPO-2026-014" in done.content.decode()
