"""The office's own answers among the documents: who may read the thread finds them, nobody else; and in the year's file."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from parvis.agents.posts import Role
from parvis.contact.models import Conversation, ConversationMessage, Side
from parvis.contact.selectors.own import answers_before
from parvis.contact.services import answering, asking
from parvis.kit import clock
from parvis.kit.actors import Right
from parvis.web.landlord import documents
from tests.factories.agents import colleague
from tests.factories.contact import conversation
from tests.factories.landlords import Owner, owner

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
SAID = "Bonjour, le changement est fait."


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def answered(who: Owner, *, about: str = "Locataire n° 1234567", times: int = 1, gap: timedelta = HOUR) -> Conversation:
    """A question answered by the office, then asked again and answered again, a ``gap`` later each."""
    by = colleague((Role.RECEPTION, "441")).actor
    made, _ = conversation(who, about=about, at=NOW - timedelta(days=1))
    for number in range(times):
        at = NOW - HOUR - (times - number) * gap
        if number:
            asking.reply(made.opaque, f"Et la suite {number} ?", files=[], key=uuid4(), by=who.actor, at=at)
        seen = ConversationMessage.objects.filter(conversation=made).exclude(side=Side.INSIDE).count()
        answering.answer(made.opaque, f"{SAID} ({number})", seen=seen, key=uuid4(), by=by, at=at)
    return made


def page(me: Owner, query: str = "") -> str:
    answer = me.browser().get(reverse("documents", args=[me.account.reference]) + query)
    assert answer.status_code == 200
    return str(answer.content.decode()).replace("\u00a0", " ")


def test_an_answer_stands_among_the_documents_and_opens_its_thread() -> None:
    me = owner()
    made = answered(me)
    for query in ("", "?genre=reponses", f"?q={made.number}", "?q=1234567", "?q=autre chose"):
        shown = page(me, query)
        assert f"Réponse au message {made.number}" in shown, query
        assert reverse("conversation", args=[me.account.reference, made.opaque]) in shown
    for query in ("?genre=accuses", "?q=introuvable", "?au=01/11/2026"):
        assert made.number not in page(me, query).split("<table")[-1], query


def test_who_may_not_read_the_thread_finds_no_answer() -> None:
    me = owner()
    made = answered(me)
    administrator = owner(me.landlord, rights=frozenset({Right.ADMINISTER}))
    assert made.number in page(administrator, "?genre=reponses")
    for other in (owner(me.landlord, rights=frozenset({Right.CONSULT, Right.DECLARE})), owner()):
        assert made.number not in page(other, "?genre=reponses")
        assert not answers_before(other.actor, (NOW, ""), limit=9)


def test_pages_of_answers_follow_one_another_by_key() -> None:
    me = owner()
    answered(me, times=5, gap=timedelta(0))
    seen: list[str] = []
    place: documents.Place | None = documents.Place(NOW)
    reader = documents.Reader(me.actor, me.account.reference, "", "", NOW)
    while place is not None:
        found, place = documents.documents_of(reader, documents.Wanted(place, kind="reponses"), limit=2)
        seen += [line.key for line in found]
    assert len(seen) == len(set(seen)) == 5


def test_the_file_of_the_year_holds_each_answer_under_what_it_answers() -> None:
    me = owner()
    answered(me, times=2)
    answer = me.browser().post(reverse("documents-year", args=[me.account.reference, 2026]))
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as file:
        told = sorted(file.read(name).decode() for name in file.namelist() if "reponse-au-message" in name)
    first, second = sorted(told, key=len)
    assert f"{SAID} (0)" in first
    assert "Et la suite 1 ?" not in first
    assert second.index(f"{SAID} (0)") < second.index("Et la suite 1 ?") < second.index(f"{SAID} (1)")
    assert "Caf de la Loire-Atlantique, le 02/11/2026" in second


def test_what_agents_say_between_them_is_in_no_document() -> None:
    me = owner()
    made, _ = conversation(me, at=NOW - timedelta(days=1))
    by = colleague((Role.RECEPTION, "441")).actor
    answering.hand_over(made.opaque, "441:casework", "À regarder avec le bail", by=by, at=NOW - timedelta(hours=1))
    assert not answers_before(me.actor, (NOW, ""), limit=9)
