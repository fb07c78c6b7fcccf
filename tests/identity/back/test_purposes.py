"""A code opens what it was asked for, in the browser that asked, and nothing else (security.md T2)."""

from __future__ import annotations

from itertools import product

import pytest

from parvis.identity.models import Credential, OneTimeCode, Purpose
from parvis.identity.services import codes
from parvis.identity.services.codes import Verdict
from tests.factories.identity import NOW, actor_of, code_received, member, session_of

pytestmark = pytest.mark.django_db
PAIRS = [(one, other) for one, other in product(Purpose, Purpose) if one is not other]


@pytest.mark.parametrize(("asked", "typed"), PAIRS, ids=lambda purpose: str(purpose.value))
def test_a_code_for_one_purpose_never_serves_another(asked: Purpose, typed: Purpose) -> None:
    who = member()
    session = session_of(who)
    codes.ask(session, asked, str(who.credential.email), by=actor_of(who), at=NOW)
    digits = code_received()
    assert codes.check(session, typed, digits, at=NOW).verdict is Verdict.EXPIRED
    assert codes.check(session, asked, digits, at=NOW).verdict is Verdict.RIGHT


@pytest.mark.parametrize("purpose", list(Purpose), ids=lambda purpose: str(purpose.value))
def test_nor_another_browser_another_target_or_another_credential(purpose: Purpose) -> None:
    who = member()
    session, elsewhere = session_of(who), session_of(who)
    codes.ask(session, purpose, str(who.credential.email), by=actor_of(who), at=NOW, target=b"a")
    digits = code_received()
    assert codes.check(elsewhere, purpose, digits, at=NOW, target=b"a").verdict is Verdict.EXPIRED
    assert codes.check(session, purpose, digits, at=NOW, target=b"b").verdict is not Verdict.RIGHT
    Credential.objects.filter(pk=who.credential_id).update(version=7)
    assert codes.check(session, purpose, digits, at=NOW, target=b"a").verdict is Verdict.EXPIRED
    assert OneTimeCode.objects.get().used_at is None


@pytest.mark.parametrize("purpose", list(Purpose), ids=lambda purpose: str(purpose.value))
def test_its_mail_says_what_it_opens(purpose: Purpose) -> None:
    who = member()
    codes.ask(session_of(who), purpose, str(who.credential.email), by=actor_of(who), at=NOW)
    assert code_received()
