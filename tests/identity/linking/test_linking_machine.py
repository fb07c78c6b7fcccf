"""What must hold of linked accounts, whatever the order of acts: a model beside the real services and PostgreSQL.

The model is the one of the threat study: it knows who shares which mailbox and with which password. After every act the
database's own rules are asked (deferred triggers at once), and the services' state is compared with the model's.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from parvis.identity import passwords
from parvis.identity.models import Account, AccountState, Credential, Nature, Partner, Session
from parvis.identity.rules import Own
from parvis.identity.services import first_sign_in
from parvis.identity.services.access import linking, moving, pending, recovery
from parvis.identity.services.codes import Verdict
from parvis.identity.services.sessions import begin
from parvis.kit.refusals import Refusal
from tests.factories.identity import NOW, account, actor_of, code_received, deliver, kept, partner

MAILS = ("a@parvis.example", "a@parvis.example", "b@parvis.example")
OFTEN = [True, True, True, False]
SECRETS = ("Tuile-Verger-Canal-47", "Lanterne-Moulin-Sable-92")
PERSONS = (None, b"p" * 16, b"q" * 16)

HOW = st.sampled_from(["keep", "keep other", "keep other", "new", "leave"])

pytestmark = pytest.mark.django_db


class Linking(RuleBasedStateMachine):
    """Accounts of three organisations and of individuals, three mailboxes, two passwords."""

    accounts: Bundle[int] = Bundle("accounts")

    def __init__(self) -> None:
        super().__init__()
        self.at: datetime = NOW
        self.examples = transaction.atomic()
        self.examples.__enter__()
        self.organisations = [partner() for _ in range(3)]
        self.password: dict[int, str] = {}
        self.mail: dict[int, str | None] = {}
        self.touched: list[int] = []

    @initialize(target=accounts, others=st.integers(0, 2))
    def begins(self, others: int) -> MultipleResults[int]:
        """Most of what can go wrong needs a few accounts, some of them linked already."""
        people = [self._born(of) for of in self.organisations]
        for pk in people[: others + 1]:
            self.proves(pk, MAILS[0], True, "keep")
        return multiple(*people)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.examples.__exit__(None, None, None)

    def _who(self, pk: int) -> Account:
        self.at += timedelta(days=1)
        self.touched = [pk]
        deliver(self.at)
        return Account.objects.select_related("credential", "partner").get(pk=pk)

    def _session(self, who: Account) -> Session:
        version = who.credential.version
        begun = begin(browser="", at=self.at, credential_id=who.credential_id, credential_version=version)
        Session.objects.filter(pk=begun.session.pk).update(code_satisfied_at=self.at)
        return Session.objects.get(pk=begun.session.pk)

    def _group(self, pk: int) -> list[int]:
        mail = self.mail[pk]
        return [other for other, held in self.mail.items() if held == mail] if mail else [pk]

    @rule(target=accounts, number=st.integers(0, 2), person=st.sampled_from(PERSONS), corporate=st.sampled_from(OFTEN))
    def born(self, number: int, person: bytes | None, corporate: bool) -> int:
        """Another account: of one of the organisations, or of an individual."""
        return self._born(self.organisations[number] if corporate else partner(Nature.INDIVIDUAL, person))

    def _born(self, of: Partner) -> int:
        credential = Credential.objects.create(password=kept(SECRETS[0]), password_changed_at=self.at)
        who = account(of, credential, state=AccountState.ACTIVE, opened_at=self.at)
        self.password[who.pk], self.mail[who.pk] = SECRETS[0], None
        self.touched = [who.pk]
        return who.pk

    @rule(pk=accounts, mail=st.sampled_from(MAILS), right=st.sampled_from(OFTEN), how=HOW)
    def proves(self, pk: int, mail: str, right: bool, how: str) -> None:
        """The first mailbox of an account: its own, or one that others hold."""
        who = self._who(pk)
        if self.mail[pk] is not None:
            return
        session, by = self._session(who), actor_of(who)
        first_sign_in.claim_email(session, mail, by=by, at=self.at)
        digits = code_received(self.at) if right else "000000"
        proved = first_sign_in.prove_email(session, digits, browser_token="", by=by, at=self.at)
        if proved.link_owed:
            self._links(who, session, mail, how)
        elif proved.token:
            self.mail[pk] = mail

    def _links(self, who: Account, session: Session, mail: str, how: str) -> None:
        session.refresh_from_db()
        group = [other for other, held in self.mail.items() if held == mail]
        asked = linking.asked(session)
        assert asked is not None
        if how == "leave":
            linking.give_up(session)
            return
        typed = SECRETS[0] if how == "keep" else SECRETS[1]
        try:
            with transaction.atomic():
                if how == "new":
                    linking.choose_password(session, typed, Own(), by=actor_of(who), at=self.at)
                else:
                    linking.keep_password(session, typed, by=actor_of(who), at=self.at)
        except Refusal:
            return
        moved = list(asked.account_ids)
        known = typed if how == "new" else self.password[group[0]]
        assert how == "new" or self.password[group[0]] == typed, "a group was joined without its password"
        for other in [*group, *moved]:
            self.mail[other], self.password[other] = mail, known
        self.touched = [group[0], *moved]

    @rule(
        pk=accounts,
        mail=st.sampled_from(MAILS),
        right=st.sampled_from(OFTEN),
        everyone=st.booleans(),
        how=HOW,
    )
    def moves(self, pk: int, mail: str, right: bool, everyone: bool, how: str) -> None:
        """Another mailbox for one account or for all that share one."""
        who = self._who(pk)
        if self.mail[pk] is None:
            return
        session, by, group = self._session(who), actor_of(who), self._group(pk)
        references = list(Account.objects.filter(pk__in=group).values_list("reference", flat=True)) if everyone else []
        try:
            change = moving.begin(session, mail, references, self.password[pk], by=by, at=self.at)
        except Refusal:
            assert mail == self.mail[pk]
            return
        assert moving.leave(change, session, code_received(self.at), by=by, at=self.at).verdict is Verdict.RIGHT
        moved = moving.arrive(change, session, code_received(self.at) if right else "000000", by=by, at=self.at)
        if moved.link_owed:
            self._links(who, session, mail, how)
        elif moved.token:
            for other in group if everyone else [pk]:
                self.mail[other] = mail
            self.touched = group
        else:
            pending.drop(session.pk)

    @rule(pk=accounts, secret=st.sampled_from(SECRETS), right=st.sampled_from(OFTEN))
    def recovers(self, pk: int, secret: str, right: bool) -> None:
        """A forgotten password: that of everybody who shares the mailbox, and of nobody else."""
        who = self._who(pk)
        session = begin(browser="", at=self.at).session
        recovery.ask(session, who.login_id, address="203.0.113.9", at=self.at)
        if self.mail[pk] is None:
            assert deliver(self.at) == []
            return
        outcome, token = recovery.enter_code(session, code_received(self.at) if right else "000000", at=self.at)
        assert (outcome.verdict is Verdict.RIGHT) == right == bool(token)
        with suppress(Refusal):
            recovery.choose(session, secret, Own(), at=self.at)
            assert right, "a password was changed without a code"
            for other in self._group(pk):
                self.password[other] = secret
            self.touched = self._group(pk)

    @invariant()
    def the_database_agrees(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        rows = Account.objects.filter(pk__in=self.mail).select_related("credential", "partner")
        held: dict[int, list[Account]] = {}
        for row in rows:
            assert row.credential.email == self.mail[row.pk]
            held.setdefault(row.credential_id, []).append(row)
        mails = [people[0].credential.email for people in held.values() if people[0].credential.email]
        assert len(mails) == len(set(mails)), "one mailbox, two credentials"
        for people in held.values():
            assert len({who.partner_id for who in people}) == len(people), "two accounts of one partner"
            if any(who.partner.nature == Nature.INDIVIDUAL for who in people) and len(people) > 1:
                assert len({bytes(who.partner.person_index or b"") for who in people}) == 1
            assert len({self.password[who.pk] for who in people}) == 1, "one group, two passwords"

    @invariant()
    def passwords_are_those_of_the_model(self) -> None:
        for pk in self.touched:
            assert passwords.matches(self.password[pk], Account.objects.get(pk=pk).credential.password)


def test_what_must_hold_holds_whatever_the_order_of_acts() -> None:
    run_state_machine_as_test(
        Linking,
        settings=settings(
            max_examples=20,
            stateful_step_count=10,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
            phases=[Phase.generate],
        ),
    )
