"""What a document is as a file of the archive: made when its turn comes, one at a time, by the same papers as the pages'."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.urls import reverse

from parvis.changes.selectors.attachments import content_of
from parvis.changes.selectors.requests import change_of, expected_answer
from parvis.contact.models import Side
from parvis.contact.selectors.own import conversation_of
from parvis.correspondence.selectors import message_of_account
from parvis.declarations.paper import typeset
from parvis.declarations.paper.whole import check_url, whole_paper
from parvis.declarations.refusals import ReceiptAltered
from parvis.declarations.selectors import receipt_of
from parvis.kit.clock import day_in_paris
from parvis.kit.periods import day, moment
from parvis.sheets import writing
from parvis.tenancies.paper import statement_pdf
from parvis.tenancies.selectors.payments.statement import all_lines, statement_of
from parvis.tenancies.selectors.payments.yearly import year_of
from parvis.web.landlord.documents import Reader
from parvis.web.landlord.views.changes.words import stated_of
from parvis.web.landlord.views.payments import files
from parvis.web.landlord.views.payments.papers import Heading, changes_section, statement_paper, year_paper

MOST_RENTS_ON_PAPER = 3_000
"""A receipt of more rents is made on its own page, not in the middle of an archive."""
MOST_IN_A_TABLE = 20_000
"""So is a statement of more tenants: the archive holds one document in memory at a time."""

File = tuple[str, bytes]
ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
"""Of the kinds of files that may be joined."""


def receipt(reader: Reader, number: str) -> File:
    """The receipt as it was given; one that proves nothing any more says so."""
    try:
        sheet = receipt_of(reader.actor, number)
    except ReceiptAltered as refusal:
        return "txt", refusal.sentence.encode()
    if sheet.count > MOST_RENTS_ON_PAPER:
        told = f"Accusé {number}, {sheet.count} loyers\u00a0: téléchargez-le depuis sa page.\r\n{check_url(sheet)}\r\n"
        return "txt", told.encode()
    return "pdf", whole_paper(sheet)


def statement(reader: Reader, transfer: UUID) -> File:
    """The statement of a transfer: on paper, or as a table where it is too long for it."""
    found = statement_of(reader.actor, transfer)
    if found.tenancies > MOST_IN_A_TABLE:
        address = settings.PUBLIC_URL + reverse("payments-statement", args=[reader.account, transfer])
        told = f"Versement du {day(found.paid_on)}, {found.tenancies} locataires\u00a0: téléchargez son relevé depuis sa page."
        return "txt", f"{told}\r\n{address}\r\n".encode()
    lines = all_lines(reader.actor, found)
    if found.tenancies > files.MOST["pdf"]:
        rows = (files.statement_row(line, found) for line in lines)
        return "csv", b"".join(writing.csv_parts([files.STATEMENT_COLUMNS, *rows]))
    heading = Heading(reader.landlord_name, reader.user_number, reader.at)
    changes = changes_section(reader.actor, reader.account, found)
    return "pdf", statement_pdf(statement_paper(heading, found, list(lines), changes), at=reader.at)


def year(reader: Reader, of: int) -> File:
    """The yearly statement."""
    heading = Heading(reader.landlord_name, reader.user_number, reader.at)
    return "pdf", statement_pdf(
        year_paper(heading, year_of(reader.actor, of, today=day_in_paris(reader.at))), at=reader.at
    )


def message(reader: Reader, reference: str) -> File:
    """The words of a mail or a letter, its secrets masked."""
    found, body = message_of_account(reader.actor, reference)
    when = moment(found.sent_at or found.created_at)
    attached = ["", f"Pièce jointe\u00a0: {found.attachment_name}"] if found.attachment_name else []
    return "txt", "\r\n".join([found.subject, when, "", *body.splitlines(), *attached, ""]).encode()


def answer(reader: Reader, conversation: UUID, opaque: UUID) -> File:
    """What the office answered, under what it answers: all both sides had written in the thread until then."""
    thread, said = conversation_of(reader.actor, conversation)
    until = next(number for number, one in enumerate(said, start=1) if one.opaque == opaque)
    lines = [f"Message {thread.number}", thread.title]
    for one in said[:until]:
        who = thread.office_name if one.side == Side.OFFICE else one.person
        joined = [f"Pièce jointe\u00a0: {file.name}" for file in one.files]
        lines += ["", f"{who}, le {moment(one.at)}", "", *one.lines, *joined]
    return "txt", "\r\n".join([*lines, ""]).encode()


def change(reader: Reader, number: str) -> File:
    """What was asked of the office as it was asked, and where it stands: the paper of its page."""
    found, steps = change_of(reader.actor, number)
    stated = stated_of(found, steps, landlord=reader.landlord_name, expected=expected_answer(found))
    return "pdf", typeset(stated, at=found.asked_at)


def paper(reader: Reader, subject: str, opaque: UUID) -> File:
    """A file as it is kept, under the ending of its kind."""
    _, media_type, content = content_of(reader.actor, subject, opaque)
    return ENDINGS.get(media_type, "bin"), content
