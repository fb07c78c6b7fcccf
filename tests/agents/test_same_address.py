"""The controller is told of an agent who opens the file of somebody at their own address, postal or mail (security.md §2.11)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from parvis.agents.models import Agent, Alert, AlertKind
from parvis.agents.posts import Role
from parvis.agents.refusals import AgentNotPossible, NotYourOwn
from parvis.agents.rules import place_of, read_home
from parvis.agents.services import people
from parvis.agents.services.openings import open_file
from parvis.audit.models import Entry
from parvis.identity.models import Credential
from parvis.kit.encryption import CannotOpen, open_
from parvis.kit.refusals import DutyMissing
from tests.factories.agents import Colleague, colleague
from tests.factories.landlords import Owner, owner

NOW = datetime.now(UTC)


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("12, rue des Tilleuls", "12 RUE DES TILLEULS"),
        ("12 r. des tilleuls", "12 rue des Tilleuls"),
        ("3bis av. de l’Église", "3 B AVENUE DE L'EGLISE"),
        ("7 bd St Michel", "7 Boulevard Saint-Michel"),
    ],
)
def test_a_place_is_one_however_it_is_written(typed: str, known: str) -> None:
    assert place_of(typed, "44 220") == place_of(known, "44220") != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("12 rue des Tilleuls", "44220"), ("2 rue des Tilleuls", "44220")),
        (("12 rue des Tilleuls", "44220"), ("12 rue des Tilleuls", "44000")),
        (("12 rue des Tilleuls", "44220"), ("12 bis rue des Tilleuls", "44220")),
    ],
)
def test_neighbours_are_not_the_same(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert place_of(*one) != place_of(*other)


def test_nothing_is_no_place() -> None:
    assert (place_of("", "44220"), place_of("12 rue", ""), read_home(" ", "")) == ("", "", "")


@pytest.mark.parametrize(("street", "postcode", "field"), [("12 rue X", "4422", "postcode"), ("12", "44220", "street")])
def test_half_an_address_is_refused_in_words(street: str, postcode: str, field: str) -> None:
    with pytest.raises(AgentNotPossible) as refused:
        read_home(street, postcode)
    assert refused.value.field == field


@pytest.mark.django_db
class TestOpening:
    """What rings as a file is opened."""

    @pytest.fixture
    def who(self) -> Colleague:
        return colleague((Role.RECEPTION, "441"))

    @pytest.fixture
    def someone(self) -> Owner:
        made = owner()
        made.landlord.third_party_numbers.update(
            address_1="Résidence Les Iris",
            address_2="14 AV DE LA GARE",
            postcode="44220",
            email="feed@bailleur.example",
        )
        return made

    def _rung(self, who: Colleague, someone: Owner) -> list[str]:
        open_file(who.agent.pk, someone.landlord.pk, reason="call", note="", by=who.actor, at=NOW)
        return sorted(Alert.objects.filter(agent=who.agent).values_list("kind", flat=True))

    def _lives(self, who: Colleague, street: str, postcode: str) -> None:
        people.note_home(who.agent.reference, street=street, postcode=postcode, by=colleague().actor, at=NOW)

    def test_where_they_live(self, who: Colleague, someone: Owner) -> None:
        self._lives(who, "14, avenue de la Gare", "44220")
        assert self._rung(who, someone) == [AlertKind.SAME_ADDRESS]
        assert Alert.objects.get().partner_id == someone.landlord.pk
        entry = Entry.objects.get(event="agents.same_address")
        assert entry.partner_id is None, "the landlord reads nothing of it"
        assert "gare" not in str(entry.details).lower()

    @pytest.mark.parametrize(
        ("street", "postcode"), [("16 avenue de la Gare", "44220"), ("14 avenue de la Gare", "44000")]
    )
    def test_not_where_they_do_not(self, street: str, postcode: str, who: Colleague, someone: Owner) -> None:
        self._lives(who, street, postcode)
        assert self._rung(who, someone) == []

    def test_their_mailbox_as_the_feed_has_it(self, who: Colleague, someone: Owner) -> None:
        someone.landlord.third_party_numbers.update(email=who.agent.email.upper())
        assert self._rung(who, someone) == [AlertKind.SAME_ADDRESS]

    def test_their_mailbox_as_they_signed_in(self, who: Colleague, someone: Owner) -> None:
        Credential.objects.filter(pk=someone.account.credential_id).update(email=who.agent.email)
        assert self._rung(who, someone) == [AlertKind.SAME_ADDRESS]

    def test_an_address_that_does_not_open_keeps_no_file_closed(self, who: Colleague, someone: Owner) -> None:
        other = colleague((Role.RECEPTION, "441"))
        for one in (who, other):
            self._lives(one, "14 avenue de la Gare", "44220")
        other.agent.refresh_from_db()
        Agent.objects.filter(pk=who.agent.pk).update(home=other.agent.home)
        assert self._rung(who, someone) == []
        assert Entry.objects.filter(event="agents.file_opened").exists()

    def test_nobody_of_theirs(self, who: Colleague, someone: Owner) -> None:
        assert self._rung(who, someone) == []


@pytest.mark.django_db
class TestNoting:
    """Who notes it, and what is kept of it."""

    def _posted(self, boss: Colleague, whose: Agent, **typed: str) -> str:
        page = f"/agents/agents/{whose.reference}/adresse/"
        return boss.browser().post(page, typed, follow=True).content.decode()

    def test_it_is_noted_shown_to_nobody_replaced_and_erased(self) -> None:
        boss, clerk = colleague(), colleague((Role.RECEPTION, "441")).agent
        assert "Le code postal compte" in self._posted(boss, clerk, street="14 avenue de la Gare", postcode="44")
        page = self._posted(boss, clerk, street="14 avenue de la Gare", postcode="44220")
        assert "Notée, montrée à personne" in page
        clerk.refresh_from_db()
        kept = bytes(clerk.home or b"")
        assert b"gare" not in kept.lower()
        assert open_(kept, clerk.home_column) == "44220 14 avenue de la gare"
        with pytest.raises(CannotOpen):
            open_(kept, boss.agent.home_column)
        for address in (f"/agents/agents/{clerk.reference}/", f"/agents/agents/{clerk.reference}/adresse/"):
            assert "44220" not in boss.browser().get(address).content.decode()
        assert "L’adresse est effacée" in self._posted(boss, clerk, street="", postcode="")
        clerk.refresh_from_db()
        assert clerk.home is None
        noted = Entry.objects.filter(event="agents.home_noted").order_by("pk")
        assert [entry.details for entry in noted] == [{"erased": False}, {"erased": True}]

    def test_it_goes_with_the_access(self) -> None:
        boss, clerk = colleague(), colleague((Role.RECEPTION, "441")).agent
        people.note_home(clerk.reference, street="14 rue X", postcode="44220", by=boss.actor, at=NOW)
        people.close(clerk.reference, by=boss.actor, at=NOW)
        clerk.refresh_from_db()
        assert clerk.home is None

    def test_only_who_manages_agents_and_never_ones_own(self) -> None:
        boss, clerk = colleague(), colleague((Role.RIGHTS_OFFICER, ""))
        with pytest.raises(NotYourOwn):
            people.note_home(boss.agent.reference, street="14 rue X", postcode="44220", by=boss.actor, at=NOW)
        with pytest.raises(DutyMissing):
            people.note_home(boss.agent.reference, street="14 rue X", postcode="44220", by=clerk.actor, at=NOW)
