"""What is said of a pause names the day on which it ends, unless it is today."""

from __future__ import annotations

from datetime import timedelta

import pytest

from parvis.identity.models import Purpose
from parvis.identity.refusals import GroupPasswordWrong, TooManyCodes
from parvis.identity.services import codes
from parvis.identity.services.access import linking
from parvis.identity.services.codes import CodeOutcome, Verdict
from parvis.identity.services.sign_in import Outcome, SignIn
from parvis.kit.refusals import ActNotPossible
from parvis.web.account.views.sign_in import _sentence
from parvis.web.frame.codes import sentence_of
from tests.factories.identity import NOW, actor_of, member, newborn, session_of
from tests.identity.linking.test_linking import owing

pytestmark = pytest.mark.django_db
TOMORROW = "demain, à 10\u00a0h\u00a026"


def test_the_codes_of_the_day_come_back_tomorrow() -> None:
    who = member()
    for _ in range(10):
        codes.ask(session_of(who), Purpose.SIGN_IN, str(who.credential.email), by=actor_of(who), at=NOW)
    with pytest.raises(TooManyCodes) as refused:
        codes.ask(session_of(who), Purpose.SIGN_IN, str(who.credential.email), by=actor_of(who), at=NOW)
    assert str(refused.value).endswith(f"pourra être demandé {TOMORROW}.")


def test_so_do_the_tries_of_codes() -> None:
    outcome = CodeOutcome(Verdict.BLOCKED, until=NOW + timedelta(days=1), at=NOW)
    assert sentence_of(outcome) == f"Trop d’essais. Un nouveau code pourra être demandé {TOMORROW}."
    soon = CodeOutcome(Verdict.BLOCKED, until=NOW + timedelta(minutes=1), at=NOW)
    assert sentence_of(soon) == "Trop d’essais. Un nouveau code pourra être demandé à 10\u00a0h\u00a027."


def test_and_the_passwords_of_a_group() -> None:
    member(email="groupe@parvis.example")
    who = newborn()
    session = owing(who, "groupe@parvis.example")
    for _ in range(10):
        with pytest.raises(GroupPasswordWrong):
            linking.keep_password(session, "Faux-Mot-De-Passe-1", by=actor_of(who), at=NOW)
    with pytest.raises(ActNotPossible) as refused:
        linking.keep_password(session, "Faux-Mot-De-Passe-1", by=actor_of(who), at=NOW)
    assert str(refused.value).endswith(f"ou réessayez {TOMORROW}.")


@pytest.mark.parametrize(("days", "words"), [(0, "à"), (1, "à demain,"), (2, "au 23/07/2026,")])
def test_a_sign_in_in_pause_says_until_which_day(days: int, words: str) -> None:
    paused = Outcome(SignIn.PAUSED, paused_until=NOW + timedelta(days=days))
    assert f"en pause jusqu’{words} 10\u00a0h\u00a026, après" in _sentence(paused, NOW)
