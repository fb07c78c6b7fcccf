"""What people are told of a change: the asker, the administrators, the former address; of bank details, ``bank/notices.py``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from parvis.changes import workflow
from parvis.changes.models import ChangeRequest, DirectPaymentOffer
from parvis.changes.rules import first_of_next_month
from parvis.correspondence.services import Draft, queue_email, queue_letter, queue_many
from parvis.identity.models import Account, AccountState
from parvis.identity.selectors.accounts import own_account
from parvis.kit.actors import Actor
from parvis.kit.clock import day_in_paris
from parvis.landlords.models import Office, ThirdPartyNumber
from parvis.landlords.selectors.users import administrators

STOP_LINK, STOP_CODE = "stop_bank_change_link", "stop_bank_change_code"
"""Who draws what: named in ``apps.py`` too."""
MOST_NAMED = 10
"""Requests a mail names one by one."""


def receive(changes: Sequence[ChangeRequest], *, by: Actor, at: datetime) -> None:
    """« Demande reçue »: one mail to the asker, whatever the number of offices."""
    account = Account.objects.select_related("credential").get(pk=own_account(by))
    if not account.credential.email:
        return
    first = changes[0]
    write(
        account,
        account.credential.email,
        "received",
        first,
        at=at,
        count=len(changes),
        numbers=[change.number for change in changes[:10]],
        kind_label=first.get_kind_display(),
        offices=sorted({change.office.name for change in changes}),
        landlords=sorted({change.landlord.name for change in changes})[:MOST_NAMED],
        account_reference=account.reference,
    )


def write(account: Account, to: str, name: str, change: ChangeRequest, *, at: datetime, **words: Any) -> None:
    """One mail about a change."""
    secret = words.pop("stop_link", None)
    queue_email(
        to=to,
        template=f"changes/emails/{name}",
        context={
            "account_name": change.landlord.name,
            "login_id": account.login_id,
            "user_number": account.user_number,
            "number": change.number,
            "person": change.person,
            "asked": change.asked_at.isoformat(),
            "office": change.office.name,
            **words,
        },
        secret=STOP_LINK if secret else "",
        secret_subject=secret.pk if secret else None,
        account_id=account.pk,
        partner_id=change.landlord_id,
        at=at,
    )


def write_to_former_address(change: ChangeRequest, *, at: datetime) -> None:
    """A letter to the address that is left, so that nobody moves somebody's letters unseen."""
    details = change.details
    place = f"{details['address_1']}, {details['postcode']} {details['city']}"
    write_letter(
        change, "address", at=at, place=place, from_day=details["from"], person=change.person, number=change.number
    )


def write_to_former_mailboxes(changes: Sequence[ChangeRequest], *, by: Actor, at: datetime) -> None:
    """A mail to each address the office wrote to and shall no more, so that nobody moves somebody's mails unseen."""
    asker = Account.objects.select_related("credential").get(pk=own_account(by))
    told = {asker.credential.email}
    for change in changes:
        former = str(change.former.get("email") or "")
        if former and change.details.get("email", former) != former and former not in told:
            told.add(former)
            write(asker, former, "contact_left", change, at=at)


def write_letter(
    change: ChangeRequest, name: str, *, at: datetime, secret: str = "", secret_subject: int | None = None, **words: Any
) -> None:
    """A letter to the landlord where the office writes to today."""
    known: ThirdPartyNumber = change.third_party_number
    place = f"{known.postcode} {known.city}" + (f" ({known.country})" if known.country != "FR" else "")
    lines = [line for line in (known.address_1, known.address_2, known.address_3, place) if line.strip()]
    queue_letter(
        to_address=[change.landlord.name, *lines],
        template=f"changes/letters/{name}",
        context={
            "account_name": change.landlord.name,
            "login_id": change.account.login_id,
            "user_number": known.user_number,
            "office": sender(change.office),
            **words,
        },
        secret=secret,
        secret_subject=secret_subject,
        account_id=change.account_id,
        partner_id=change.landlord_id,
        at=at,
    )


