"""Accounts are born with their two messages, once."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest

from parvis.audit.models import Entry
from parvis.correspondence import secrets
from parvis.correspondence.models import Channel, Message
from parvis.identity import passwords, rules
from parvis.identity.models import Account, Nature
from parvis.identity.services import provisional
from parvis.identity.services.birth import Newcomer, open_accounts
from parvis.kit.actors import system
from tests.factories.identity import NOW, account, deliver, partner

pytestmark = pytest.mark.django_db
FEED = system("receive_deliveries")


def newcomer(partner_id: UUID, email: str = "") -> Newcomer:
    office = {"name": "Caf de Nantes", "address": ["1 rue du Port", "44000 NANTES"], "phone": "3230"}
    lines = ("12 rue des Tilleuls", "44220 COUERON")
    return Newcomer(partner_id, "44100000000012", email, "Alliance Familiale", lines, office)


def born(nature: Nature, email: str = "") -> tuple[Account, list[Message]]:
    who = partner(nature)
    assert open_accounts([newcomer(who.pk, email)], at=NOW, by=FEED) == 1
    made = Account.objects.get(partner=who)
    return made, list(Message.objects.filter(account_id=made.pk).order_by("pk"))


def test_an_individual_with_an_address_gets_two_emails_a_few_minutes_apart() -> None:
    made, (first, second) = born(Nature.INDIVIDUAL, "Jean.Moreau@parvis.example")
    assert {first.channel, second.channel} == {Channel.EMAIL}
    assert {first.to_email, second.to_email} == {"jean.moreau@parvis.example"}
    assert (second.after, second.after_delay) == (first, timedelta(minutes=5))
    assert (first.secret, second.secret, second.secret_subject) == ("", "provisional_password", made.credential_id)


@pytest.mark.parametrize(
    ("nature", "email"),
    [
        (Nature.INDIVIDUAL, ""),
        (Nature.CORPORATE, "gestion@parvis.example"),
        (Nature.INDIVIDUAL, "rené@parvis.example"),
        (Nature.INDIVIDUAL, "jean..luc@parvis.example"),
    ],
)
def test_others_get_two_letters_three_days_apart(nature: Nature, email: str) -> None:
    _, (first, second) = born(nature, email)
    assert {first.channel, second.channel} == {Channel.LETTER}
    assert (second.after, second.after_delay) == (first, timedelta(days=3))
    assert first.to_address[0] == "ALLIANCE FAMILIALE"


def test_the_account_is_locked_until_the_password_is_drawn() -> None:
    made, _ = born(Nature.CORPORATE)
    assert made.credential.password == ""
    assert made.credential.email is None
    assert re.fullmatch(r"LOG\d{6}[A-Z]", made.login_id)
    assert made.user_number == "44100000000012"


def test_nothing_secret_stands_in_the_messages_or_the_journal() -> None:
    made, messages = born(Nature.INDIVIDUAL, "jean@parvis.example")
    for message in messages:
        assert "password" not in message.context
    entry = Entry.objects.get(subject=made.login_id)
    assert entry.event == "identity.account_born"
    assert entry.details == {}


def test_born_again_changes_nothing() -> None:
    who = partner()
    newcomers = [newcomer(who.pk), newcomer(who.pk)]
    assert open_accounts(newcomers, at=NOW, by=FEED) == 1
    assert open_accounts(newcomers, at=NOW, by=FEED) == 0
    assert Account.objects.filter(partner=who).count() == 1
    assert Message.objects.filter(partner_id=who.pk).count() == 2


def test_a_partner_that_does_not_exist_is_passed_over() -> None:
    assert open_accounts([newcomer(UUID(int=7))], at=NOW, by=FEED) == 0
    assert not Message.objects.exists()


def test_a_thousand_are_born_in_a_few_statements(django_assert_max_num_queries: object) -> None:
    partners = [partner() for _ in range(300)]
    with django_assert_max_num_queries(25):  # type: ignore[operator]
        assert open_accounts([newcomer(who.pk) for who in partners], at=NOW, by=FEED) == 300
    assert Account.objects.values("login_id").distinct().count() == 300


def test_a_password_by_email_is_good_for_fourteen_days() -> None:
    made, _ = born(Nature.INDIVIDUAL, "jean@parvis.example")
    words = provisional.draw(made.credential_id, at=NOW)
    made.credential.refresh_from_db()
    assert made.credential.provisional_until == NOW + timedelta(days=14)
    assert words["valid_until"] == "4 août 2026"
    assert passwords.matches(rules.read_provisional(words["password"]), made.credential.password)


def test_a_password_by_post_is_good_for_sixty_days() -> None:
    made, _ = born(Nature.CORPORATE, "gestion@parvis.example")
    provisional.draw(made.credential_id, at=NOW)
    made.credential.refresh_from_db()
    assert made.credential.provisional_until == NOW + timedelta(days=60)


def test_a_newer_password_kills_the_older_one() -> None:
    made, _ = born(Nature.CORPORATE)
    older = rules.read_provisional(provisional.draw(made.credential_id, at=NOW)["password"])
    newer = rules.read_provisional(provisional.draw(made.credential_id, at=NOW)["password"])
    made.credential.refresh_from_db()
    assert not passwords.matches(older, made.credential.password)
    assert passwords.matches(newer, made.credential.password)


def test_who_chose_a_password_gets_no_provisional_one() -> None:
    made = account()
    made.credential.password_changed_at = NOW
    made.credential.save()
    with pytest.raises(secrets.SecretNoLongerNeeded):
        provisional.draw(made.credential_id, at=NOW)


def test_both_emails_arrive_one_after_the_other_and_only_one_holds_the_password() -> None:
    made, _ = born(Nature.INDIVIDUAL, "jean@parvis.example")
    (first,) = deliver(NOW)
    assert made.login_id in first.body
    (second,) = deliver(NOW + timedelta(minutes=6))
    assert made.login_id not in second.body
    assert made.user_number in first.body
    assert made.user_number in second.body
    shown = re.search(r"\b[a-z346789]{4}-[a-z346789]{4}-[a-z346789]{4}\b", str(second.body))
    assert shown is not None
    made.credential.refresh_from_db()
    assert passwords.matches(rules.read_provisional(shown[0]), made.credential.password)
    kept = Message.objects.get(secret="provisional_password")
    assert shown[0] not in kept.body + kept.subject
