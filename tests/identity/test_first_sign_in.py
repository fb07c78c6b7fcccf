"""The first sign-in: names, a proved mailbox, an own password, two texts, in this order."""

from __future__ import annotations

import pytest

from parvis.audit.models import Entry
from parvis.correspondence.models import Message
from parvis.identity import passwords
from parvis.identity.models import Account, AccountState, Nature, OneTimeCode, Session, TextKind
from parvis.identity.refusals import EmailNotUnderstood, NotYetReadable, PasswordTooWeak, SameAsProvisional
from parvis.identity.rules import Own
from parvis.identity.selectors.texts import accepted_at, in_force
from parvis.identity.selectors.visits import Visit, visit_of
from parvis.identity.services import first_sign_in
from parvis.identity.services.access import linking
from parvis.identity.services.codes import Verdict
from parvis.identity.services.own import texts
from parvis.kit.actors import system
from parvis.kit.refusals import ActNotPossible, ChangedMeanwhile
from tests.factories.identity import (
    NOW,
    OWN_PASSWORD,
    PROVISIONAL,
    account,
    actor_of,
    attempt,
    code_received,
    deliver,
    kept,
    member,
    newborn,
    partner,
    session_of,
)  # fmt: skip

pytestmark = pytest.mark.django_db


def introduced(who: Account, email: str = "jean@parvis.example") -> Session:
    session = session_of(who)
    first_sign_in.introduce(
        session, first_name="Jean", last_name="Moreau", job_title="", email=email, by=actor_of(who), at=NOW
    )
    return session


def proved(who: Account, email: str = "jean@parvis.example") -> first_sign_in.Proved:
    session = introduced(who, email)
    return first_sign_in.prove_email(session, code_received(), browser_token="", by=actor_of(who), at=NOW)


def accepted(who: Account) -> None:
    for kind in TextKind:
        texts.accept(kind, in_force(kind, at=NOW).version, by=actor_of(who), at=NOW)


def test_an_address_is_a_claim_until_its_code_is_typed() -> None:
    who = newborn()
    introduced(who, "Jean@Parvis.example")
    who.refresh_from_db()
    # Nothing is ever sent to what was merely typed, but the code that proves it.
    assert (who.claimed_email, who.credential.email) == ("", None)
    assert (who.first_name, who.last_name) == ("Jean", "Moreau")


def test_the_code_proves_the_address_and_satisfies_the_session() -> None:
    who = newborn()
    outcome = proved(who)
    who.refresh_from_db()
    assert (who.credential.email, who.credential.email_proved_at, who.claimed_email) == ("jean@parvis.example", NOW, "")
    found = visit_of(outcome.token, at=NOW)
    assert isinstance(found, Visit)
    assert found.session.code_satisfied_at == NOW


def test_the_address_the_office_knows_may_be_kept() -> None:
    who = newborn(claimed="connue@parvis.example")
    assert proved(who, "").outcome.email == "connue@parvis.example"


def test_without_any_address_the_first_page_is_refused_whole() -> None:
    who = newborn()
    with pytest.raises(EmailNotUnderstood):
        introduced(who, "")
    who.refresh_from_db()
    assert who.first_name == ""
    assert not OneTimeCode.objects.exists()


def test_typing_a_used_address_looks_like_typing_a_free_one() -> None:
    member(email="prise@parvis.example")
    for email in ("prise@parvis.example", "libre@parvis.example"):
        introduced(newborn(), email)
    one, other = OneTimeCode.objects.order_by("pk")
    assert (one.purpose, one.tries) == (other.purpose, other.tries)
    assert Message.objects.count() == 2


def test_only_the_right_code_says_that_the_address_is_taken() -> None:
    holder = member(email="prise@parvis.example")
    who = newborn(partner(Nature.INDIVIDUAL))
    session = introduced(who, "prise@parvis.example")
    wrong = first_sign_in.prove_email(session, "000000", browser_token="", by=actor_of(who), at=NOW)
    assert (wrong.outcome.verdict, wrong.taken) == (Verdict.WRONG, "")
    right = first_sign_in.prove_email(session, code_received(), browser_token="", by=actor_of(who), at=NOW)
    assert "un autre compte de bailleur particulier" in right.taken
    assert right.token == ""
    who.refresh_from_db()
    holder.credential.refresh_from_db()
    assert (who.claimed_email, who.credential.email) == ("", None)
    assert holder.credential.email == "prise@parvis.example"


def test_the_mailbox_of_another_organisation_leads_to_the_page_of_the_link() -> None:
    holder, who = member(email="prise@parvis.example"), newborn(partner(Nature.CORPORATE))
    session = introduced(who, "prise@parvis.example")
    assert linking.asked(session) is None
    right = first_sign_in.prove_email(session, code_received(), browser_token="", by=actor_of(who), at=NOW)
    assert (right.link_owed, right.taken, right.token) == (True, "", "")
    session.refresh_from_db()
    asked = linking.asked(session)
    assert asked is not None
    assert (asked.credential_id, asked.account_ids) == (holder.credential_id, (who.pk,))
    assert Account.objects.get(pk=who.pk).credential_id == who.credential_id


def test_a_colleague_of_the_same_partner_needs_an_address_of_their_own() -> None:
    of = partner()
    member(of, email="prise@parvis.example")
    assert "une autre personne de votre organisme" in proved(newborn(of), "prise@parvis.example").taken