def tell_tenants(changes: Sequence[ChangeRequest], *, at: datetime) -> None:
    """A letter to each tenant whose landlord asks for their aid (CCH L.842-1): they may explain themselves. No landlord sees it."""
    offices = {office.pk: sender(office) for office in Office.objects.filter(pk__in={row.office_id for row in changes})}
    queue_many([_to_tenant(change, offices[change.office_id]) for change in changes], at=at)


def _to_tenant(change: ChangeRequest, office: dict[str, Any]) -> Draft:
    tenancy = change.tenancy
    assert tenancy is not None
    place = f"{tenancy.postcode} {tenancy.city}"
    lines = [line for line in (tenancy.address_1, tenancy.address_2, place) if line.strip()]
    return Draft(
        template="changes/letters/tenant",
        to_address=[" ".join(f"{tenancy.title} {tenancy.name}".split()), *lines],
        context={
            "account_name": tenancy.name,
            "login_id": "",
            "user_number": tenancy.claimant_number,
            "number_label": "N° allocataire",
            "office": office,
            "landlord": change.landlord.name,
            "from_day": change.details.get("from") or first_of_next_month(day_in_paris(change.asked_at)).isoformat(),
            "place": ", ".join(lines),
        },
    )


def sender(office: Office) -> dict[str, Any]:
    """The office as the head of its letters."""
    lines = (office.address_1, office.address_2, f"{office.postcode} {office.city}")
    return {"name": office.name, "address": [line for line in lines if line.strip()], "phone": office.phone}


def tell_decided(change: ChangeRequest, *, at: datetime) -> None:
    """Tell who asked what the office decided."""
    to = change.account.credential.email
    if to:
        words = {
            "kind": change.kind,
            "kind_label": change.get_kind_display(),
            "tenant": change.tenancy.name if change.tenancy else "",
            "from_day": change.details.get("from", ""),
            "done": change.state == workflow.DONE,
            "reason": change.reason,
            "account_reference": change.account.reference,
        }
        write(change.account, to, "decided", change, at=at, **words)


def tell_several_decided(changes: Sequence[ChangeRequest], *, at: datetime) -> None:
    """Tell who asked several things at once what the office decided of each: one mail."""
    first = changes[0]
    to = first.account.credential.email
    if to:
        refused = [change for change in changes if change.state == workflow.REFUSED]
        words = {
            "count": len(changes),
            "done_count": len(changes) - len(refused),
            "refused": [[change.get_kind_display(), change.number, change.reason] for change in refused[:MOST_NAMED]],
            "more": max(0, len(refused) - MOST_NAMED),
            "account_reference": first.account.reference,
        }
        write(first.account, to, "several_decided", first, at=at, **words)


def tell_offers(offers: Sequence[DirectPaymentOffer], *, at: datetime) -> None:
    """Tell a landlord that the office offers direct payment, and until when: those who administer, or who own the account.

    ``offers`` are of one landlord, the most urgent first; several are one mail.
    """
    first = offers[0]
    people = administrators(first.landlord_id, at=at)
    if not people:
        own = Account.objects.filter(partner_id=first.landlord_id, state=AccountState.ACTIVE)
        people = list(own.select_related("credential")[:1])
    template, words = "offered", {"tenant": first.tenancy.name, "offer": str(first.opaque)}
    if len(offers) > 1:
        template, words = "several_offered", {"count": str(len(offers))}
    offices = Office.objects.filter(pk__in={offer.tenancy.caf_code for offer in offers}).order_by("name")
    names = list(offices.values_list("name", flat=True))
    for account in people:
        if account.credential.email:
            queue_email(
                to=account.credential.email,
                template=f"changes/emails/{template}",
                context={
                    "account_name": first.landlord.name,
                    "login_id": account.login_id,
                    "user_number": account.user_number,
                    "account_reference": account.reference,
                    "until": first.answer_by.isoformat(),
                    "offices": names,
                    **words,
                },
                account_id=account.pk,
                partner_id=first.landlord_id,
                at=at,
            )
