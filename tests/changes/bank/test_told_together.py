"""Bank details asked together are told together, and stopped or agreed to all at once or one by one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import transaction

from parvis.changes.models import ChangeRequest, StopLink
from parvis.changes.selectors.requests import change_of
from parvis.changes.selectors.together import siblings_of
from parvis.changes.services.bank import agreeing, by_agent, stopping
from parvis.correspondence.models import Message
from parvis.identity.services.access import freezing
from parvis.kit.actors import Right, operator
from parvis.kit.refusals import ActNotPossible, NotFound
from parvis.landlords.models import Membership
from tests.changes.bank.test_together import HOLD, agency, agency_of_two, asked_for, links, states
from tests.factories.changes import NOW
from tests.factories.identity import deliver
from tests.factories.landlords import owner

pytestmark = pytest.mark.django_db


class TestTelling:
    """One mail a person and landlord, a letter an office; each stops all or one."""

    def test_one_mail_names_the_offices_and_each_writes_its_letter(self) -> None:
        who, numbers = agency()
        changes = asked_for(who, numbers)
        mail = Message.objects.get(template="changes/emails/bank_asked")
        assert [number for _, number in mail.context["several"]] == [change.number for change in changes]
        assert Message.objects.filter(template="changes/letters/bank_asked").count() == 3
        (text,) = [str(sent.body) for sent in deliver(NOW) if "IBAN modifié" in str(sent.subject)]
        assert all(change.number in text for change in changes)
        assert "ou une seule" in text

    def test_each_landlord_is_told_of_its_own_alone(self) -> None:
        who = owner()
        second = owner(credential=who.account.credential)
        watching = owner(second.landlord, rights=frozenset({Right.ADMINISTER}))
        asked_for(who, [who.third_party_number, second.third_party_number])
        (told,) = Message.objects.filter(
            template="changes/emails/bank_asked", to_email=watching.account.credential.email
        )
        assert told.partner_id == second.landlord.pk
        assert told.context["several"] == []

    def test_the_link_stops_one_then_all_the_rest(self) -> None:
        who, numbers = agency()
        changes = asked_for(who, numbers)
        (link,) = links()
        assert {change.pk for change in stopping.live_changes(link)} == {change.pk for change in changes}
        assert stopping.stop_by_link(link, number=changes[0].number, at=NOW)
        assert states() == ["stopped", "held", "held"]
        assert not stopping.stop_by_link(link, number=changes[0].number, at=NOW)
        assert not stopping.stop_by_link(link, number="C-2026-000000001-A", at=NOW)
        assert stopping.stop_by_link(link, at=NOW)
        assert states() == ["stopped"] * 3
        assert stopping.live_changes(link) == []
        stopped = Message.objects.filter(template="changes/emails/bank_stopped").order_by("pk")
        assert [len(message.context["several"]) for message in stopped] == [0, 2]

    def test_a_link_stops_nothing_of_another_landlord(self) -> None:
        who = owner()
        second = owner(credential=who.account.credential)
        asked_for(who, [who.third_party_number, second.third_party_number])
        told = StopLink.objects.filter(change__landlord=second.landlord).order_by("pk")[0]
        with transaction.atomic():
            token = stopping.draw_link(told.pk, at=NOW)["stop"]
        assert stopping.stop_by_link(token, at=NOW)
        assert states() == ["held", "stopped"]

    def test_the_code_of_any_letter_stops_all(self) -> None:
        who, numbers = agency()
        changes = asked_for(who, numbers)
        letter = StopLink.objects.create(change=changes[2], made_at=NOW)
        with transaction.atomic():
            code = stopping.draw_code(letter.pk, at=NOW)["stop_code"]
        assert stopping.stop_by_link(freezing.read_stop_code(code), at=NOW)
        assert states() == ["stopped"] * 3

    def test_a_notice_that_leaves_after_one_was_stopped_still_stops_the_others(self) -> None:
        who, numbers = agency()
        changes = asked_for(who, numbers)
        stopping.stop_bank_change(changes[0].opaque, by=who.actor, at=NOW)
        (link,) = links()
        assert len(stopping.live_changes(link)) == 2

    def test_a_freeze_and_an_agent_stop_theirs(self) -> None:
        who, numbers = agency()
        changes = asked_for(who, numbers)
        agent = operator("Agnès")
        by_agent.stop_for_office(changes[1].number, "unreachable", note="Vu", by=agent, at=NOW)
        assert states() == ["held", "stopped", "held"]
        freezing.freeze_own(who.account.credential_id, by=who.actor, at=NOW)
        assert states() == ["stopped"] * 3

    def test_the_page_stops_one_or_all_that_its_user_sees(self) -> None:
        who, numbers = agency()
        changes = asked_for(who, numbers)
        limited = replace(who.actor, offices=frozenset({"441", "751"}))
        stopping.stop_bank_change(changes[0].opaque, with_others=True, by=limited, at=NOW)
        assert states() == ["stopped", "stopped", "held"]
        with pytest.raises(NotFound):
            stopping.stop_bank_change(changes[2].opaque, by=limited, at=NOW)

    def test_the_history_names_what_was_asked_with_it(self) -> None:
        who, numbers = agency()
        changes = asked_for(who, numbers)
        line, _ = change_of(who.actor, changes[0].number)
        assert [one.number for one in siblings_of(who.actor, line)] == [change.number for change in changes[1:]]
        limited = replace(who.actor, offices=frozenset({"441"}))
        assert siblings_of(limited, line) == []


class TestAgreeing:
    """Where somebody else holds the right, each request awaits them: once for all, or one by one."""

    def test_one_mail_asks_and_one_act_agrees_to_all(self) -> None:
        who, other, numbers = agency_of_two()
        changes = asked_for(who, numbers)
        assert states() == ["agreement"] * 3
        asked = Message.objects.get(template="changes/emails/agreement_asked")
        assert (asked.to_email, len(asked.context["several"])) == (other.account.credential.email, 3)
        assert len(agreeing.awaiting_with(changes[0].opaque, by=other.actor, at=NOW)) == 2
        agreeing.agree_to_bank_change(changes[0].opaque, with_others=True, by=other.actor, at=NOW)
        assert states() == ["held"] * 3
        assert {change.held_until for change in ChangeRequest.objects.all()} == {NOW + HOLD}
        assert Message.objects.filter(template="changes/emails/bank_agreed").count() == 2

    def test_one_by_one(self) -> None:
        who, other, numbers = agency_of_two()
        changes = asked_for(who, numbers)
        agreeing.agree_to_bank_change(changes[1].opaque, by=other.actor, at=NOW)
        agreeing.decline_bank_change(changes[0].opaque, by=other.actor, at=NOW)
        assert states() == ["refused", "held", "agreement"]

    def test_the_asker_agrees_to_none_of_it_and_an_office_of_others_waits_for_nobody(self) -> None:
        who, other, numbers = agency_of_two()
        Membership.objects.update_or_create(account=other.account, defaults={"offices": ["751"]})
        changes = asked_for(who, numbers)
        assert states() == ["held", "agreement", "held"]
        with pytest.raises(ActNotPossible):
            agreeing.agree_to_bank_change(changes[1].opaque, with_others=True, by=who.actor, at=NOW)
        assert Message.objects.filter(template="changes/letters/bank_asked").count() == 3
        there = replace(other.actor, offices=frozenset({"751"}))
        agreeing.agree_to_bank_change(changes[1].opaque, with_others=True, by=there, at=NOW)
        assert states() == ["held"] * 3
