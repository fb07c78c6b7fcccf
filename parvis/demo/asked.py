"""What somebody of the cast asked the day before: another account for the association, which waits for a second agreement."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from django.db import transaction

from parvis.audit.journal import record
from parvis.changes import events, workflow
from parvis.changes.models import ChangeKind, ChangeRequest
from parvis.changes.selectors.people import others_with_bank_right
from parvis.changes.services import keeping
from parvis.changes.services.bank import notices
from parvis.demo import opened
from parvis.identity.models import Account
from parvis.kit.actors import Actor, ActorKind, Right
from parvis.kit.encryption import blind_index, close
from parvis.parameters.catalogue import SECOND_AGREEMENT
from parvis.parameters.selectors import duration

IBAN = "FR7630006000011234567890189"
"""The example of the French banks: nobody's."""


@transaction.atomic
def ask_bank_change(*, at: datetime) -> ChangeRequest | None:
    """The accountant gave another account and typed her code; a colleague has seven days to agree. Once."""
    account = Account.objects.select_related("credential").get(credential__email=opened.SOLENE.email)
    if ChangeRequest.objects.filter(account=account).exists():
        return None
    by = Actor(
        ActorKind.PARTNER,
        account.login_id,
        account_id=account.pk,
        partner_id=account.partner_id,
        rights=frozenset({Right.BANK_DETAILS}),
        person=f"{account.first_name} {account.last_name}",
    )
    landlord, known = keeping.locked(by.partner_id), keeping.own_numbers(by)[0]
    opaque = uuid4()
    change = keeping.begin(
        ChangeKind.BANK_DETAILS,
        known,
        state=workflow.ASKED,
        key=uuid4(),
        by=by,
        at=at,
        opaque=opaque,
        details={"account_holder": landlord.name, "country": "FR"},
        former={"last4": known.iban_last4},
        iban=close(IBAN, ChangeRequest(opaque=opaque).iban_column),
        iban_index=blind_index(IBAN, "iban"),
        iban_last4=IBAN[-4:],
    )
    until = at + duration(SECOND_AGREEMENT)
    keeping.advance(change, workflow.PROVE_FIRST, by=by, at=at, proved_at=at, agreement_until=until)
    record(events.BANK_ASKED, subject=change.number, by=by, at=at, last4=change.iban_last4, until=until.isoformat())
    notices.tell_asked([change], at=at)
    for other in others_with_bank_right(landlord.pk, known.office_id, account, at=at):
        notices.ask_agreement([change], other, at=at)
    return change
