"""What is typed in the form of a change is kept until it is sent, as the answers of a declaration are."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction

from parvis.changes.models import ChangeDraft, DraftForm
from parvis.changes.services.keeping import check_right
from parvis.identity.selectors.accounts import own_account
from parvis.kit.actors import Actor, Right
from parvis.kit.encryption import blind_index, close
from parvis.kit.refusals import Refusal

KEPT_FOR = timedelta(days=30)
LONGEST = 8_000
"""Characters of one draft: fifty tenants ticked and their commitments are a third of it."""
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}")
NEVER = frozenset({"iban"})
"""What no draft holds: an account number lies in clear nowhere (security.md §2.9)."""
_RIGHTS = {
    DraftForm.ADDRESS: Right.DECLARE, DraftForm.PHONE: Right.DECLARE, DraftForm.BANK: Right.BANK_DETAILS,
    DraftForm.DIRECT_PAYMENT_ASK: Right.DECLARE, DraftForm.DIRECT_PAYMENT_ANSWER: Right.DECLARE,
}  # fmt: skip
"""What sending the form needs. Everybody may write to their office."""


@transaction.atomic
def keep(
    form: DraftForm,
    answers: Mapping[str, list[str]],
    *,
    subject: str = "",
    seen: str | None = None,
    by: Actor,
    at: datetime,
) -> ChangeDraft:
    """Keep what is typed so far, valid or not; the last one of two tabs stays.

    ``seen`` is the version the page knows: what was under way when the change was asked would otherwise come back as a draft.
    """
    if form in _RIGHTS:
        check_right(by, _RIGHTS[form])
    if NEVER & answers.keys():
        raise RuntimeError(f"A draft of {form} was handed what is never kept.")
    if len(json.dumps(answers, ensure_ascii=False)) > LONGEST:
        raise Refusal("c’est trop long pour être gardé. Raccourcissez le texte.")
    # Words that are sealed may say anything; that a message names an account number is told when it is sent.
    held = {
        name: [value for value in values if form.is_sealed or not _is_account(value)]
        for name, values in answers.items()
    }
    # Whoever sends holds the row until it is sent: what was under way meanwhile then sees that it is over.
    rows = ChangeDraft.objects.select_for_update().filter(account_id=own_account(by), form=form, subject=subject)
    row = rows.first()
    if seen is not None and row is not None and row.is_emptied and seen != str(row.version) and _has_left(row, held):
        raise Refusal("cette demande vient d’être envoyée. Rechargez la page pour en faire une autre.")
    return _written(form, subject, held, by, at)


def _has_left(row: ChangeDraft, answers: Mapping[str, list[str]]) -> bool:
    """Whether these answers are those that left. Of a form of words, others are a new draft: nobody loses a second message."""
    if not DraftForm(row.form).is_sealed:
        return True
    return bool(row.answers.get("sent") == _print_of(" ".join(answers.get("text", []))))


def _print_of(words: str) -> str:
    """What tells words from others without saying them."""
    return blind_index(" ".join(words.split()), "draft").hex()


def _is_account(value: str) -> bool:
    """Whether an account number was typed, in whatever field."""
    return _IBAN.search("".join(value.split()).upper()) is not None


def sent(form: DraftForm, *, subject: str = "", words: str = "", by: Actor, at: datetime) -> None:
    """Empty the draft of what was just asked, in the transaction that asks it. ``words`` are those that left, of a form of words."""
    row = _written(form, subject, {}, by, at)
    if words:
        ChangeDraft.objects.filter(pk=row.pk).update(answers={"sent": _print_of(words)})


def drop(form: DraftForm, *, subject: str = "", by: Actor) -> None:
    """Wipe one's own draft: nothing of it was asked."""
    ChangeDraft.objects.filter(account_id=own_account(by), form=form, subject=subject).delete()


def forget_old(*, at: datetime) -> int:
    """Delete what nobody has gone on with for :data:`KEPT_FOR`; how many."""
    return ChangeDraft.objects.filter(saved_at__lt=at - KEPT_FOR).delete()[0]


def _written(form: DraftForm, subject: str, answers: dict[str, list[str]], by: Actor, at: datetime) -> ChangeDraft:
    draft = ChangeDraft(version=uuid4())
    sealed = close(json.dumps(answers), draft.column) if form.is_sealed and answers else None
    values = {"answers": {} if form.is_sealed else answers, "sealed": sealed, "version": draft.version, "saved_at": at}
    found, _ = ChangeDraft.objects.update_or_create(
        account_id=own_account(by), form=form, subject=subject, defaults=values
    )
    return found
