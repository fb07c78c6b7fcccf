"""What the office answers: taken in, looked at by hand, refused; told once, and never undone by a late line."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from parvis.changes.models import ChangeRequest
from parvis.changes.selectors.requests import change_of
from parvis.changes.services import outcomes
from parvis.correspondence.models import Message
from parvis.correspondence.rendering.texts import words_of
from parvis.exchange.services import outbound
from parvis.kit.actors import system
from tests.changes.test_direct_payment import ask, unpaid
from tests.factories.changes import NOW, address_asked
from tests.factories.declarations import stage_outcomes
from tests.factories.landlords import Owner, owner

pytestmark = pytest.mark.django_db
BY, DECIDED = system("import"), NOW + timedelta(days=3)


def decide(*lines: tuple[str, str, str, datetime]) -> outcomes.Answered:
    """Obey these lines of a file."""
    return outcomes.record_outcomes(stage_outcomes(*lines), by=BY, at=DECIDED)


def one_gone(folder: Path) -> tuple[Owner, ChangeRequest]:
    """A new address, with the office."""
    who = owner()
    (change,) = address_asked(who)
    outbound.send(folder, by=BY, at=NOW)
    return who, change


def test_a_change_is_looked_at_by_hand_then_taken_in_and_its_asker_told_once(tmp_path: Path) -> None:
    who, change = one_gone(tmp_path)
    before = Message.objects.count()
    assert decide((change.number, "manual", "", DECIDED)).changed == 1
    assert change_of(who.actor, change.number)[0].state_label == "En traitement par un agent"
    assert Message.objects.count() == before
    line = (change.number, "integrated", "", DECIDED + timedelta(days=2))
    assert decide(line).changed == 1
    assert decide(line) == outcomes.Answered(0, 1, ())
    shown, steps = change_of(who.actor, change.number)
    assert (shown.state, shown.closed_at) == ("done", line[3])
    assert [step.label for step in steps][-2:] == ["En traitement par un agent", "Prise en compte"]
    assert Message.objects.count() == before + 1


def test_a_refusal_says_why_in_words(tmp_path: Path) -> None:
    who, change = one_gone(tmp_path)
    decide((change.number, "rejected", "address_unknown", DECIDED))
    shown, _ = change_of(who.actor, change.number)
    assert (shown.state, "La Poste" in shown.reason) == ("refused", True)
    mail = Message.objects.get(template="changes/emails/decided")
    words = words_of(mail.template, mail.context)
    assert "La Poste" in str(words)
    assert decide((change.number, "integrated", "", DECIDED)).changed == 0


def test_a_code_nobody_knows_gives_a_general_sentence(tmp_path: Path) -> None:
    who, change = one_gone(tmp_path)
    decide((change.number, "rejected", "x-99", DECIDED))
    assert "Contactez-la" in change_of(who.actor, change.number)[0].reason


def test_several_answers_to_one_person_are_one_mail(tmp_path: Path) -> None:
    who = owner()
    changes = ask(who, unpaid(who), unpaid(who, "Petit"), unpaid(who, "Blanc"))
    outbound.send(tmp_path, by=BY, at=NOW)
    refused = (changes[0].number, "rejected", "not_decent", DECIDED)
    assert decide(refused, *((change.number, "integrated", "", DECIDED) for change in changes[1:])).changed == 3
    mail = Message.objects.get(template="changes/emails/several_decided")
    words = str(words_of(mail.template, mail.context))
    assert "décent" in words
    assert "Petit" not in words


def test_direct_payment_accepted_says_from_when(tmp_path: Path) -> None:
    who = owner()
    (change,) = ask(who, unpaid(who))
    outbound.send(tmp_path, by=BY, at=NOW)
    decide((change.number, "integrated", "", DECIDED))
    mail = Message.objects.get(template="changes/emails/decided")
    assert "1er août 2026" in str(words_of(mail.template, mail.context)).replace("\u00a0", " ")


def test_what_has_not_left_or_is_not_known_is_said_line_by_line() -> None:
    who = owner()
    (change,) = address_asked(who)
    found = decide((change.number, "integrated", "", DECIDED), ("C-2026-000009999-K", "integrated", "", DECIDED))
    assert found.changed == 0
    assert [number for number, _ in found.faults] == [2, 3]
    assert "pas encore partie" in found.faults[0][1]
    assert change_of(who.actor, change.number)[0].state == "ready"


def test_of_two_lines_on_one_change_the_latest_decision_counts(tmp_path: Path) -> None:
    who, change = one_gone(tmp_path)
    decide((change.number, "rejected", "", DECIDED + timedelta(days=1)), (change.number, "manual", "", DECIDED))
    assert change_of(who.actor, change.number)[0].state == "refused"
