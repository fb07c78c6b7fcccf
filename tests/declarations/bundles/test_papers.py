"""Papers joined to declarations: with the draft, sealed as it leaves, gone with a draft that is given up."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from parvis.changes.models import Attachment
from parvis.changes.refusals import WrongFile
from parvis.changes.selectors.attachments import attachments_of, content_of
from parvis.changes.services.attachments import MOST
from parvis.declarations.kinds import death
from parvis.declarations.models import Declaration
from parvis.declarations.selectors.bundles import bundle_of
from parvis.declarations.selectors.history import declaration_of
from parvis.declarations.services import bundles, papers
from parvis.kit.actors import Right
from parvis.kit.refusals import NotAllowed, NotFound
from tests.declarations.bundles.test_bundles import answered, chosen, let, sent
from tests.declarations.kinds.test_kinds import DIED
from tests.factories.declarations import NOW, YEAR
from tests.factories.landlords import owner
from tests.factories.papers import PAPER, paper
from tests.schemas import faults, schema_in

pytestmark = pytest.mark.django_db
SCHEMAS = Path(death.__file__).with_name("schemas")


def test_a_paper_leaves_with_its_declaration_and_is_printed_with_it() -> None:
    me, rented = let()
    chosen(me, rented, "death")
    assert answered(me, rented, "death", DIED)
    papers.join(me.actor, rented.reference, "death", paper(), at=NOW)
    receipt = sent(me, rented)
    declaration = receipt.declarations.get()
    (told,) = declaration.details["papers"]
    assert (told["name"], told["media_type"], told["size"]) == ("acte.pdf", "application/pdf", len(PAPER))
    assert faults(declaration.details, schema_in(SCHEMAS, "death")) == []
    assert ("Pièces jointes", "acte.pdf") in declaration_of(me.actor, declaration.opaque).lines
    (file,) = attachments_of(me.actor, declaration.reference or "")
    assert content_of(me.actor, declaration.reference or "", file.opaque)[2] == PAPER


def test_a_paper_joined_after_the_last_look_does_not_leave_unseen() -> None:
    me, rented = let()
    chosen(me, rented, "death")
    answered(me, rented, "death", DIED)
    before = bundle_of(me.actor, rented.reference, year=YEAR, at=NOW).fingerprint
    papers.join(me.actor, rented.reference, "death", paper(), at=NOW)
    assert bundle_of(me.actor, rented.reference, year=YEAR, at=NOW).fingerprint != before


def test_one_paper_too_many_is_refused_and_the_answers_stay() -> None:
    me, rented = let()
    chosen(me, rented, "death")
    answered(me, rented, "death", DIED)
    for _ in range(MOST):
        papers.join(me.actor, rented.reference, "death", paper(), at=NOW)
    with pytest.raises(WrongFile):
        papers.join(me.actor, rented.reference, "death", paper(), at=NOW)
    assert Attachment.objects.count() == MOST
    assert bundle_of(me.actor, rented.reference, year=YEAR, at=NOW).is_ready


@pytest.mark.parametrize("gone", ["deleted", "abandoned"])
def test_what_was_joined_to_a_draft_that_is_no_more_is_erased_the_day_after(gone: str) -> None:
    me, rented = let()
    chosen(me, rented, "death")
    answered(me, rented, "death", DIED)
    papers.join(me.actor, rented.reference, "death", paper(), at=NOW)
    assert papers.forget_orphans(at=NOW + timedelta(days=2)) == 0
    drafts = Declaration.objects.filter(state="draft")
    drafts.delete() if gone == "deleted" else drafts.update(state="abandoned")
    assert [papers.forget_orphans(at=NOW + timedelta(days=days)) for days in (0, 2, 2)] == [0, 1, 0]


def test_a_paper_is_taken_off_and_goes_with_a_draft_that_is_given_up() -> None:
    me, rented = let()
    chosen(me, rented, "death")
    answered(me, rented, "death", DIED)
    papers.join(me.actor, rented.reference, "death", paper("a.pdf"), at=NOW)
    papers.join(me.actor, rented.reference, "death", paper("b.pdf"), at=NOW)
    papers.take_off(me.actor, rented.reference, "death", Attachment.objects.get(name="a.pdf").opaque, at=NOW)
    assert [row.name for row in Attachment.objects.all()] == ["b.pdf"]
    bundles.abandon(me.actor, rented.reference)
    assert not Attachment.objects.exists()


def test_only_one_s_own_drafts_take_papers() -> None:
    me, rented = let()
    chosen(me, rented, "death")
    with pytest.raises(NotFound):
        papers.join(me.actor, rented.reference, "death", paper("a.pdf"), at=NOW)
    answered(me, rented, "death", DIED)
    with pytest.raises(NotFound):
        papers.join(owner().actor, rented.reference, "death", paper("a.pdf"), at=NOW)
    reader = owner(me.landlord, rights=frozenset({Right.CONSULT}))
    with pytest.raises(NotAllowed):
        papers.join(reader.actor, rented.reference, "death", paper("a.pdf"), at=NOW)
    assert not Attachment.objects.exists()
