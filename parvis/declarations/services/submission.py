"""Sending what is ready: one transaction, each rent once, a receipt per office.

Two clicks give one receipt (the form's key), two tabs or colleagues one declaration each (the lock on the landlord's counts, and
a conditional UPDATE). The journal has one entry a receipt: the references are in the receipt's declarations, and one entry a
rent would write an organisation's ten thousand rows twice.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from parvis.audit.journal import record
from parvis.declarations import events, workflow
from parvis.declarations.models import Receipt
from parvis.declarations.refusals import JustSent, KeyUsedOtherwise, NothingToSend, RentsChanged
from parvis.declarations.rules import NO_DRAFT, effect_of, steps_of
from parvis.declarations.selectors.ready import ready_query, ready_values
from parvis.declarations.selectors.receipts import content_hash
from parvis.declarations.services import counts, drafts, papers
from parvis.declarations.services.receipts.emails import queue_receipts
from parvis.declarations.services.receipts.expecting import expected_on
from parvis.declarations.services.receipts.numbers import receipt_number, references
from parvis.declarations.services.receipts.sent import receipts_seen, sent_as_shown
from parvis.kit.actors import Actor
from parvis.kit.clock import day_in_paris
from parvis.kit.periods import moment
from parvis.kit.refusals import ChangedMeanwhile

JUST_NOW = timedelta(hours=1)
"""A sending of a colleague so fresh explains why nothing is left to send."""


class Ready(NamedTuple):
    """A July rent that would leave, with the July of the year before where it was asked."""

    before_id: int | None
    caf_code: str
    cents: int
    content: str
    sort_name: str
    tenancy_id: int


@transaction.atomic
def submit_ready(actor: Actor, year: int, *, submission_key: UUID, expected: str, at: datetime) -> list[Receipt]:
    """Hand all that is ready, and that the actor sees, to its offices; ``expected`` is the fingerprint of what the person was shown.

    The same key gives the same receipts. If anything changed since it was shown, nothing is sent.
    """
    target = workflow.DECLARATION.target(workflow.SUBMIT, workflow.DRAFT, actor)
    counts.lock(actor.partner_id, year)
    sent = list(receipts_seen(actor).filter(submission_key=submission_key).order_by("number"))
    if sent:
        if sent[0].shown != expected:
            raise KeyUsedOtherwise
        return sent
    drafts.set_aside(actor, year)
    ready, fingerprint = _ready(actor, year)
    if fingerprint != expected or not ready:
        _refuse_changed(actor, expected, bool(ready), at)
    receipts = [
        _send(actor, year, office, ready, Sending(submission_key, expected, target, at))
        for office in sorted({draft.caf_code for draft in ready})
    ]
    move_entries(actor, year, ready)
    queue_receipts(receipts, at=at)
    return receipts


def _refuse_changed(actor: Actor, expected: str, anything_ready: bool, at: datetime) -> None:
    """Say why nothing is sent: the rents just left (the very same, or all there were), others are ready, or none is."""
    sent = receipts_seen(actor).filter(is_of_rents=True).order_by("-at")
    theirs = sent_as_shown(actor, expected, anything_left=anything_ready)
    if theirs is None and expected and not anything_ready:
        theirs = sent.filter(at__gt=at - JUST_NOW).first()
    if theirs is not None:
        raise JustSent(theirs.number, theirs.person, moment(theirs.at))
    if anything_ready:
        raise RentsChanged
    raise NothingToSend


def ready_of(actor: Actor, year: int, tenancy_id: int) -> Ready | None:
    """The July rent of one tenancy that would leave, if it is ready."""
    with connection.cursor() as cursor:
        values = {**ready_values(actor, year), "tenancy": tenancy_id}
        cursor.execute(f"{ready_query(actor)} AND e.tenancy_id = %(tenancy)s", values)
        row = cursor.fetchone()
    return Ready(*row) if row else None


def _ready(actor: Actor, year: int) -> tuple[list[Ready], str]:
    """The drafts that would leave, and their fingerprint, written as the check page's."""
    with connection.cursor() as cursor:
        query = f"{ready_query(actor)} ORDER BY e.sort_name, e.tenancy_id"
        cursor.execute(query, ready_values(actor, year))
        ready = [Ready(*row) for row in cursor.fetchall()]
    content = "\n".join(draft.content for draft in ready).encode()
    return ready, hashlib.md5(content, usedforsecurity=False).hexdigest() if ready else ""


@dataclass(frozen=True, slots=True)
class Sending:
    """What all receipts of one sending share."""

    key: UUID
    shown: str
    state: str
    at: datetime


_SUBMIT = """
UPDATE declarations_declaration d SET state = %(state)s, reference = s.reference, receipt_id = %(receipt)s,
  submitted_at = %(at)s, account_id = %(account)s
FROM unnest(%(ids)s::bigint[], %(references)s::text[]) AS s(id, reference)
WHERE d.id = s.id AND d.state = 'draft' AND d.landlord_id = %(landlord)s
"""


