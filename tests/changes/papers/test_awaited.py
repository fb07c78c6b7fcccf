"""A paper the office awaits: asked for once, given once, told, and sent once; a decision ends the wait."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from parvis.audit.models import Entry
from parvis.changes.models import Attachment, AwaitedPaper, ChangeRequest
from parvis.changes.refusals import PaperNotAwaited, WrongFile
from parvis.changes.selectors.awaited import awaited_by_office, paper_line, papers_about
from parvis.changes.selectors.requests import change_of
from parvis.changes.services import awaited, outcomes
from parvis.correspondence.models import Message
from parvis.correspondence.rendering.texts import words_of
from parvis.declarations.services import exchange
from parvis.exchange.outbound import papers as outgoing
from parvis.exchange.services import outbound
from parvis.kit.actors import Right, system
from parvis.kit.refusals import NotFound
from tests.factories.awaited import ASKED, UNTIL, ask_paper, paper_awaited, rent_sent
from tests.factories.changes import address_asked
from tests.factories.declarations import CLOCK, counts_are_true, stage_outcomes
from tests.factories.landlords import owner
from tests.factories.papers import paper, pdf
from tests.identity.test_races import at_once
from tests.schemas import faults, schema_in

pytestmark = pytest.mark.django_db
GIVEN = ASKED + timedelta(days=3)


def test_the_office_asks_for_a_paper_and_the_landlord_sees_which_and_by_when() -> None:
    who = owner()
    declaration = rent_sent(who)
    merge = ask_paper(declaration)
    assert (merge.awaited, merge.changed, merge.faults) == (1, 1, ())
    declaration.refresh_from_db()
    assert (declaration.state, declaration.decided_at) == ("manual", ASKED)
    (line,) = awaited_by_office(who.actor, limit=9)
    assert (line.words, line.answer_by, line.subject) == ("Le bail signé", UNTIL, declaration.reference)
    assert (line.title, line.name) == ("Loyer de juillet 2026", declaration.tenancy.name)
    assert papers_about(who.actor, declaration.reference or "") == [line]
    assert counts_are_true()
    assert Entry.objects.get(event="changes.paper_awaited").subject == declaration.reference


def test_whoever_sent_it_is_told_without_a_tenant_being_named() -> None:
    who = owner()
    awaits = paper_awaited(who)
    mail = Message.objects.get(template="changes/emails/paper_awaited")
    words = words_of(mail.template, mail.context)
    assert mail.to_email == who.account.credential.email
    assert words.startswith("Votre caisse attend 1\u00a0pièce")
    assert "Le bail signé" in words
    assert "14 août 2026" in words
    assert f"/bailleur/pieces/{awaits.opaque}/" in words.replace("\ue004", "-")
    assert awaits.tenancy is not None
    assert awaits.tenancy.last_name not in words


def test_asked_again_by_the_same_line_nothing_happens_and_a_later_one_replaces_it() -> None:
    who = owner()
    declaration = rent_sent(who)
    ask_paper(declaration)
    again = ask_paper(declaration)
    assert (again.changed, again.unchanged) == (0, 1)
    assert ask_paper(declaration, code="rent_receipt", at=ASKED - timedelta(hours=1)).changed == 0
    assert Message.objects.filter(template="changes/emails/paper_awaited").count() == 1
    assert ask_paper(declaration, code="rent_receipt", at=ASKED + timedelta(days=1)).awaited == 1
    assert list(AwaitedPaper.objects.order_by("asked_at").values_list("paper", "state")) == [
        ("lease", "replaced"),
        ("rent_receipt", "awaited"),
    ]


def test_the_paper_is_given_once_and_stands_with_what_it_is_about() -> None:
    who = owner()
    awaits = paper_awaited(who)
    given = awaited.give(awaits.opaque, [paper("bail.pdf")], by=who.actor, at=GIVEN)
    assert (given.state, given.given_at, given.person) == ("given", GIVEN, who.actor.person)
    assert Attachment.objects.get(subject=awaits.files).name == "bail.pdf"
    assert awaited_by_office(who.actor, limit=9) == []
    again = awaited.give(awaits.opaque, [paper("bail.pdf")], by=who.actor, at=GIVEN + timedelta(seconds=1))
    assert again.given_at == GIVEN
    assert Attachment.objects.filter(subject=awaits.files).count() == 1
    mail = Message.objects.get(template="changes/emails/paper_given")
    assert "Le bail signé" in words_of(mail.template, mail.context)


def test_another_file_or_a_colleague_afterwards_is_refused_with_what_happened() -> None:
    who = owner()
    awaits = paper_awaited(who)
    colleague = owner(who.landlord, rights=frozenset({Right.CONSULT, Right.DECLARE}))
    awaited.give(awaits.opaque, [paper()], by=who.actor, at=GIVEN)
    for actor, file in ((who.actor, paper("autre.pdf", pdf(b"<< >>"))), (colleague.actor, paper())):
        with pytest.raises(PaperNotAwaited, match=f"déjà été ajoutée par {who.actor.person}"):
            awaited.give(awaits.opaque, [file], by=actor, at=GIVEN)
    assert Attachment.objects.filter(subject=awaits.files).count() == 1


def test_after_its_day_it_is_still_taken_until_the_office_decides() -> None:
    who = owner()
    awaits, late = paper_awaited(who), paper_awaited(who)
    decided = (awaits.subject, "rejected", "paper_missing", GIVEN + timedelta(days=30))
    exchange.record_outcomes(stage_outcomes(decided), by=CLOCK, at=decided[3])
    awaits.refresh_from_db()
    assert awaits.state == "closed"
    with pytest.raises(PaperNotAwaited, match="n’attend plus cette pièce"):
        awaited.give(awaits.opaque, [paper()], by=who.actor, at=decided[3])
    assert not Attachment.objects.filter(subject=awaits.files).exists()
    assert awaited.give(late.opaque, [paper()], by=who.actor, at=decided[3]).state == "given"


def test_nobody_else_finds_it_nor_gives_it() -> None:
    who, stranger = owner(), owner()
    awaits = paper_awaited(who)
    reader = owner(who.landlord, rights=frozenset({Right.CONSULT}))
    elsewhere = replace(who.actor, offices=frozenset({"751"}))
    for actor in (stranger.actor, reader.actor, elsewhere):
        with pytest.raises(NotFound):
            paper_line(actor, awaits.opaque)
        assert awaited_by_office(actor, limit=9) == []
    for actor in (stranger.actor, elsewhere):
        with pytest.raises(NotFound):
            awaited.give(awaits.opaque, [paper()], by=actor, at=GIVEN)
    with pytest.raises(NotFound):
        awaited.give(uuid4(), [paper()], by=who.actor, at=GIVEN)
    assert AwaitedPaper.objects.get().state == "awaited"


@pytest.mark.parametrize("many", [0, 6])
def test_no_file_or_too_many_leave_nothing_behind(many: int) -> None:
    who = owner()
    awaits = paper_awaited(who)
    with pytest.raises(WrongFile):
        awaited.give(awaits.opaque, [paper(f"{n}.pdf") for n in range(many)], by=who.actor, at=GIVEN)
    assert AwaitedPaper.objects.get().state == "awaited"
    assert not Attachment.objects.exists()


def test_it_leaves_once_with_the_reference_of_its_files(tmp_path: Path) -> None:
    who = owner()
    awaits = paper_awaited(who)
    assert outbound.send(tmp_path, by=system("export"), at=GIVEN) == []
    awaited.give(awaits.opaque, [paper("bail.pdf"), paper("annexe.pdf", pdf(b"<< >>"))], by=who.actor, at=GIVEN)
    (delivery,) = outbound.send(tmp_path, by=system("export"), at=GIVEN)
    assert outbound.send(tmp_path, by=system("export"), at=GIVEN) == []
    folder = tmp_path / f"{delivery.sequence:06d}"
    (text,) = (folder / "papers.jsonl").read_text(encoding="utf-8").splitlines()
    line = json.loads(text)
    assert faults(line, schema_in(Path(outgoing.__file__).parent / "schemas", "line")) == []
    assert (line["declaration_ref"], line["paper"], line["given_by"]) == (
        awaits.subject,
        "lease",
        who.account.login_id,
    )
    assert [file["name"] for file in line["files"]] == ["bail.pdf", "annexe.pdf"]
    manifest = json.loads((folder / "manifest.json").read_text())
    assert [(file["name"], file["rows"]) for file in manifest["files"]] == [("papers.jsonl", 1)]
    awaits.refresh_from_db()
    assert awaits.sent_at == GIVEN
    before = (folder / "papers.jsonl").read_bytes()
    outbound.write_again(delivery.sequence, tmp_path, by=system("export"), at=GIVEN)
    assert (folder / "papers.jsonl").read_bytes() == before


def test_a_request_too_may_await_a_paper(tmp_path: Path) -> None:
    who = owner()
    (change,) = address_asked(who)
    outbound.send(tmp_path, by=system("export"), at=ASKED)
    line = stage_outcomes((change.number, "paper_awaited", "address_proof", ASKED), answer_by=UNTIL)
    assert outcomes.record_outcomes(line, by=CLOCK, at=ASKED).changed == 1
    assert outcomes.record_outcomes(line, by=CLOCK, at=ASKED) == outcomes.Answered(0, 1, ())
    (awaits,) = awaited_by_office(who.actor, limit=9)
    assert (awaits.words, awaits.title) == ("Un justificatif d’adresse", "Changement d’adresse")
    shown, steps = change_of(who.actor, change.number)
    assert (shown.state, steps[-1].note) == ("manual", "Pièce attendue\u00a0: Un justificatif d’adresse")
    done = stage_outcomes((change.number, "integrated", "", GIVEN))
    outcomes.record_outcomes(done, by=CLOCK, at=GIVEN)
    assert ChangeRequest.objects.get().state == "done"
    assert AwaitedPaper.objects.get().state == "closed"


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_at_once_give_it_once() -> None:
    who = owner()
    awaits = paper_awaited(who)
    colleague = owner(who.landlord, rights=frozenset({Right.CONSULT, Right.DECLARE}))

    actors = [who.actor, colleague.actor]

    def give(number: int) -> str:
        try:
            awaited.give(awaits.opaque, [paper()], by=actors[number], at=GIVEN)
        except PaperNotAwaited:
            return "refused"
        return "given"

    assert sorted(at_once(2, give)) == ["given", "refused"]
    assert Attachment.objects.filter(subject=awaits.files).count() == 1
