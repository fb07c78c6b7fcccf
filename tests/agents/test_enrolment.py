"""How somebody becomes an agent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from parvis.agents.models import Agent, AgentState, RecoveryCode
from parvis.agents.posts import Role
from parvis.agents.refusals import AgentNotPossible, LinkNotValid
from parvis.agents.services import enrolment, proofs
from parvis.agents.services.enrolment import Person
from parvis.correspondence.models import Message
from parvis.identity.refusals import PasswordTooWeak
from parvis.kit.actors import system
from tests.factories.agents import PASSWORD, colleague, invited

NOW = datetime(2026, 9, 1, 8, tzinfo=UTC)
BY = system("tests")
pytestmark = pytest.mark.django_db


def _enrolled(link: str, at: datetime = NOW) -> tuple[Agent, list[str]]:
    enrolment.choose_password(link, PASSWORD, at=at)
    code = pyotp.TOTP(proofs.secret_of(enrolment.invited_by(link, at=at))).at(at)
    agent, _, codes = enrolment.enrol(link, code, at=at)
    return agent, codes


def test_an_invitation_leaves_by_email_and_its_link_is_kept_as_a_fingerprint_only() -> None:
    person = Person("Camille.Roux", "Camille.Roux@caf.example", " Camille ", "Roux")
    agent = enrolment.invite(person, [(Role.RECEPTION, "441")], by=BY, at=NOW)
    assert (agent.login, agent.email, agent.state) == ("camille.roux", "camille.roux@caf.example", AgentState.INVITED)
    message = Message.objects.get(template="agents/emails/invited")
    assert message.to_email == agent.email
    assert message.secret == enrolment.ENROLMENT_LINK
    link = enrolment.draw(agent.pk, at=NOW)["enrolment_link"]
    agent.refresh_from_db()
    assert agent.link_hash is not None
    assert link.encode() not in bytes(agent.link_hash)


def test_both_proofs_open_the_account_and_the_link_serves_once() -> None:
    made, link = invited(at=NOW)
    agent, codes = _enrolled(link)
    assert agent.pk == made.pk
    assert agent.state == AgentState.ACTIVE
    assert len(set(codes)) == 10
    assert RecoveryCode.objects.filter(agent=agent, used_at=None).count() == 10
    with pytest.raises(LinkNotValid):
        enrolment.invited_by(link, at=NOW)
    with pytest.raises(LinkNotValid):
        enrolment.choose_password(link, PASSWORD, at=NOW)


def test_a_link_is_good_for_seven_days_and_the_last_one_drawn_counts() -> None:
    agent, link = invited(at=NOW)
    with pytest.raises(LinkNotValid):
        enrolment.invited_by(link, at=NOW + timedelta(days=7))
    another = enrolment.draw(agent.pk, at=NOW)["enrolment_link"]
    with pytest.raises(LinkNotValid):
        enrolment.invited_by(link, at=NOW)
    assert enrolment.invited_by(another, at=NOW).pk == agent.pk


def test_a_wrong_code_opens_nothing() -> None:
    _, link = invited(at=NOW)
    enrolment.choose_password(link, PASSWORD, at=NOW)
    agent, outcome, codes = enrolment.enrol(link, "000000", at=NOW)
    assert outcome.kind is proofs.Proof.WRONG
    assert codes == []
    agent.refresh_from_db()
    assert agent.state == AgentState.INVITED


def test_the_application_alone_is_not_enough() -> None:
    _, link = invited(at=NOW)
    with pytest.raises(LinkNotValid):
        enrolment.enrol(link, "123456", at=NOW)


@pytest.mark.parametrize("weak", ["Court-1!", "Dominique-Nouveau-2026!", "sans-majuscule-2026!!", "AAAAAAAAAAAAAAAA"])
def test_an_agents_password_is_long_and_does_not_say_who(weak: str) -> None:
    _, link = invited(at=NOW)
    with pytest.raises(PasswordTooWeak):
        enrolment.choose_password(link, weak, at=NOW)


@pytest.mark.parametrize(
    ("person", "field"),
    [
        (Person("ab", "a@caf.example", "A", "B"), "login"),
        (Person("céline", "a@caf.example", "A", "B"), "login"),
        (Person("a.b", "pas une adresse", "A", "B"), "email"),
        (Person("a.b", "a@caf.example", " ", "B"), "first_name"),
        (Person("a.b", "a@caf.example", "A", ""), "last_name"),
    ],
)
def test_what_cannot_be_kept_is_said_beside_its_field(person: Person, field: str) -> None:
    with pytest.raises(Exception, match=r"\w") as refusal:
        enrolment.invite(person, [(Role.RECEPTION, "441")], by=BY, at=NOW)
    assert getattr(refusal.value, "field", None) == field
    assert not Agent.objects.exists()


def test_a_login_and_an_address_are_one_agents_only() -> None:
    taken = colleague().agent
    for login, email, field in ((taken.login, "x@caf.example", "login"), ("autre.login", taken.email, "email")):
        with pytest.raises(AgentNotPossible) as refusal:
            enrolment.invite(Person(login, email, "A", "B"), [(Role.RECEPTION, "")], by=BY, at=NOW)
        assert refusal.value.field == field


@pytest.mark.parametrize("posts", [[], [(Role.NATIONAL_ADMINISTRATOR, "441")]])
def test_posts_must_mean_something(posts: list[tuple[Role, str]]) -> None:
    with pytest.raises(AgentNotPossible):
        enrolment.invite(Person("a.b", "a@caf.example", "A", "B"), posts, by=BY, at=NOW)
