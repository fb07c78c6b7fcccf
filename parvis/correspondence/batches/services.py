"""The life of a batch: each act is a conditional UPDATE, each is done once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Sum

from parvis.audit.journal import record
from parvis.correspondence import events
from parvis.correspondence.batches import files
from parvis.correspondence.batches.models import WAITING, BatchState, LetterBatch
from parvis.correspondence.models import Message
from parvis.correspondence.refusals import BatchNotPossible, SecondPerson
from parvis.correspondence.services import write_anew
from parvis.kit.actors import Actor, Duty, check_holds, check_independent
from parvis.kit.clock import PARIS, day_in_paris
from parvis.kit.db import change_exactly_one, next_value
from parvis.kit.refusals import NotFound
from parvis.parameters.catalogue import LETTER_BUDGET, LETTER_PRICE, POSTAL_DELIVERY
from parvis.parameters.selectors import duration, value

MOST = 100_000
"""As many letters as one batch may hold."""
_GATHER = f"""
UPDATE correspondence_message x SET batch_id = %(batch)s FROM (
  SELECT m.id FROM correspondence_message m WHERE {WAITING}
    AND (%(template)s = '' OR m.template = %(template)s) AND (%(office)s = '' OR m.context -> 'office' ->> 'name' = ANY(%(names)s))
  ORDER BY m.id LIMIT %(most)s FOR UPDATE OF m SKIP LOCKED) chosen