def _send(actor: Actor, year: int, office: str, ready: Sequence[Ready], sending: Sending) -> Receipt:
    """One office's share: its receipt, its declarations, their references."""
    own = [draft for draft in ready if draft.caf_code == office]
    befores = [draft.before_id for draft in own if draft.before_id is not None]
    receipt = open_receipt(actor, office, len(own), sending)
    declare_rents(actor, year, [draft.tenancy_id for draft in own], receipt, state=sending.state)
    submit_drafts(actor, befores, receipt, state=sending.state)
    seal(receipt)
    details = {"year": year, "rents": len(own), "declarations": len(own) + len(befores), "office": office}
    record(events.SUBMITTED, subject=receipt.number, by=actor, at=sending.at, **details)
    return receipt


def open_receipt(actor: Actor, office: str, count: int, sending: Sending, *, is_of_rents: bool = True) -> Receipt:
    """A receipt with its number, before what it acknowledges: its hash is written with the declarations."""
    return Receipt.objects.create(
        number=receipt_number(sending.at),
        landlord_id=actor.partner_id,
        office_id=office,
        account_id=_account(actor),
        person=actor.person or actor.label,
        submission_key=sending.key,
        at=sending.at,
        count=count,
        content_hash=b"",
        shown=sending.shown,
        is_of_rents=is_of_rents,
    )


def _account(actor: Actor) -> int:
    """Only an account sends (workflow: by a partner)."""
    if actor.account_id is None:
        raise ValueError("A partner always has an account.")
    return actor.account_id


# What ``kinds.july_rent.details`` says, as the amount was judged: not of the lease as it became known since.
_HOLDERS = "COALESCE(e.draft_lease_holders, t.lease_holders)"
_DETAILS = f"""jsonb_build_object('year', e.year, 'rent_cents', e.draft_cents, 'charges_cents', NULL,
  'furnished', COALESCE(e.draft_furnished, t.furnished), 'lease_holders', {_HOLDERS},
  'amount_is', CASE WHEN {_HOLDERS} > 1 THEN 'share' ELSE 'whole' END)"""
# The index of the live declaration is the claim: a rent is sent once.
_DECLARE = f"""
INSERT INTO declarations_declaration (kind, tenancy_id, landlord_id, account_id, year, details, typed, warnings, confirmed,
  confirmed_reason, channel, rule, saved_at, reason_code, state, reference, receipt_id, submitted_at)
SELECT 'july_rent', e.tenancy_id, e.landlord_id, %(account)s, e.year, {_DETAILS}, e.draft_typed,
  e.draft_warnings, e.draft_confirmed, e.draft_reason, e.draft_channel, '', e.draft_saved_at, '', %(state)s, s.reference,
  %(receipt)s, %(at)s
FROM unnest(%(tenancies)s::bigint[], %(references)s::text[]) AS s(id, reference)
JOIN declarations_campaignentry e ON e.tenancy_id = s.id AND e.year = %(year)s AND e.landlord_id = %(landlord)s
  AND e.state = 'drafted' AND e.draft_cents IS NOT NULL
JOIN tenancies_tenancy t ON t.id = e.tenancy_id ORDER BY s.reference
ON CONFLICT (tenancy_id, kind, year)
  WHERE kind IN ('july_rent', 'previous_july_rent') AND NOT (state IN ('rejected', 'corrected', 'abandoned')) AND NOT revises DO NOTHING
"""


def declare_rents(actor: Actor, year: int, tenancies: Sequence[int], receipt: Receipt, *, state: str) -> None:
    """Make declarations, sent, of the drafts of these lines, all or none; :func:`move_entries` follows."""
    values: dict[str, Any] = {
        "state": state, "receipt": receipt.pk, "at": receipt.at, "account": actor.account_id, "landlord": actor.partner_id,
        "year": year, "tenancies": list(tenancies), "references": references(len(tenancies), receipt.at),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_DECLARE, values)
        if cursor.rowcount != len(tenancies):
            raise ChangedMeanwhile


def submit_drafts(actor: Actor, ids: Sequence[int], receipt: Receipt, *, state: str) -> None:
    """Draft to sent, all or none, with the files joined to them."""
    if not ids:
        return
    has_papers = papers.state(actor, ids)
    values: dict[str, Any] = {
        "state": state, "receipt": receipt.pk, "at": receipt.at, "account": actor.account_id, "landlord": actor.partner_id,
        "ids": list(ids), "references": references(len(ids), receipt.at),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_SUBMIT, values)
        if cursor.rowcount != len(ids):
            raise ChangedMeanwhile
    if has_papers:
        papers.move(actor, receipt.pk)


STATED = """jsonb_build_object('sort_name', {t}.sort_name, 'first_name', {t}.first_name, 'last_name', {t}.last_name,
  'claimant_number', {t}.claimant_number, 'last_july_cents', {e}.last_july_cents, 'previous_cents', b.cents)"""
