"""A July rent that came on paper, registered by an agent: judged as on the grid, sent at once, with a receipt of its own.

The landlord stated it, on paper: the channel is « paper » and the receipt is theirs. The agent's name stands in the journal alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from parvis.audit.journal import record
from parvis.correspondence.services import queue_letter
from parvis.declarations import events, workflow
from parvis.declarations.kinds.july_rent import Assessment, assess
from parvis.declarations.models import Receipt, SubmissionChannel
from parvis.declarations.refusals import (
    AlreadySubmitted,
    KeyUsedOtherwise,
    NotInCampaign,
    PaperNotReadable,
    RentChanged,
)
from parvis.declarations.selectors.campaign.on_paper import (
    PaperPlace,
    Recipient,
    holder_of,
    paper_sheet,
    place_of,
    recipient_of,
)
from parvis.declarations.selectors.grid import GridRow
from parvis.declarations.services import counts, drafts, submission
from parvis.declarations.services.receipts.emails import queue_receipts
from parvis.kit.actors import Actor, Duty, check_holds
from parvis.kit.clock import day_in_paris
from parvis.kit.money import euros
from parvis.kit.periods import day
from parvis.kit.refusals import ChangedMeanwhile

LETTER = "declarations/letters/receipt"
LONGEST_WORDS = 200
SEEN_ALREADY = "Ce loyer est déjà transmis. Rien n’est enregistré."
NOT_OPEN = "Ce locataire n’est dans aucune campagne ouverte\u00a0: il n’y a rien à enregistrer pour lui."


@dataclass(frozen=True, slots=True)
class Paper:
    """What a landlord's paper says, as the agent typed it.

    ``confirmed`` are the warnings the agent looked at again on the paper, beside the amounts that ``asked`` names
    (:func:`asked_of`); ``words`` is what it explains, ``seen`` the version of the line that the page showed.
    """

    typed: str
    received_on: date
    previous_typed: str = ""
    confirmed: tuple[str, ...] = ()
    words: str = ""
    seen: str = ""
    asked: str = ""


def judged(row: GridRow, paper: Paper) -> Assessment:
    """What is to be thought of a paper's amounts: the words and limits of the grid. Other amounts are asked about anew."""
    return assess(row.facts, typed=paper.typed, previous_typed=paper.previous_typed, confirmed=_ticked(row, paper))


def asked_of(row: GridRow, found: Assessment) -> str:
    """The amounts that warnings were shown beside: the rent, and the July before it is compared with."""
    before = row.last_july_cents if found.previous_cents is None else found.previous_cents
    return f"{found.cents} {before}"


def _ticked(row: GridRow, paper: Paper) -> tuple[str, ...]:
    """What was confirmed of these very amounts."""
    if not paper.confirmed:
        return ()
    found = assess(row.facts, typed=paper.typed, previous_typed=paper.previous_typed)
    return paper.confirmed if paper.asked == asked_of(row, found) else ()


@transaction.atomic
def register_paper(reference: UUID, paper: Paper, *, submission_key: UUID, by: Actor, at: datetime) -> Receipt:
    """Send one July rent, with that of the year before where it is asked, as the landlord's paper says them.

    The same key gives the same receipt. Refused: a rent already sent, a tenancy out of the campaign, an amount that cannot be
    read or that a warning still waits for, a line somebody saved since it was shown, a day to come. A draft of the landlord's that
    was shown is replaced.
    """
    check_holds(by, Duty.REGISTER_PAPER)
    place = place_of(by, reference)
    target = workflow.DECLARATION.target(workflow.REGISTER, workflow.DRAFT, by)
    sheet = paper_sheet(by, reference, at=at)
    if sheet.card is None:
        raise NotInCampaign(NOT_OPEN)
    year = sheet.card.year
    counts.lock(place.landlord_id, year)
    known = Receipt.objects.filter(landlord_id=place.landlord_id, submission_key=submission_key).first()
    if known is not None:
        return _replayed(known, reference)
    row = _open_row(by, reference, paper, at=at)
    found = _readable(row, paper)
    check_received(paper.received_on, year, today=day_in_paris(at))
    told = recipient_of(place, at=at)
    sender = replace(holder_of(by, place), account_id=told.account_id, person=_came(paper.received_on))
    change = drafts.Change(
        row, found, paper.typed, paper.previous_typed, _ticked(row, paper), paper.words[:LONGEST_WORDS]
    )
    drafts.keep(sender, year, [change], channel=SubmissionChannel.PAPER, at=at)
    receipt = _send(sender, row, submission.Sending(submission_key, "", target, at), paper.received_on)
    about = replace(by, partner_id=place.landlord_id)
    details = {"year": year, "received_on": paper.received_on.isoformat(), "office": place.caf_code}
    record(events.REGISTERED, subject=receipt.number, by=about, at=at, **details)
    _tell(receipt, place, told, year, found, paper.received_on, at=at)
    return receipt


