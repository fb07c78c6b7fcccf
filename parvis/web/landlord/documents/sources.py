"""The documents there are: receipts, statements, years, mails, letters, answers, requests, files. Said to the list at the start."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from functools import partial

from django.urls import reverse

from parvis.changes.selectors.attachments import papers_of_changes
from parvis.changes.selectors.requests import changes_before
from parvis.contact.selectors.own import answers_before
from parvis.correspondence.models import Channel
from parvis.correspondence.selectors import messages_of_account
from parvis.declarations.bulk.report import files_before
from parvis.declarations.selectors.tenant_declared import papers_of_declarations, receipts_about
from parvis.kit.actors import Right
from parvis.kit.clock import PARIS, day_in_paris
from parvis.kit.money import NBSP, euros
from parvis.kit.periods import day
from parvis.kit.text import fold
from parvis.tenancies.selectors.payments.statements import statements_before
from parvis.tenancies.selectors.payments.transfers import years_of
from parvis.web.landlord.documents import Document, Reader, Reading, Source, Wanted, add
from parvis.web.landlord.documents import contents as made

LAST_MINUTE = time(23, 59)
ADDRESSES = {
    "declaration": ("declaration", "declaration-attachment"),
    "change": ("change", "change-attachment"),
    "awaited": ("awaited-paper", "awaited-paper-file"),
}
"""The pages of what a file was joined to, and of the file."""


def _receipts(reader: Reader, wanted: Wanted, limit: int) -> Iterable[Document]:
    found = receipts_about(
        reader.actor, earlier=wanted.before, limit=limit, tenancies=wanted.tenancies, number=wanted.words
    )
    may_open = reader.actor.may(Right.CONSULT)
    for line in found:
        number = [reader.account, line.number]
        file_url = reverse("receipt-pdf", args=number) if may_open else ""
        contents = partial(made.receipt, reader, line.number) if may_open else None
        title = f"Accusé d’enregistrement {line.number}"
        yield Document(line.at, line.number, "Accusé", title, reverse("receipt", args=number), file_url, contents)


def _statements(reader: Reader, wanted: Wanted, limit: int) -> Iterable[Document]:
    """A transfer has a day and no hour: it stands at the beginning of its day."""
    until = day_in_paris(wanted.before.at)
    key = wanted.before.key if wanted.before.at == _morning(until) else None
    if key == "":
        until, key = date.fromordinal(until.toordinal() - 1), None
    found = statements_before(
        reader.actor, until, key=key, limit=limit, tenancies=wanted.tenancies, transfer_ref=wanted.words
    )
    for line in found:
        place = [reader.account, line.reference]
        title = f"Versement du {day(line.paid_on)}, {euros(line.total_cents)}"
        file_url = reverse("payments-statement-pdf", args=place)
        contents = partial(made.statement, reader, line.reference)
        address = reverse("payments-statement", args=place)
        yield Document(
            _morning(line.paid_on),
            str(line.reference),
            "Relevé",
            title,
            address,
            file_url,
            contents,
            False,
        )


def _years(reader: Reader, wanted: Wanted, limit: int) -> Iterable[Document]:
    """The yearly statements, of the years that are over."""
    if not reader.actor.may(Right.PAYMENTS):
        return
    for year in years_of(reader.actor, today=day_in_paris(reader.at)):
        at, title = datetime.combine(date(year, 12, 31), LAST_MINUTE, PARIS), f"Récapitulatif annuel {year}"
        if (at, str(year)) < wanted.before and fold(wanted.words) in fold(title):
            place = [reader.account, year]
            contents = partial(made.year, reader, year)
            file_url = reverse("payments-year-pdf", args=place)
            address = reverse("payments-year", args=place)
            yield Document(at, str(year), "Récapitulatif", title, address, file_url, contents, False)


def _messages(channel: Channel) -> Reading:
    def read(reader: Reader, wanted: Wanted, limit: int) -> Iterable[Document]:
        found = messages_of_account(
            reader.actor, before=wanted.before, limit=limit, channel=channel, words=wanted.called or wanted.words
        )
        for line in found:
            url = reverse("profile-message", args=[reader.account, line.reference])
            title = line.subject or "Message en préparation"
            contents = partial(made.message, reader, line.reference)
            yield Document(line.created_at, line.reference, str(channel.label), title, url, contents=contents)

    return read


def _answers(reader: Reader, wanted: Wanted, limit: int) -> Iterable[Document]:
    """What the office itself wrote in « Mes messages »: the mail that tells of it does not say it."""
    for line in answers_before(reader.actor, wanted.before, limit=limit, words=wanted.called or wanted.words):
        thread = line.thread
        title = f"Réponse au message {thread.number}, {thread.title}"
        url = reverse("conversation", args=[reader.account, thread.opaque])
        contents = partial(made.answer, reader, thread.opaque, line.opaque)
        yield Document(line.at, str(line.opaque), "Réponse", title, url, contents=contents)


def _changes(reader: Reader, wanted: Wanted, limit: int) -> Iterable[Document]:
    found = changes_before(reader.actor, wanted.before, limit=limit, tenancies=wanted.tenancies, number=wanted.words)
    for line in found:
        title = f"{line.kind_label} {line.number}{f', {line.tenant}' if line.tenant else ''}"
        url = reverse("change", args=[reader.account, line.number])
        file_url = reverse("change-pdf", args=[reader.account, line.number])
        contents = partial(made.change, reader, line.number)
        yield Document(line.asked_at, line.number, "Demande", title, url, file_url, contents)


def _papers(reader: Reader, wanted: Wanted, limit: int) -> Iterable[Document]:
    """What was joined to declarations and requests, and given because the office asked for it."""
    about = wanted.tenancies
    found = papers_of_declarations(reader.actor, wanted.before, limit=limit, tenancies=about, words=wanted.words)
    found += papers_of_changes(reader.actor, wanted.before, limit=limit, tenancies=about, words=wanted.words)
    for line in found:
        title, place = f"{line.name}, joint à{NBSP}: {line.title}", [reader.account, line.place]
        page, file = ADDRESSES[line.joined_to]
        file_url = reverse(file, args=[*place, line.opaque])
        contents = partial(made.paper, reader, line.subject, line.opaque)
        yield Document(line.kept_at, str(line.opaque), "Pièce", title, reverse(page, args=place), file_url, contents)


def _rent_files(reader: Reader, wanted: Wanted, limit: int) -> Iterable[Document]:
    if not reader.actor.may(Right.DECLARE):
        return
    for line in files_before(reader.actor, wanted.before, limit=limit, words=wanted.words):
        title = f"Fichier de loyers {line.year}\u00a0: {line.name}"
        url = reverse("rent-file", args=[reader.account, line.reference])
        yield Document(line.received_at, str(line.reference), "Fichier", title, url)


def _morning(of: date) -> datetime:
    return datetime.combine(of, time.min, PARIS)


def register() -> None:
    """Say all of them, in the order of the list of kinds."""
    add(Source("accuses", "Accusés d’enregistrement", _receipts, about_tenants=True))
    add(Source("releves", "Relevés de versement", _statements, about_tenants=True))
    add(Source("annees", "Récapitulatifs annuels", _years))
    add(Source("mails", "Mails reçus", _messages(Channel.EMAIL), about_tenants=True))
    add(Source("lettres", "Lettres reçues", _messages(Channel.LETTER), about_tenants=True))
    add(Source("reponses", "Réponses de votre caisse", _answers, about_tenants=True))
    add(Source("demandes", "Demandes de changement", _changes, about_tenants=True))
    add(Source("pieces", "Pièces que vous avez jointes", _papers, about_tenants=True))
    add(Source("fichiers", "Fichiers de loyers", _rent_files))
