"""Files: what they are is read in them, their name is no path, they are encrypted, and one's own alone."""

from __future__ import annotations

from uuid import uuid4

import pytest

from parvis.changes.models import Attachment
from parvis.changes.refusals import WrongFile
from parvis.changes.rules.files import LARGEST_FILE, name_of_file
from parvis.changes.selectors.attachments import attachments_of, content_of
from parvis.changes.services.attachments import join_attachment, keep_attachment, read_paper
from parvis.kit.refusals import NotFound
from tests.factories.changes import NOW
from tests.factories.landlords import owner
from tests.factories.papers import PAPER, paper

pytestmark = pytest.mark.django_db


def test_a_file_comes_back_as_it_was_and_is_encrypted_at_rest() -> None:
    who = owner()
    file = keep_attachment(read_paper("RIB.pdf", PAPER), by=who.actor, at=NOW)
    join_attachment(file.opaque, "C-1", by=who.actor, at=NOW)
    assert content_of(who.actor, "C-1", file.opaque) == ("RIB.pdf", "application/pdf", PAPER)
    assert b"Catalog" not in bytes(Attachment.objects.get().content)
    assert [line.name for line in attachments_of(who.actor, "C-1")] == ["RIB.pdf"]


@pytest.mark.parametrize(
    "content",
    [b"", b"MZ\x90\x00", b"<html><script>", b"GIF89a", b" %PDF-1.7", b"%PDF-" + b"x" * LARGEST_FILE],
    ids=["empty", "program", "html", "gif", "almost", "heavy"],
)
def test_what_is_no_pdf_or_picture_is_not_kept_whatever_its_name(content: bytes) -> None:
    with pytest.raises(WrongFile):
        read_paper("rib.pdf", content)
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Documents\\mon rib.exe", "mon rib.pdf"),
        ("", "piece.pdf"),
        ("..", "piece.pdf"),
        ('a"; filename="b.html', "a filenameb.pdf"),
        ("x" * 400 + ".pdf", "x" * 60 + ".pdf"),
        ("relevé n° 3\r\n.pdf", "relevé n 3.pdf"),
    ],
)
def test_a_name_is_never_a_path(given: str, kept: str) -> None:
    assert name_of_file(given, "application/pdf") == kept


def test_somebody_elses_file_is_neither_seen_nor_joined() -> None:
    who, stranger = owner(), owner()
    file = keep_attachment(paper("rib.pdf"), by=who.actor, at=NOW)
    with pytest.raises(NotFound):
        join_attachment(file.opaque, "C-1", by=stranger.actor, at=NOW)
    join_attachment(file.opaque, "C-1", by=who.actor, at=NOW)
    with pytest.raises(NotFound):
        join_attachment(file.opaque, "C-2", by=who.actor, at=NOW)
    for actor, subject, opaque in (
        (stranger.actor, "C-1", file.opaque),
        (who.actor, "", file.opaque),
        (who.actor, "C-2", file.opaque),
        (who.actor, "C-1", uuid4()),
    ):
        with pytest.raises(NotFound):
            content_of(actor, subject, opaque)


def test_five_files_at_most() -> None:
    who = owner()
    for _ in range(5):
        join_attachment(keep_attachment(paper("a.pdf"), by=who.actor, at=NOW).opaque, "C-1", by=who.actor, at=NOW)
    with pytest.raises(WrongFile):
        join_attachment(keep_attachment(paper("a.pdf"), by=who.actor, at=NOW).opaque, "C-1", by=who.actor, at=NOW)