def _replayed(receipt: Receipt, reference: UUID) -> Receipt:
    if not receipt.declarations.filter(tenancy__reference=reference).exists():
        raise KeyUsedOtherwise
    return receipt


def _open_row(by: Actor, reference: UUID, paper: Paper, *, at: datetime) -> GridRow:
    """The line as it is now that its landlord's counts are locked."""
    row = paper_sheet(by, reference, at=at).row
    if row is None:
        raise NotInCampaign(NOT_OPEN)
    if not row.is_open:
        raise AlreadySubmitted(SEEN_ALREADY)
    if row.saved_at is not None and paper.seen != row.version:
        raise RentChanged
    return row


def _readable(row: GridRow, paper: Paper) -> Assessment:
    found = judged(row, paper)
    if found.fault or found.cents is None:
        raise PaperNotReadable(found.fault or "Écrivez le loyer que le papier indique.", field="rent")
    if found.previous_fault:
        raise PaperNotReadable(found.previous_fault, field="previous")
    if found.pending:
        raise PaperNotReadable("Regardez le papier à nouveau, puis cochez ce qu’il dit bien.", field="confirmed")
    return found


def check_received(received_on: date, year: int, *, today: date) -> None:
    """Refuse a day to come, and one before the rent was due."""
    if received_on > today:
        raise PaperNotReadable("Ce jour n’est pas encore venu.", field="received_on")
    if received_on < date(year, 7, 1):
        raise PaperNotReadable(f"Ce jour est avant juillet {year}.", field="received_on")


def _came(received_on: date) -> str:
    """Who « sent » it, as receipts and mails print it after « Transmis par »."""
    return f"courrier papier, reçu le {day(received_on)}"


def _send(sender: Actor, row: GridRow, sending: submission.Sending, received_on: date) -> Receipt:
    """The draft just kept leaves as from the grid: its entry and the counts move with it."""
    ready = submission.ready_of(sender, row.year, row.tenancy_id)
    if ready is None:
        raise ChangedMeanwhile
    receipt = submission.open_receipt(sender, row.caf_code, 1, sending)
    submission.declare_rents(sender, row.year, [row.tenancy_id], receipt, state=sending.state)
    befores = [ready.before_id] if ready.before_id is not None else []
    submission.submit_drafts(sender, befores, receipt, state=sending.state)
    submission.move_entries(sender, row.year, [ready])
    submission.seal(receipt, received_on=received_on)
    return receipt


def _tell(
    receipt: Receipt,
    place: PaperPlace,
    told: Recipient,
    year: int,
    found: Assessment,
    received_on: date,
    *,
    at: datetime,
) -> None:
    """The usual mail with the receipt; a letter where no mailbox is proved, or where paper is wished."""
    if told.by_email:
        queue_receipts([receipt], at=at)
    if not told.by_letter:
        return
    before = euros(found.previous_cents) if found.previous_cents is not None else "—"
    queue_letter(
        to_address=[told.name, *(line for line in told.lines if line and line.strip())],
        template=LETTER,
        context={
            "account_name": told.name,
            "login_id": told.login_id,
            "user_number": told.user_number,
            "office": told.office,
            "number": receipt.number,
            "received": received_on.isoformat(),
            "year": year,
            "tenant": place.tenant,
            "before": before,
            "cents": found.cents,
            "effect": (receipt.stated or {}).get("effect", ""),
        },
        at=at,
        account_id=told.account_id,
        partner_id=place.landlord_id,
    )
