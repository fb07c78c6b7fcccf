"""Alarms: each rings for its cause, to whom it concerns, with its sentence and where to act; none where all is well."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from parvis.agents.models import AlertKind
from parvis.agents.posts import Role
from parvis.agents.services import alerts
from parvis.audit.models import ChainCheck
from parvis.correspondence.batches import reconciling, services
from parvis.correspondence.models import BatchState, Channel, LetterBatch, Message, MessageState
from parvis.correspondence.returns.models import ReturnedLetter, ReturnReason
from parvis.declarations.models import CampaignWave, RentCampaign
from parvis.exchange.models import Delivery, OutgoingDelivery
from parvis.kit.clock import day_in_paris
from parvis.landlords.models import RightsReview
from parvis.upkeep.clockwork import running
from parvis.upkeep.models import TaskRun
from parvis.web.backoffice.desk.alarms import alarms_for
from tests.factories.agents import colleague
from tests.factories.changes import address_asked
from tests.factories.landlords import owner
from tests.web.backoffice.file.opening import letter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("some_without_administrator")]
NOW = datetime.now(UTC)
LONG_AGO = NOW - timedelta(days=9)
NATIONAL, CASEWORKER, RECEPTION = Role.NATIONAL_ADMINISTRATOR, Role.CASEWORKER, Role.RECEPTION


@pytest.fixture(autouse=True)
def tasks_are_on_time() -> None:
    """Every task has its row, due later."""
    running.enter(at=NOW)
    TaskRun.objects.update(due_at=NOW + timedelta(hours=1))


def _held() -> None:
    Delivery.objects.create(sequence=7, state="held", started_at=NOW, sentence="La moitié des bailleurs manque.")


def _late_task() -> None:
    TaskRun.objects.filter(name="verify").update(due_at=LONG_AGO)


def _failed_task() -> None:
    TaskRun.objects.filter(name="verify").update(outcome="failed", failures=2, failure="InvariantsBroken")


def _batch(**fields: object) -> None:
    values = {
        "number": "LOT-2026-0009", "template": "", "office": "", "price_cents": 110, "prepared_at": LONG_AGO,
        "prepared_by": "elise.morvan", "count": 3,
    }  # fmt: skip
    LetterBatch.objects.create(**{**values, **fields})


def _stuck_batch() -> None:
    _batch(
        failure="Une lettre manque.",
        state=BatchState.APPROVED,
        approved_at=NOW,
        approved_by="victor.salaun",
        prepared_at=NOW,
    )


def _found_again_batch() -> None:
    _batch(
        failure=reconciling.TO_ASK, state=BatchState.HANDED_OVER, prepared_at=NOW, made_at=NOW, approved_at=NOW,
        approved_by="victor.salaun", handed_over_at=NOW,
    )  # fmt: skip


def _over_budget() -> None:
    _batch(count=90_000, price_cents=2_000, state=BatchState.APPROVED, approved_at=NOW, approved_by="victor.salaun")


def _dead_letter() -> None:
    letter(owner(), "identity/letters/password", state=MessageState.FAILED)


def _stuck_change() -> None:
    address_asked(owner(), at=LONG_AGO)
    Message.objects.update(state=MessageState.SENT, sent_at=LONG_AGO)


def _late_message() -> None:
    someone = owner()
    Message.objects.create(
        reference="M-LATE", channel=Channel.EMAIL, template="identity/emails/identifier", to_email="x@y.example",
        partner_id=someone.landlord.pk, due_at=LONG_AGO, created_at=LONG_AGO,
    )  # fmt: skip


def _doubtful() -> None:
    someone = owner()
    came_back = letter(someone, "identity/letters/password", days=20)
    ReturnedLetter.objects.create(
        message=came_back, partner_id=someone.landlord.pk, to_address=came_back.to_address, reason=ReturnReason.NOT_THERE,
        noted_at=LONG_AGO, noted_by="sarah.lemoine",
    )  # fmt: skip


def _paused() -> None:
    opens, year = date(NOW.year, 7, 1), NOW.year
    later = {"deadline_on": opens + timedelta(days=60), "suspension_on": opens + timedelta(days=180)}
    RentCampaign.objects.create(year=year, opens_on=opens, **later)
    CampaignWave.objects.create(
        year=NOW.year, wave="remaining", channel="email", paused_at=NOW, paused_by="elise.morvan"
    )


def _broken() -> None:
    ChainCheck.objects.create(at=NOW, position=9, row="audit_entry 7", sentence="Cette entrée a été supprimée.")


def _not_verified() -> None:
    ChainCheck.objects.create(at=LONG_AGO, position=9)


def _many_files() -> None:
    alerts.ring(colleague((CASEWORKER, "")).agent.pk, AlertKind.MANY_FILES, at=NOW)


def _unreviewed() -> None:
    due_on = day_in_paris(NOW - timedelta(days=40))
    RightsReview.objects.create(landlord=owner().landlord, due_on=due_on, told_at=NOW - timedelta(days=40))
    RightsReview.objects.create(landlord=owner().landlord, due_on=due_on, told_at=NOW, confirmed_at=NOW, users=1)


@pytest.mark.parametrize(
    ("cause", "title", "role"),
    [
        (_held, "La livraison 7 est retenue", NATIONAL),
        (_late_task, "est en retard", NATIONAL),
        (_failed_task, "a échoué", NATIONAL),
        (_stuck_batch, "ne peut pas être écrit", NATIONAL),
        (_found_again_batch, "est à vérifier auprès de l’éditique", NATIONAL),
        (_batch, "attend une validation", NATIONAL),
        (_stuck_change, "L’envoi vers la caisse est en retard", NATIONAL),
        (_over_budget, "Le budget des courriers est dépassé", NATIONAL),
        (_dead_letter, "n’a pas pu partir", NATIONAL),
        (_late_message, "Les messages ne partent plus", NATIONAL),
        (_paused, "est en pause", NATIONAL),
        (_broken, "La chaîne du journal est rompue", NATIONAL),
        (_not_verified, "Le journal n’est plus vérifié", NATIONAL),
        (_many_files, "1\u00a0alerte sur ce que font des agents", NATIONAL),
        (_doubtful, "Des adresses attendent", RECEPTION),
        (_unreviewed, "1\u00a0organisme n’a pas revu les droits de l’année", Role.RIGHTS_OFFICER),
    ],
)
def test_each_rings_for_its_cause_and_for_whom_it_concerns(cause: Callable[[], None], title: str, role: Role) -> None:
    who = colleague((role, "" if role is NATIONAL else "441"))
    assert alarms_for(who.actor, at=NOW) == []
    cause()
    (alarm,) = alarms_for(who.actor, at=NOW)
    assert title in alarm.title
    assert alarm.sentence
    browser = who.browser()
    page = browser.get("/agents/alarmes/").content.decode()
    assert alarm.url.replace("&", "&amp;") in page
    assert browser.get(alarm.url.split("#")[0]).status_code == 200
    assert "1 alarme" in browser.get("/agents/").content.decode().replace("\u00a0", " ")
    if role is NATIONAL:
        assert alarms_for(colleague((CASEWORKER, "")).actor, at=NOW) == []


def test_a_batch_found_again_is_asked_after_until_it_was_posted() -> None:
    _found_again_batch()
    boss = colleague()
    (alarm,) = alarms_for(boss.actor, at=NOW)
    assert (alarm.kind, alarm.sentence) == ("warm", reconciling.TO_ASK)
    services.mark_posted("LOT-2026-0009", day_in_paris(NOW), by=boss.actor, at=NOW)
    assert LetterBatch.objects.get().failure == ""
    assert alarms_for(boss.actor, at=NOW) == []


def test_what_is_late_to_leave_is_named_and_nothing_else() -> None:
    _stuck_change()
    (alarm,) = alarms_for(colleague().actor, at=NOW)
    assert alarm.sentence.endswith("\u00a0: 1\u00a0demande.")
    OutgoingDelivery.objects.create(sequence=1, produced_at=LONG_AGO, rows=1)
    (alarm,) = alarms_for(colleague().actor, at=NOW)
    assert alarm.sentence.endswith("\u00a0: 1\u00a0demande, 1\u00a0livraison à écrire.")


def test_messages_that_did_not_leave_lead_to_where_they_are_tried_again() -> None:
    _dead_letter()
    (alarm,) = alarms_for(colleague().actor, at=NOW)
    assert alarm.url == reverse("agent-messages")


def test_where_all_is_well_nothing_rings() -> None:
    ChainCheck.objects.create(at=NOW, position=1)
    browser = colleague().browser()
    assert "Rien ne vous appelle" in browser.get("/agents/alarmes/").content.decode()
    assert 'alarmes/">Voir' not in browser.get("/agents/").content.decode()


def test_the_worst_comes_first_and_the_home_counts_them() -> None:
    _paused()
    _held()
    who = colleague()
    assert [alarm.kind for alarm in alarms_for(who.actor, at=NOW)] == ["bad", "warm"]
    page = who.browser().get("/agents/").content.decode().replace("\u00a0", " ")
    assert "2 alarmes" in page
    assert "La livraison 7 est retenue, et 1 autre" in page


def test_an_address_of_another_office_does_not_ring() -> None:
    _doubtful()
    assert alarms_for(colleague((RECEPTION, "751")).actor, at=NOW) == []


def test_the_chain_is_no_alarm_of_one_office() -> None:
    _broken()
    assert alarms_for(colleague((Role.RIGHTS_OFFICER, "441")).actor, at=NOW) == []


def test_whoever_controls_one_office_is_led_to_the_alerts_about_its_agents() -> None:
    alerts.ring(colleague((CASEWORKER, "441")).agent.pk, AlertKind.MANY_FILES, at=NOW)
    assert alarms_for(colleague((Role.RIGHTS_OFFICER, "751")).actor, at=NOW) == []
    browser = colleague((Role.RIGHTS_OFFICER, "441")).browser()
    assert "1 alarme" in browser.get("/agents/").content.decode().replace("\u00a0", " ")
    assert 'href="/agents/alertes/"' in browser.get("/agents/alarmes/").content.decode()


def test_the_page_is_for_agents() -> None:
    assert Client().get("/agents/alarmes/").status_code == 302


def test_late_reviews_are_told_one_and_many() -> None:
    who = colleague((Role.RIGHTS_OFFICER, "441"))
    _unreviewed()
    (one,) = alarms_for(who.actor, at=NOW)
    assert one.sentence.startswith("La revue attend depuis le")
    assert one.sentence.endswith("Appelez l’administrateur.")
    _unreviewed()
    (two,) = alarms_for(who.actor, at=NOW)
    assert "2 organismes n’ont pas revu" in two.title
    assert two.sentence.startswith("La revue la plus ancienne attend depuis le")
    assert two.sentence.endswith("Appelez leurs administrateurs.")
