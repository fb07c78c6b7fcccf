"""An address that an agent corrects."""

from __future__ import annotations

import pytest

from parvis.agents.posts import Role
from parvis.audit.models import Entry
from parvis.correspondence.models import Message, MessageState
from parvis.identity.models import Account
from parvis.kit.refusals import ActNotPossible, ChangedMeanwhile, NotIndependent, Refusal
from parvis.landlords.services import by_agent
from tests.factories.agents import colleague
from tests.factories.landlords import owner
from tests.landlords.test_by_agent import ACTS, NOW, WHY, unopened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("some_without_administrator")]


class TestCorrectingAnAddress:
    """Only one that nobody proved; it stays a claim."""

    by = property(lambda self: colleague((Role.RIGHTS_OFFICER, "")).actor)

    def _correct(self, who: Account, typed: str) -> None:
        by_agent.correct_email(who.partner_id, who.reference, typed, reason=WHY, by=self.by, at=NOW)

    def test_the_claim_changes_and_what_was_leaving_to_the_former_address_does_not(self) -> None:
        who = unopened("faute@agence.exemple")
        by_agent.give_provisional(
            who.partner_id, who.reference, reason=WHY, by=colleague((Role.RECEPTION, "")).actor, at=NOW
        )
        self._correct(who, " Juste@Agence.example ")
        who.refresh_from_db()
        assert who.claimed_email == "juste@agence.example"
        assert who.credential.email is None
        assert Message.objects.get(account_id=who.pk).state == MessageState.CANCELLED
        told = Entry.objects.get(event="identity.claim_corrected").details
        assert told["email"] == "j•••••@agence.example"
        assert "juste@" not in str(told)

    def test_who_corrected_it_sends_nothing_there_but_a_colleague_does(self) -> None:
        who = unopened("faute@agence.exemple")
        one, two = colleague((Role.RIGHTS_OFFICER, "")).actor, colleague((Role.RECEPTION, "")).actor
        by_agent.correct_email(who.partner_id, who.reference, "juste@agence.example", reason=WHY, by=one, at=NOW)
        for act in (ACTS["provisional"][1], ACTS["send"][1]):
            with pytest.raises(ActNotPossible, match="un autre agent envoie"):
                act(who, one)
        by_agent.give_provisional(who.partner_id, who.reference, reason=WHY, by=two, at=NOW)
        assert Message.objects.get(account_id=who.pk).to_email == "juste@agence.example"

    def test_nor_does_whoever_they_let_in(self) -> None:
        who = unopened("faute@agence.exemple")
        one = colleague((Role.RIGHTS_OFFICER, ""))
        by_agent.correct_email(who.partner_id, who.reference, "juste@agence.example", reason=WHY, by=one.actor, at=NOW)
        puppet = colleague((Role.RECEPTION, ""), opened_by=one.agent.login).actor
        for act in (ACTS["provisional"][1], ACTS["send"][1]):
            with pytest.raises(NotIndependent):
                act(who, puppet)
        assert not Message.objects.exists()

    def test_a_proved_address_is_its_owners_alone(self) -> None:
        someone = owner()
        with pytest.raises(ActNotPossible):
            self._correct(someone.account, "autre@agence.example")

    @pytest.mark.parametrize("typed", ["", "pas une adresse", "a@b", "x" * 300 + "@agence.example"])
    def test_what_is_no_address_is_said_beside_its_field(self, typed: str) -> None:
        who = unopened()
        with pytest.raises(Refusal) as refusal:
            self._correct(who, typed)
        assert refusal.value.field == "email"

    def test_the_same_address_changes_nothing(self) -> None:
        who = unopened("juste@agence.example")
        with pytest.raises((ActNotPossible, ChangedMeanwhile)):
            self._correct(who, "juste@agence.example")
