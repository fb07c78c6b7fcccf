"""What a landlord may read of what was written to it, and how the queue stands."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.correspondence import selectors, worker
from parvis.correspondence.models import Message
from parvis.correspondence.rendering import belonging
from parvis.kit.actors import Actor, ActorKind
from parvis.kit.refusals import NotFound
from tests.factories import correspondence as make
from tests.factories.correspondence import AT

pytestmark = pytest.mark.django_db
LINA = Actor(ActorKind.PARTNER, "LOG012345A", account_id=1, partner_id=uuid4())
HELLO = "tests/emails/hello"
OTHER = Actor(ActorKind.PARTNER, "LOG054321B", account_id=2, partner_id=uuid4())


def test_a_landlord_reads_what_was_written_to_its_account_and_nothing_else() -> None:
    mine = make.email(account_id=1, partner_id=LINA.partner_id)
    make.email(account_id=2, partner_id=OTHER.partner_id)
    worker.run_until_empty(at=AT)
    (seen,) = selectors.messages_of_account(LINA)
    assert (seen.reference, seen.sent_at) == (mine.reference, AT)
    assert "espace" in selectors.message_of_account(LINA, mine.reference)[1]
    with pytest.raises(NotFound):
        selectors.message_of_account(OTHER, mine.reference)


def test_the_list_is_paged_by_key_and_costs_one_statement() -> None:
    for _ in range(30):
        make.email(account_id=1, partner_id=LINA.partner_id)
    with CaptureQueriesContext(connection) as queries:
        first = selectors.messages_of_account(LINA)
        rest = selectors.messages_of_account(LINA, before=(first[-1].created_at, first[-1].reference))
    assert (len(queries), len(first), len(rest)) == (2, 25, 5)
    assert len({row.reference for row in first + rest}) == 30


def written(account_id: int, minutes: int, **changes: object) -> int:
    """The key of a mail to an account, some minutes after the first."""
    made = make.email(account_id=account_id)
    Message.objects.filter(pk=made.pk).update(created_at=AT + timedelta(minutes=minutes), **changes)
    return made.pk


def test_the_messages_of_some_accounts_are_the_newest_of_each() -> None:
    old = written(2, -9_000)
    theirs = [written(1, minutes) for minutes in range(8)]
    written(1, 90, template="other/emails/none")
    written(3, 0)
    found = selectors.messages_with([1, 2], [HELLO], limit=5)
    assert [one.pk for one in found] == [*reversed(theirs[3:]), old], "many to one account hide none to another"
    with CaptureQueriesContext(connection) as asked:
        selectors.messages_with([1, 2], [HELLO])
    assert len(asked) == 1
    assert selectors.messages_with([], [HELLO]) == []


def test_of_an_account_no_more_than_its_newest_messages_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selectors, "LOOKED_AT", 3)
    mine = [written(1, minutes) for minutes in range(5)]
    written(1, 90, template="other/emails/none")
    assert [one.pk for one in selectors.messages_with([1], [HELLO])] == [mine[4], mine[3]]


def test_recovery_knows_where_the_newest_letter_is() -> None:
    assert selectors.latest(1, ["tests/letters/hello"]) is None
    first = make.letter(account_id=1)
    second = make.letter(account_id=1, after=first, delay=timedelta(days=3))
    worker.run_until_empty(at=AT)
    found = selectors.latest(1, ["tests/letters/hello"])
    assert found is not None
    assert (found.reference, found.sent_at, found.due_at) == (second.reference, None, AT + timedelta(days=3))


def test_the_queue_says_how_late_it_is() -> None:
    make.email()
    make.letter(template="tests/letters/broken")
    make.email(due_at=AT + timedelta(days=1))
    assert selectors.waiting(at=AT) == selectors.Waiting(due=2, failed=0, oldest_due_at=AT)
    worker.run_until_empty(at=AT)
    assert selectors.waiting(at=AT) == selectors.Waiting(due=0, failed=1, oldest_due_at=None)


def test_what_waits_is_found_without_a_look_at_every_message() -> None:
    with CaptureQueriesContext(connection) as asked:
        selectors.waiting(at=AT)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for query in asked.captured_queries:
            cursor.execute(f"EXPLAIN {query['sql']}")
            plan = " ".join(line for (line,) in cursor.fetchall())
            assert "message_claimable" in plan or "message_failed" in plan, plan


def every_text() -> set[str]:
    """The texts of all rooms, as messages name them."""
    folders = [
        Path(config.path) / "templates" / config.label
        for config in apps.get_app_configs()
        if config.label != "correspondence"
    ]
    found = [path for folder in folders for kind in ("emails", "letters") for path in folder.glob(f"{kind}/*.txt")]
    return {path.relative_to(path.parents[2]).with_suffix("").as_posix() for path in found}


def test_each_text_has_said_of_which_office_it_is_and_no_other_is_named() -> None:
    texts = every_text()
    assert len(texts) > 50
    assert [text for text in sorted(texts) if not belonging.is_said(text)] == []
    assert belonging.all_said() <= texts


def test_a_text_that_nobody_spoke_of_is_told_from_those_that_are() -> None:
    assert not belonging.is_said("declarations/emails/yet_unknown")
    belonging.tells_office("declarations/emails/reminder")
    try:
        assert not belonging.is_said("declarations/emails/reminder"), "said twice"
    finally:
        belonging._tells.discard("declarations/emails/reminder")


def test_what_may_tell_no_office_names_no_tenant() -> None:
    folders = [Path(config.path) / "templates" for config in apps.get_app_configs()]
    for text in belonging.about_nobody():
        (words,) = (path.read_text() for folder in folders if (path := folder / f"{text}.txt").exists())
        assert not re.search(r"{[{%][^}]*\b(tenant|tenants|claimant_number)\b", words), text
