"""Linking, detaching, joining: what moves, what becomes void, who is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from parvis.audit.models import Entry
from parvis.identity.models import Account, Credential, Nature, Session, TrustedBrowser
from parvis.identity.refusals import GroupPasswordWrong, OwnPasswordWrong
from parvis.identity.rules import Own
from parvis.identity.services import first_sign_in, sessions
from parvis.identity.services.access import linking, moving, pending, persons
from parvis.identity.services.codes import Verdict
from parvis.identity.services.sign_in import SignIn
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
    member,
    newborn,
    partner,
    remembered,
    session_of,
)

NEW = "Lanterne-Moulin-Sable-92"

pytestmark = pytest.mark.django_db


def owing(who: Account, email: str) -> Session:
    """A session in which the mailbox of other accounts was proved."""
    session = session_of(who)
    first_sign_in.claim_email(session, email, by=actor_of(who), at=NOW)
    proved = first_sign_in.prove_email(session, code_received(), browser_token="", by=actor_of(who), at=NOW)
    assert proved.link_owed
    session.refresh_from_db()
    return session


def credential_of(who: Account) -> Credential:
    return Credential.objects.get(accounts=who.pk)


def test_a_common_password_is_a_reset_of_the_whole_group() -> None:
    holder, who = member(email="groupe@parvis.example"), newborn()
    browser, other = remembered(holder), session_of(holder)
    session = owing(who, "groupe@parvis.example")
    assert linking.choose_password(session, NEW, Own(), by=actor_of(who), at=NOW)
    assert credential_of(who) == credential_of(holder)
    assert not Session.objects.filter(pk=other.pk).exists()
    assert not TrustedBrowser.objects.exists()
    assert attempt(holder.login_id, OWN_PASSWORD, browser=browser).kind is SignIn.WRONG
    assert attempt(holder.login_id, NEW).kind is SignIn.SIGNED_IN
    assert attempt(who.login_id, PROVISIONAL).kind is SignIn.WRONG
    assert attempt(who.login_id, NEW).account_count == 2
    kept = credential_of(who)
    assert (kept.proof_changed_at, kept.provisional_until) == (NOW, None)


def test_who_knows_the_present_password_may_keep_it() -> None:
    holder, who = member(email="groupe@parvis.example"), newborn()
    session = owing(who, "groupe@parvis.example")
    with pytest.raises(GroupPasswordWrong):
        linking.keep_password(session, "Autre-Mot-De-Passe-1", by=actor_of(who), at=NOW)
    assert credential_of(who) != credential_of(holder)
    linking.keep_password(session, OWN_PASSWORD, by=actor_of(who), at=NOW)
    assert credential_of(who) == credential_of(holder)
    assert attempt(who.login_id, OWN_PASSWORD).kind is SignIn.SIGNED_IN


def test_the_group_password_is_guessed_ten_times_a_day_at_most() -> None:
    member(email="groupe@parvis.example")
    who = newborn()
    session = owing(who, "groupe@parvis.example")
    for number in range(10):
        with pytest.raises(GroupPasswordWrong):
            linking.keep_password(session, f"Autre-Mot-De-Passe-{number}", by=actor_of(who), at=NOW)
    with pytest.raises(ActNotPossible, match="Trop d’essais"):
        linking.keep_password(session, OWN_PASSWORD, by=actor_of(who), at=NOW)
    assert linking.choose_password(session, NEW, Own(), by=actor_of(who), at=NOW)


def test_the_visit_goes_on_under_the_group_and_only_there() -> None:
    holder, who = member(email="groupe@parvis.example"), newborn()
    session = owing(who, "groupe@parvis.example")
    linking.keep_password(session, OWN_PASSWORD, by=actor_of(who), at=NOW)
    session.refresh_from_db()
    group = credential_of(holder)
    assert (session.credential_id, session.credential_version) == (group.pk, group.version)
    assert "link" not in session.notes
    with pytest.raises(ChangedMeanwhile):
        linking.keep_password(session, OWN_PASSWORD, by=actor_of(who), at=NOW)


def test_all_are_told_once_and_their_link_freezes_the_group() -> None:
    holder, who = member(email="groupe@parvis.example"), newborn()
    session = owing(who, "groupe@parvis.example")
    linking.choose_password(session, NEW, Own(), by=actor_of(who), at=NOW)
    (told,) = deliver()
    assert told.to == ["groupe@parvis.example"]
    assert "2 comptes partagent" in told.subject
    assert "/ce-n-est-pas-moi/" in str(told.body)
    assert NEW not in str(told.body)
    del holder


def test_nothing_is_linked_when_the_group_has_changed_meanwhile() -> None:
    holder, who = member(email="groupe@parvis.example"), newborn()
    session = owing(who, "groupe@parvis.example")
    Credential.objects.filter(pk=holder.credential_id).update(email="ailleurs@parvis.example")
    with pytest.raises(ChangedMeanwhile):
        linking.keep_password(session, OWN_PASSWORD, by=actor_of(who), at=NOW)
    session.refresh_from_db()
    assert "link" not in session.notes
    assert credential_of(who) != credential_of(holder)


def test_a_colleague_who_joined_the_group_meanwhile_stops_the_link() -> None:
    of = partner()
    holder, who = member(email="groupe@parvis.example"), newborn(of)
    session = owing(who, "groupe@parvis.example")
    account(of, holder.credential, state="active", opened_at=NOW)
    with pytest.raises(ActNotPossible, match="une autre personne de votre organisme"):
        linking.keep_password(session, OWN_PASSWORD, by=actor_of(who), at=NOW)
    assert credential_of(who) != credential_of(holder)


def test_an_account_one_does_not_know_stops_the_link_and_is_written_down() -> None:
    holder, who = member(email="groupe@parvis.example"), newborn()
    session = owing(who, "groupe@parvis.example")
    stranger = member()
    with pytest.raises(ChangedMeanwhile):
        linking.doubt(session, stranger.login_id, "?", by=actor_of(who), at=NOW)
    linking.doubt(session, holder.login_id, "Je ne la connais pas.", by=actor_of(who), at=NOW)
    session.refresh_from_db()
    assert linking.asked(session) is None
    entry = Entry.objects.get(event="identity.link_doubted")
    assert entry.details == {"doubted": holder.login_id, "why": "Je ne la connais pas."}


def group(count: int = 3, email: str = "groupe@parvis.example") -> list[Account]:
    """Accounts of several organisations that share a mailbox."""
    first = member(email=email)
    others = [account(partner(), first.credential, state="active", opened_at=NOW) for _ in range(count - 1)]
    return [first, *others]


def arrived(who: Account, email: str, references: list[str], *, session: Session | None = None) -> moving.Moved:
    """Change the mailbox of accounts as the pages do, both codes read."""
    session = session or session_of(who, code=True)
    change = moving.begin(session, email, references, OWN_PASSWORD, by=actor_of(who), at=NOW)
    assert moving.leave(change, session, code_received(), by=actor_of(who), at=NOW).verdict is Verdict.RIGHT
    return moving.arrive(change, session, code_received(), by=actor_of(who), at=NOW)


def test_one_account_leaves_with_the_same_password_and_goes_its_own_way() -> None:
    who, *others = group()
    moved = arrived(who, "seul@parvis.example", [who.reference])
    assert moved.token
    assert credential_of(who).email == "seul@parvis.example"
    assert {credential_of(other).email for other in others} == {"groupe@parvis.example"}
    assert attempt(who.login_id, OWN_PASSWORD).account_count == 1
    assert attempt(others[0].login_id, OWN_PASSWORD).account_count == 2


def test_several_leave_together_and_all_may_move_at_once() -> None:
    who, second, third = group()
    arrived(who, "deux@parvis.example", [who.reference, second.reference])
    assert credential_of(who) == credential_of(second)
    assert credential_of(third).email == "groupe@parvis.example"
    second.refresh_from_db()
    deliver()
    arrived(second, "tous@parvis.example", [who.reference, second.reference])
    assert credential_of(who).email == credential_of(second).email == "tous@parvis.example"
    assert Credential.objects.filter(email="deux@parvis.example").count() == 0


def test_both_mailboxes_are_told_and_the_former_one_can_only_freeze_what_left() -> None:
    who, other, _ = group()
    arrived(who, "seul@parvis.example", [who.reference])
    told = deliver()
    assert sorted(message.to[0] for message in told) == ["groupe@parvis.example", "seul@parvis.example"]
    assert all("/ce-n-est-pas-moi/" in str(message.body) for message in told)
    assert credential_of(who).freezelink_set.count() == 2
    assert credential_of(other).freezelink_set.count() == 0


def test_a_new_mailbox_that_is_held_leads_to_the_link() -> None:
    holder = member(email="tenue@parvis.example")
    who, other, _ = group()
    session = session_of(who, code=True)
    moved = arrived(who, "tenue@parvis.example", [who.reference], session=session)
    assert moved.link_owed
    session.refresh_from_db()
    linking.keep_password(session, OWN_PASSWORD, by=actor_of(who), at=NOW)
    assert credential_of(who) == credential_of(holder)
    assert credential_of(other).email == "groupe@parvis.example"


def test_without_the_password_or_the_code_of_the_mailbox_one_leaves_nothing_moves() -> None:
    who, *_ = group()
    session = session_of(who, code=True)
    with pytest.raises(OwnPasswordWrong):
        moving.begin(session, "seul@parvis.example", [who.reference], "Pas-Le-Bon-1", by=actor_of(who), at=NOW)
    change = moving.begin(session, "seul@parvis.example", [who.reference], OWN_PASSWORD, by=actor_of(who), at=NOW)
    (first,) = deliver()
    assert first.to == ["groupe@parvis.example"]
    assert moving.leave(change, session, "000000", by=actor_of(who), at=NOW).verdict is Verdict.WRONG
    assert moving.arrive(change, session, "000000", by=actor_of(who), at=NOW).outcome.verdict is not Verdict.RIGHT
    assert credential_of(who).email == "groupe@parvis.example"
    assert pending.live(session.pk, by=actor_of(who), at=NOW + timedelta(minutes=31)) is None


def test_accounts_of_others_cannot_be_taken_along() -> None:
    who, stranger = member(), member()
    session = session_of(who, code=True)
    with pytest.raises(ChangedMeanwhile):
        moving.begin(
            session,
            "seul@parvis.example",
            [who.reference, stranger.reference],
            OWN_PASSWORD,
            by=actor_of(who),
            at=NOW,
        )
    assert mail.outbox == []


def twins() -> tuple[Account, Account]:
    """One person with an opened account at one office and a newborn one at another."""
    known = member(partner(Nature.INDIVIDUAL, b"n" * 16), email="camille@parvis.example")
    return known, newborn(partner(Nature.INDIVIDUAL, b"n" * 16))


def test_the_second_account_of_a_person_joins_the_first_after_a_code() -> None:
    known, new = twins()
    session = session_of(new)
    persons.ask_code(session, by=actor_of(new), at=NOW)
    joined = persons.enter_code(session, code_received(), by=actor_of(new), at=NOW)
    assert joined.token
    assert credential_of(new) == credential_of(known)
    assert attempt(new.login_id, OWN_PASSWORD).account_count == 2
    assert attempt(new.login_id, PROVISIONAL).kind is SignIn.WRONG


def test_others_and_persons_without_nir_are_not_known() -> None:
    twins()
    for index in (b"m" * 16, None):
        assert persons.known_credential(actor_of(newborn(partner(Nature.INDIVIDUAL, index)))) is None


def test_a_session_of_before_is_worth_nothing_after() -> None:
    known, new = twins()
    before = session_of(known)
    session = session_of(new)
    persons.ask_code(session, by=actor_of(new), at=NOW)
    persons.enter_code(session, code_received(), by=actor_of(new), at=NOW)
    before.refresh_from_db()
    assert before.credential_version != credential_of(known).version
    sessions.end(session.pk)
