"""Each line of « Ce qui s’est passé » in a sentence: what, by which way, where it stands, and where its detail is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from parvis.audit.happened import BY_LANDLORD, BY_MACHINERY, Place
from parvis.audit.selectors import FullLine, entries_of
from parvis.changes.selectors.requests import ChangeLine, changes_told
from parvis.contact.selectors.of_landlord import threads_told
from parvis.contact.selectors.reading import Line as Thread
from parvis.correspondence.selectors import Sent, messages_of_keys
from parvis.declarations.selectors.receipts.sendings import Decided, Sending, declarations_named, sendings_of
from parvis.identity.rules import masked
from parvis.identity.selectors.travels import BRINGS, Travel, travel_alone
from parvis.kit.actors import ActorKind, Duty
from parvis.kit.periods import moment
from parvis.landlords.selectors.for_agents.accounts import AccountCard
from parvis.landlords.selectors.for_agents.files import LandlordFile
from parvis.web.backoffice.files import journeys
from parvis.web.backoffice.files.opened import reader_of
from parvis.web.backoffice.files.states import CHANGE_KINDS, DECLARATION_KINDS, THREAD_KINDS, words_of
from parvis.web.backoffice.gate import AgentRequest
from parvis.web.frame.templating import address

LETTER, SENDING, CHANGE, THREAD = "letter", "sending", "change", "thread"
"""The branches of the list, besides those of the journal."""
_NAMED = re.compile(r"([CDE])-\d{4}-\d{9}-[A-Z]", re.ASCII)

_BY = {ActorKind.AGENT: "Agent {}", ActorKind.SYSTEM: "Le portail"}


class Line(NamedTuple):
    """One line; ``way`` is the channel or who acted, ``kind`` the colour of ``state``, ``url`` its detail, where there is one."""

    at: datetime
    title: str
    url: str
    note: str
    way: str
    kind: str = ""
    state: str = ""


class _Found(NamedTuple):
    """What stands behind a page of places, each room asked once."""

    entries: dict[int, FullLine]
    messages: dict[int, Sent]
    sendings: dict[int, Sending]
    changes: dict[int, ChangeLine]
    threads: dict[int, Thread]
    named: dict[str, ChangeLine | Thread | Decided]


class _Teller(NamedTuple):
    """To whom it is told, in which file."""

    request: AgentRequest
    file: LandlordFile
    travels: dict[str, Travel]

    def address(self, name: str, *words: object) -> str:
        """The address of a detail of the file."""
        return address(name, str(self.file.partner_id), *(str(word) for word in words))


def lines_of(
    request: AgentRequest, file: LandlordFile, cards: Iterable[AccountCard], places: Sequence[Place]
) -> list[Line]:
    """The places as lines. An act that is about what the agent may not see is left out."""
    found = _found(request, file, places)
    travels = {travel.message.reference: travel for card in cards for travel in card.travels}
    teller = _Teller(request, file, travels)
    return [line for place in places if (line := _line(teller, found, place)) is not None]


def _found(request: AgentRequest, file: LandlordFile, places: Sequence[Place]) -> _Found:
    keys: dict[str, list[int]] = {}
    for place in places:
        keys.setdefault(place.branch, []).append(place.pk)
    reader = reader_of(request.actor, file)
    entries = entries_of(keys.get(BY_LANDLORD, []) + keys.get(BY_MACHINERY, []))
    numbers: dict[str, set[str]] = {"C": set(), "D": set(), "E": set()}
    for entry in entries.values():
        if match := _NAMED.fullmatch(entry.subject):
            numbers[match[1]].add(entry.subject)
    changes = changes_told(reader, keys.get(CHANGE, []), numbers["C"])
    threads = threads_told(reader, keys.get(THREAD, []), numbers["E"])
    named: dict[str, ChangeLine | Thread | Decided] = {**declarations_named(reader, numbers["D"])}
    named |= {one.number: one for _, one in changes} | {one.number: one for _, one in threads}
    return _Found(
        entries,
        messages_of_keys(keys.get(LETTER, [])),
        sendings_of(keys.get(SENDING, [])),
        dict(changes),
        dict(threads),
        named,
    )


def _line(teller: _Teller, found: _Found, place: Place) -> Line | None:
    if place.branch == LETTER:
        return _of_message(teller, found.messages[place.pk])
    if place.branch == SENDING:
        return _of_sending(teller, found.sendings[place.pk])
    if place.branch == CHANGE:
        return _of_change(teller, found.changes[place.pk])
    if place.branch == THREAD:
        return _of_thread(teller, found.threads[place.pk])
    return _of_entry(teller, found.entries[place.pk], found.named)


def _of_message(teller: _Teller, message: Sent) -> Line:
    """A mail or a letter, and how far it is; one that brought credentials tells whether they still serve."""
    at = teller.request.now
    travel = teller.travels.get(message.reference) or travel_alone(message, at=at)
    what = f"{BRINGS[message.template]}\u00a0: " if message.template in BRINGS else ""
    waits = "Lettre à préparer" if travel.is_letter else "Mail à préparer"
    said = journeys.told_of(travel, at=at)
    note = f"{what}{said[:1].lower()}{said[1:]}" if what else said
    way = f"Lettre {message.number}".strip() if travel.is_letter else f"Mail à {masked(message.to_email)}"
    url = teller.address("file-message", message.reference)
    return Line(message.created_at, message.subject or waits, url, note, way, *journeys.pill_of(travel))


def _of_sending(teller: _Teller, sending: Sending) -> Line:
    """What was declared: of one declaration where it stands, of several the receipt, which has them all."""
    url = teller.address("file-receipt", sending.number)
    note = f"Transmis par {sending.person}, accusé {sending.number}."
    state = (DECLARATION_KINDS.get(sending.state, ""), words_of(sending.state)) if sending.how_many == 1 else ("", "")
    return Line(sending.at, sending.title, url, note, sending.way, *state)


def _of_change(teller: _Teller, change: ChangeLine) -> Line:
    url = teller.address("file-change", change.number)
    note = f"{change.number}, demandée par {change.person}, {change.office}."
    pill = CHANGE_KINDS.get(change.state, "info"), change.state_label
    return Line(change.asked_at, _change_words(change), url, note, "En ligne", *pill)


def _change_words(change: ChangeLine) -> str:
    return f"{change.kind_label} ••••\u00a0{change.last4}" if change.last4 else change.kind_label


def _of_thread(teller: _Teller, thread: Thread) -> Line:
    answered = f" Répondu le {moment(thread.answered_at)}." if thread.answered_at else ""
    note = f"{thread.number}, écrit par {thread.person}, {thread.office_name}.{answered}"
    title, url = _thread_words(teller, thread)
    return Line(thread.asked_at, title, url, note, "En ligne", THREAD_KINDS.get(thread.state, ""), thread.state_label)


def _thread_words(teller: _Teller, thread: Thread) -> tuple[str, str]:
    """Its topic; what was written beside it and the thread itself are for those who answer at its office."""
    if not teller.request.actor.holds(Duty.ANSWER_MESSAGES, [thread.office_code]):
        return f"Message\u00a0: {thread.topic_words}", ""
    return f"Message\u00a0: {thread.title}", address("agent-conversation", str(thread.opaque))


def _of_entry(teller: _Teller, entry: FullLine, named: dict[str, ChangeLine | Thread | Decided]) -> Line | None:
    """An act of the journal; of one that names a request, a declaration or a thread, which one, and its address."""
    title, url = entry.sentence, ""
    if _NAMED.fullmatch(entry.subject):
        about = named.get(entry.subject)
        if about is None:
            return None
        words, url = _about(teller, about)
        title = f"{title}\u00a0: {words}"
    note = ", ".join(part for part in (entry.note, entry.browser) if part)
    return Line(entry.at, title, url, note, _BY.get(entry.kind, "{}").format(entry.by))


def _about(teller: _Teller, about: ChangeLine | Thread | Decided) -> tuple[str, str]:
    if isinstance(about, ChangeLine):
        return _change_words(about), teller.address("file-change", about.number)
    if isinstance(about, Decided):
        return f"{about.title}, {about.name}", teller.address("file-declaration", about.opaque)
    title, url = _thread_words(teller, about)
    return title.removeprefix("Message\u00a0: "), url
