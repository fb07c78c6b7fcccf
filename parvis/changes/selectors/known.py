"""What the office knows of the landlord today, and what is on its way to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from parvis.changes import workflow
from parvis.changes.models import ChangeKind, ChangeRequest
from parvis.changes.selectors.people import accounts_of_credential, actors_of_credential
from parvis.changes.services.keeping import own_numbers
from parvis.kit.actors import Actor, Right
from parvis.kit.clock import day_in_paris
from parvis.landlords.models import Office, ThirdPartyNumber


@dataclass(frozen=True, slots=True)
class KnownLine:
    """The landlord as one office knows it, and the changes of each kind that are on their way there."""

    user_number: str
    office: str
    office_code: str
    address: tuple[str, ...]
    fields: dict[str, str]
    phone: str
    phone_2: str
    email: str
    last4: str
    holder: str
    waiting: dict[str, str]
    """The number of the change that has not been decided, by kind."""
    reached_by: dict[str, str]
    """Telephones and e-mail as they are, or as they were asked to become and will once the office has done it."""


def known_of(actor: Actor) -> list[KnownLine]:
    """One line a number, in the offices the actor sees."""
    numbers = own_numbers(actor)
    rows = ChangeRequest.objects.filter(landlord_id=actor.partner_id, state__in=workflow.UNDECIDED)
    waiting: dict[tuple[int, str], str] = {}
    asked: dict[int, dict[str, str]] = {}
    for row in rows.filter(tenancy__isnull=True).order_by("asked_at", "pk"):
        waiting[(row.third_party_number_id, row.kind)] = row.number
        if row.kind == ChangeKind.CONTACT:
            asked.setdefault(row.third_party_number_id, {}).update(row.details)
        if row.kind == ChangeKind.BANK_DETAILS:
            # One a landlord and office: the other numbers there wait too.
            waiting |= {(n.pk, row.kind): row.number for n in numbers if n.office_id == row.office_id}
    return [
        _line(
            number,
            {kind: waiting[number.pk, kind] for pk, kind in waiting if pk == number.pk},
            asked.get(number.pk, {}),
        )
        for number in numbers
    ]


def _line(number: ThirdPartyNumber, waiting: dict[str, str], asked: dict[str, str]) -> KnownLine:
    place = f"{number.postcode} {number.city}" + (f" ({number.country})" if number.country != "FR" else "")
    lines = (number.address_1, number.address_2, number.address_3, place)
    names = ("address_1", "address_2", "address_3", "postcode", "city", "country")
    return KnownLine(
        user_number=number.user_number,
        office=number.office.name,
        office_code=number.office_id,
        address=tuple(line for line in lines if line.strip()),
        fields={name: getattr(number, name) for name in names},
        phone=number.phone,
        phone_2=number.phone_2,
        email=number.email,
        last4=number.iban_last4,
        holder=number.account_holder,
        waiting=waiting,
        reached_by={"phone": number.phone, "phone_2": number.phone_2, "email": number.email, **asked},
    )


def paid_since(actor: Actor) -> dict[str, date]:
    """Since when aids go to the account an office knows, by user number: told only where that account is the last asked for here.

    What the office changed by itself since has no day here: another account shows, and nothing is said.
    """
    rows = ChangeRequest.objects.filter(landlord_id=actor.partner_id, kind=ChangeKind.BANK_DETAILS, state=workflow.DONE)
    last = {row.office_id: row for row in rows.order_by("closed_at", "pk")}
    told = {}
    for number in own_numbers(actor):
        row = last.get(number.office_id)
        if row and row.closed_at and number.iban_index and bytes(number.iban_index) == bytes(row.iban_index or b""):
            told[number.user_number] = day_in_paris(row.closed_at)
    return told


def declaring_accounts(actor: Actor, *, at: datetime) -> int:
    """For how many accounts the person may ask another address at once."""
    return len(actors_of_credential(actor, Right.DECLARE, at=at))


MOST_NAMED = 25


def declaring_names(actor: Actor, *, at: datetime) -> list[tuple[str, str]]:
    """The first of these accounts: the name of the landlord, and the offices the account is limited to, if it is."""
    found = accounts_of_credential(actor, Right.DECLARE, at=at)[:MOST_NAMED]
    names = dict(
        Office.objects.filter(pk__in={code for own in found for code in own.actor.offices}).values_list("pk", "name")
    )
    return [(own.name, ", ".join(sorted(names.get(code, code) for code in own.actor.offices))) for own in found]