def test_a_code_for_one_address_does_not_prove_the_next() -> None:
    who = newborn()
    session = introduced(who, "premiere@parvis.example")
    older = code_received()
    first_sign_in.claim_email(session, "seconde@parvis.example", by=actor_of(who), at=NOW)
    deliver()
    outcome = first_sign_in.prove_email(session, older, browser_token="", by=actor_of(who), at=NOW).outcome
    assert outcome.verdict is Verdict.REPLACED
    who.credential.refresh_from_db()
    assert who.credential.email is None


def test_an_own_password_replaces_the_provisional_one_and_ends_other_sessions() -> None:
    who = newborn()
    here, elsewhere = session_of(who), session_of(who)
    token = first_sign_in.choose_password(here, OWN_PASSWORD, Own(), by=actor_of(who), at=NOW)
    who.credential.refresh_from_db()
    assert passwords.matches(OWN_PASSWORD, who.credential.password)
    assert (who.credential.provisional_until, who.credential.password_changed_at) == (None, NOW)
    assert isinstance(visit_of(token, at=NOW), Visit)
    assert not Session.objects.filter(pk=elsewhere.pk).exists()


def test_the_browser_of_the_first_sign_in_is_asked_no_second_code_that_day() -> None:
    who = newborn()
    browser = proved(who).browser_token
    first_sign_in.choose_password(session_of(who, code=True), OWN_PASSWORD, Own(), by=actor_of(who), at=NOW)
    assert not attempt(who.login_id, browser=browser).code_owed
    assert attempt(who.login_id).code_owed


def test_a_weak_password_is_refused_and_changes_nothing() -> None:
    who = newborn()
    with pytest.raises(PasswordTooWeak):
        first_sign_in.choose_password(session_of(who), "Motdepasse1!", Own(), by=actor_of(who), at=NOW)
    who.credential.refresh_from_db()
    assert who.credential.password == kept(PROVISIONAL)
    assert not Entry.objects.exists()


def test_the_provisional_password_cannot_be_kept() -> None:
    who = newborn()
    who.credential.password = kept("tuilevergercanal47")
    who.credential.save()
    with pytest.raises(SameAsProvisional):
        first_sign_in.choose_password(session_of(who), OWN_PASSWORD, Own(), by=actor_of(who), at=NOW)


def test_choosing_twice_from_one_page_changes_once() -> None:
    who = newborn()
    session = session_of(who)
    first_sign_in.choose_password(session, OWN_PASSWORD, Own(), by=actor_of(who), at=NOW)
    with pytest.raises(ChangedMeanwhile):
        first_sign_in.choose_password(session, "Autre-Chose-Ici-12", Own(), by=actor_of(who), at=NOW)


def test_finishing_opens_the_account_once_and_says_welcome() -> None:
    who = newborn()
    proved(who)
    first_sign_in.choose_password(session_of(who), OWN_PASSWORD, Own(), by=actor_of(who), at=NOW)
    accepted(who)
    assert first_sign_in.finish("Alliance Familiale", by=actor_of(who), at=NOW)
    assert not first_sign_in.finish("Alliance Familiale", by=actor_of(who), at=NOW)
    who.refresh_from_db()
    assert (who.state, who.opened_at, who.last_signed_in_at) == (AccountState.ACTIVE, NOW, NOW)
    assert Message.objects.filter(template="identity/emails/welcome").count() == 1
    (welcome,) = deliver()
    assert "Alliance Familiale" in welcome.body


@pytest.mark.parametrize("owed", ["names", "email", "password", "texts"])
def test_nobody_finishes_with_a_step_owed(owed: str) -> None:
    who = newborn()
    if owed != "email":
        proved(who)
    if owed != "password":
        first_sign_in.choose_password(session_of(who), OWN_PASSWORD, Own(), by=actor_of(who), at=NOW)
    if owed != "texts":
        accepted(who)
    if owed == "names":
        Account.objects.filter(pk=who.pk).update(first_name="")
    with pytest.raises(ActNotPossible):
        first_sign_in.finish("Alliance Familiale", by=actor_of(who), at=NOW)
    who.refresh_from_db()
    assert who.opened_at is None


def test_names_are_not_changed_by_the_wizard_once_the_account_is_open() -> None:
    who = member()
    with pytest.raises(ChangedMeanwhile):
        first_sign_in.give_names(first_name="X", last_name="Y", job_title="", by=actor_of(who), at=NOW)


def test_a_text_is_accepted_in_its_version_and_asked_again_when_it_changes() -> None:
    who = account()
    accepted(who)
    accepted(who)
    rules = in_force(TextKind.USAGE_RULES, at=NOW)
    assert accepted_at(actor_of(who), rules) == NOW
    assert Entry.objects.filter(event="identity.text_accepted").count() == 2
    texts.publish(
        TextKind.USAGE_RULES, summary=["x"], body=[{"title": "Un", "paragraphs": ["Deux."]}], by=system("agent"), at=NOW
    )
    newest = in_force(TextKind.USAGE_RULES, at=NOW)
    assert newest.version == rules.version + 1
    assert accepted_at(actor_of(who), newest) is None
    with pytest.raises(NotYetReadable):
        texts.accept(TextKind.USAGE_RULES, rules.version, by=actor_of(who), at=NOW)


def test_the_first_texts_come_with_the_database() -> None:
    for kind in TextKind:
        text = in_force(kind, at=NOW)
        assert text.summary
        assert all(part["title"] and part["paragraphs"] for part in text.body)
    assert "88-19" in str(in_force(TextKind.USAGE_RULES, at=NOW).body)