WHERE x.id = chosen.id
"""


@transaction.atomic
def prepare(
    template: str, office: str, *, former: Collection[str] = (), by: Actor, at: datetime, most: int = MOST
) -> LetterBatch:
    """Gather the letters made and not batched, all or those of a text or an office, whose ``former`` names count as its own.

    Of two agents at once, each gets others.
    """
    check_holds(by, Duty.BATCH_LETTERS)
    batch = LetterBatch.objects.create(
        number=f"LOT-{day_in_paris(at).year}-{next_value('correspondence_batch_number'):04d}",
        template=template,
        office=office,
        price_cents=value(LETTER_PRICE),
        prepared_at=at,
        prepared_by=by.label,
    )
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"batch": batch.pk, "template": template, "office": office, "most": most}
        values["names"] = [office, *former]
        cursor.execute(_GATHER, values | {"today": day_in_paris(at)})
        batch.count = cursor.rowcount
    if not batch.count:
        raise BatchNotPossible("Aucune lettre n’attend pour ce choix.")
    batch.has_secrets = Message.objects.filter(batch=batch).exclude(secret="").exists()
    batch.save(update_fields=["count", "has_secrets"])
    told: dict[str, Any] = {"letters": batch.count, "template": template, "office": office}
    record(events.BATCH_PREPARED, subject=batch.number, by=by, at=at, **told)
    return batch


@transaction.atomic
def approve(number: str, *, by: Actor, at: datetime) -> LetterBatch:
    """The second person agrees: the worker makes its files. Beyond the budget of the month it leaves all the same, and is told."""
    batch = _batch(number, by)
    if batch.state != BatchState.PREPARED:
        raise BatchNotPossible("Ce lot n’attend plus de validation.")
    if batch.prepared_by == by.label:
        raise SecondPerson
    check_independent(by, batch.prepared_by)
    over = spent_this_month(at=at) + batch.cost_cents > value(LETTER_BUDGET) * 100
    _change(batch, BatchState.APPROVED, approved_at=at, approved_by=by.label, is_over_budget=over)
    record(events.BATCH_APPROVED, subject=number, by=by, at=at, letters=batch.count, cost_cents=batch.cost_cents)
    if over:
        record(events.BUDGET_EXCEEDED, subject=number, by=by, at=at, budget=value(LETTER_BUDGET))
    return batch


def abandon(number: str, *, by: Actor, at: datetime) -> int:
    """Give its letters back: they wait for another batch. Only before it was approved, or while its files cannot be made.

    A letter whose PDF is lost is written anew, with another secret if it carries one: nobody ever had the first. Says how many.
    """
    batch = _batch(number, by)
    lost = files.missing_of(batch) if batch.failure else []
    return _give_back(batch, lost, by=by, at=at)


@transaction.atomic
def _give_back(batch: LetterBatch, lost: list[str], *, by: Actor, at: datetime) -> int:
    is_stuck = batch.state == BatchState.APPROVED and batch.made_at is None and bool(batch.failure)
    if batch.state != BatchState.PREPARED and not is_stuck:
        raise BatchNotPossible("Ce lot est validé\u00a0: il ne peut plus être abandonné.")
    as_seen = LetterBatch.objects.filter(pk=batch.pk, state=batch.state, made_at__isnull=True)
    change_exactly_one(as_seen, state=BatchState.ABANDONED)
    letters = Message.objects.filter(batch=batch)
    anew = write_anew(letters.filter(number__in=lost), by=by, at=at)
    letters.update(batch=None)
    record(events.BATCH_ABANDONED, subject=batch.number, by=by, at=at, letters=batch.count, anew=anew)
    return anew


@transaction.atomic
def hand_over(number: str, *, by: Actor, at: datetime) -> None:
    """Say that the printing house has the files."""
    batch = _batch(number, by)
    if batch.state != BatchState.APPROVED or batch.made_at is None:
        raise BatchNotPossible("Les fichiers de ce lot ne sont pas prêts.")
    _change(batch, BatchState.HANDED_OVER, handed_over_at=at, handed_over_by=by.label)
    record(events.BATCH_HANDED_OVER, subject=number, by=by, at=at, letters=batch.count)


@transaction.atomic
def mark_posted(number: str, posted_on: date, *, by: Actor, at: datetime) -> None:
    """Say which day the printing house posted it: from then on it is known when its letters arrive."""
    batch = _batch(number, by)
    if batch.state != BatchState.HANDED_OVER:
        raise BatchNotPossible("Ce lot n’est pas chez l’éditique, ou il est déjà posté.")
    assert batch.handed_over_at is not None
    if not day_in_paris(batch.handed_over_at) <= posted_on <= day_in_paris(at):
        raise BatchNotPossible(
            "Le jour de dépôt vient après l’envoi à l’éditique, et pas après aujourd’hui.", field="posted_on"
        )
    expected = posted_on + duration(POSTAL_DELIVERY)
    # What was to be asked of the printing house, of a batch found again after a restore, is answered.
    _change(batch, BatchState.POSTED, posted_on=posted_on, posted_by=by.label, expected_on=expected, failure="")
    told = {"posted_on": posted_on.isoformat(), "expected_on": expected.isoformat()}
    record(events.BATCH_POSTED, subject=number, by=by, at=at, letters=batch.count, **told)


@transaction.atomic
def record_download(number: str, name: str, *, by: Actor, at: datetime) -> LetterBatch:
    """Write that somebody takes a file of a batch; refused for letters that carry secrets, which nobody reads on a screen."""
    batch = _batch(number, by)
    if batch.made_at is None:
        raise NotFound
    if batch.has_secrets and name.endswith(".zip"):
        raise BatchNotPossible(
            "Ce lot porte des mots de passe\u00a0: l’éditique le prend dans son dossier, jamais ici."
        )
    record(events.BATCH_TAKEN, subject=number, by=by, at=at, file=name)
    return batch


def spent_this_month(*, at: datetime) -> int:
    """What the batches approved since the first of the month cost, in cents."""
    first = at.astimezone(PARIS).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    approved = LetterBatch.objects.filter(approved_at__gte=first, approved_at__lt=first + timedelta(days=32))
    return approved.aggregate(cents=Sum(F("count") * F("price_cents")))["cents"] or 0


def _batch(number: str, by: Actor) -> LetterBatch:
    check_holds(by, Duty.BATCH_LETTERS)
    batch = LetterBatch.objects.filter(number=number).first()
    if batch is None:
        raise NotFound
    return batch


def _change(batch: LetterBatch, state: BatchState, **more: Any) -> None:
    """From the state it was seen in to another; refused if somebody was faster."""
    change_exactly_one(LetterBatch.objects.filter(pk=batch.pk, state=batch.state), state=state, **more)