"""The tenant ``t`` as a receipt prints them, with the July before: ``e`` the entry's, ``b`` the one sent with this rent."""
_STATE_TENANTS = f"""
UPDATE declarations_declaration d SET stated = {STATED.format(t="t", e="e")} || COALESCE(own.printed, '{{}}')
FROM declarations_declaration own
JOIN tenancies_tenancy t ON t.id = own.tenancy_id
LEFT JOIN declarations_campaignentry e ON e.tenancy_id = own.tenancy_id AND e.year = own.year
LEFT JOIN LATERAL (
  SELECT (x.details ->> 'rent_cents')::int AS cents FROM declarations_declaration x
  WHERE own.kind = 'july_rent' AND x.receipt_id = own.receipt_id AND x.tenancy_id = own.tenancy_id AND x.kind = 'previous_july_rent'
) b ON true
WHERE own.receipt_id = %s AND d.id = own.id
"""
_STATE_RECEIPT = """
UPDATE declarations_receipt r SET stated = jsonb_build_object('login_id', CASE WHEN %s THEN '' ELSE a.login_id END,
  'landlord', COALESCE(NULLIF(l.company_name, ''), btrim(l.first_name || ' ' || l.last_name)),
  'user_number', COALESCE((SELECT n.user_number FROM landlords_thirdpartynumber n
    WHERE n.landlord_id = r.landlord_id AND n.office_id = r.office_id ORDER BY n.absent_since NULLS FIRST, n.id LIMIT 1
  ), a.user_number),
  'office', o.name, 'office_phone', o.phone, 'office_email', COALESCE(NULLIF(o.landlord_email, ''), o.email),
  'office_address', to_jsonb(array_remove(
    ARRAY[o.address_1, o.address_2, btrim(o.postcode || ' ' || o.city)]::text[], '')), 'effect', %s::text, 'steps', %s::jsonb,
  'expected_on', %s::date, 'tells_confirmed', true)
FROM landlords_landlord l, landlords_office o, identity_account a
WHERE r.id = %s AND l.partner_id = r.landlord_id AND o.caf_code = r.office_id AND a.id = r.account_id
RETURNING r.stated::text
"""


def seal(receipt: Receipt, *, is_stated: bool = False, received_on: date | None = None) -> None:
    """Keep what the receipt prints, as it is now, and the hash of it all; from here on triggers refuse any change.

    ``is_stated`` says that its declarations were written with what is printed of their tenants; ``received_on`` is the day a paper
    came: it decides about lateness, and no account sent it.
    """
    with connection.cursor() as cursor:
        if not is_stated:
            cursor.execute(_STATE_TENANTS, [receipt.pk])
        effect, steps = _follows(receipt, received_on)
        told = [effect, json.dumps(steps), expected_on(receipt)]
        cursor.execute(_STATE_RECEIPT, [received_on is not None, *told, receipt.pk])
        receipt.stated = json.loads(cursor.fetchone()[0])
    receipt.content_hash = content_hash(receipt.pk)
    receipt.save(update_fields=["content_hash"])


# The office's own campaign of the year stands before the national one.
_DATES = """
SELECT d.year, c.deadline_on, c.suspension_on, p.min_weeks, p.max_weeks
FROM (SELECT year FROM declarations_declaration WHERE receipt_id = %(receipt)s AND kind = 'july_rent' AND NOT revises LIMIT 1) d
CROSS JOIN LATERAL (SELECT * FROM declarations_rentcampaign c WHERE c.year = d.year
  AND (c.office_id IS NULL OR c.office_id = %(office)s) ORDER BY c.office_id IS NULL LIMIT 1) c
LEFT JOIN landlords_delay p ON p.office_id = %(office)s AND p.topic = 'july_rent'
"""


def _follows(receipt: Receipt, received_on: date | None) -> tuple[str, list[str]]:
    """What the July rents of a receipt change and what happens next, as of the day of their sending; nothing for other
    declarations."""
    with connection.cursor() as cursor:
        cursor.execute(_DATES, {"receipt": receipt.pk, "office": receipt.office_id})
        found = cursor.fetchone()
    if found is None:
        return "", []
    year, deadline, suspension, low, high = found
    today = day_in_paris(receipt.at)
    effect = effect_of(year, on=received_on or today, deadline_on=deadline, suspension_on=suspension)
    return effect, steps_of(today, deadline_on=deadline, weeks=(low, high) if low is not None else None)


_ENTRIES = f"""
UPDATE declarations_campaignentry SET state = 'submitted', {NO_DRAFT}
WHERE landlord_id = %s AND year = %s AND state = 'drafted' AND tenancy_id = ANY(%s)
"""


def move_entries(actor: Actor, year: int, ready: Sequence[Ready]) -> None:
    """The lines of the grid that leave, their drafts with them, and the counts."""
    with connection.cursor() as cursor:
        cursor.execute(_ENTRIES, [actor.partner_id, year, [draft.tenancy_id for draft in ready]])
        if cursor.rowcount != len(ready):
            raise ChangedMeanwhile
    counts.shift(actor.partner_id, year, [(draft.caf_code, "drafted", "submitted") for draft in ready])
