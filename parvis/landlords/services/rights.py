"""Rights of accounts on their landlord: the first person to finish gets them all (product.md §2.3)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from parvis.audit.journal import record
from parvis.correspondence.services import queue_letter
from parvis.identity.models import Account, Nature
from parvis.identity.selectors.accounts import own_account
from parvis.identity.services import first_sign_in
from parvis.identity.services.access import freezing
from parvis.kit.actors import Actor, Right
from parvis.landlords import events
from parvis.landlords.models import Habilitation, Landlord, ThirdPartyNumber
from parvis.landlords.services.activation import tell_by_post
from parvis.landlords.services.role import succeeding
from parvis.landlords.services.users import inviting


@transaction.atomic
def grant_first_rights(account: Account, *, at: datetime, by: Actor) -> bool:
    """Give all rights to the first account of a landlord; False if some account has, or had, rights already."""
    # The landlord's row is the queue: of two colleagues who finish together, one is first.
    landlord = Landlord.objects.select_for_update().get(pk=account.partner_id)
    if Habilitation.objects.filter(account__partner_id=account.partner_id).exists():
        return False
    rights = [right for right in Right if right is not Right.CONSULT_FILES or landlord.may_consult_files]
    Habilitation.objects.bulk_create(
        Habilitation(account=account, right=right.value, granted_at=at, granted_by=by.label) for right in rights
    )
    record(events.RIGHTS_GRANTED, subject=account.login_id, by=by, at=at, rights=[right.value for right in rights])
    return True


@transaction.atomic
def finish_first_sign_in(*, by: Actor, at: datetime) -> None:
    """Open the account; its first rights; for an organisation, the letter that says who became administrator.

    Done twice, it changes nothing the second time.
    """
    account = Account.objects.select_related("partner__landlord", "credential").get(pk=own_account(by))
    landlord = account.partner.landlord
    if not first_sign_in.finish(landlord.name, by=by, at=at):
        return
    account.refresh_from_db()
    if inviting.accept(account, by=by, at=at):
        succeeding.take_over(account, by=by, at=at)
        return
    if grant_first_rights(account, at=at, by=by) and account.partner.nature == Nature.CORPORATE:
        _tell_the_organisation(account, landlord, at)
    elif account.partner.nature == Nature.INDIVIDUAL:
        tell_by_post(account, at=at)


def _tell_the_organisation(account: Account, landlord: Landlord, at: datetime) -> None:
    numbers = ThirdPartyNumber.objects.select_related("office").filter(landlord=landlord, absent_since=None)
    number = numbers.filter(user_number=account.user_number).first() or numbers.order_by("pk").first()
    if number is None:
        return
    Account.objects.filter(pk=account.pk).update(opened_by_post=True)
    queue_letter(
        to_address=_window(landlord.name, number),
        template="landlords/letters/administrator",
        context={
            "account_name": landlord.name,
            "login_id": account.login_id,
            "user_number": number.user_number,
            "person": f"{account.first_name} {account.last_name}",
            "opened": at.isoformat(),
            "office": sender_of(number),
        },
        secret="stop_code",  # noqa: S106
        secret_subject=freezing.link_for(
            account.credential_id, events.RIGHTS_GRANTED.code, at=at, account_id=account.pk
        ).pk,
        account_id=account.pk,
        partner_id=account.partner_id,
        at=at,
    )


def _window(name: str, number: ThirdPartyNumber) -> list[str]:
    lines = (number.address_1, number.address_2, number.address_3)
    return [name, *(line for line in lines if line), f"{number.postcode} {number.city}"]


def sender_of(number: ThirdPartyNumber) -> dict[str, Any]:
    """The office of a third-party number, as letters name their sender."""
    office = number.office
    lines = (office.address_1, office.address_2, f"{office.postcode} {office.city}")
    return {"name": office.name, "address": [line for line in lines if line.strip()], "phone": office.phone}
