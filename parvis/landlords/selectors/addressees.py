"""How the office writes to the landlord of an account."""

from __future__ import annotations

from uuid import UUID

from parvis.identity.models import Account, Nature
from parvis.identity.rules import masked, reached_by_email
from parvis.identity.services.birth import Newcomer
from parvis.landlords.models import ThirdPartyNumber


def ways_to(partner_id: UUID, reference: str) -> tuple[str, tuple[str, ...]]:
    """How first credentials may reach an account: the mailbox, masked, of an individual who never proved it, and the postal address.

    Each empty where that way does not exist.
    """
    account = Account.objects.select_related("credential", "partner").get(partner_id=partner_id, reference=reference)
    found, corporate = addressee_of(account), account.partner.nature == Nature.CORPORATE
    by_email = account.credential.email is None and reached_by_email(corporate=corporate, email=account.claimed_email)
    by_post = found[0].address_lines if found and account.credential.email is None else ()
    return masked(account.claimed_email) if by_email else "", by_post


def postal_address(partner_id: UUID, reference: str) -> str:
    """Where the letters of an account go, in one line; empty where no office knows an address."""
    account = Account.objects.filter(partner_id=partner_id, reference=reference).first()
    found = addressee_of(account) if account else None
    return ", ".join(found[0].address_lines) if found else ""


def addressee_of(account: Account) -> tuple[Newcomer, str] | None:
    """The window and the sender of the letters of an account, and the postcode of that address.

    None for a landlord whom no office knows any more.
    """
    rows = ThirdPartyNumber.objects.select_related("office", "landlord").filter(landlord_id=account.partner_id)
    number = rows.filter(user_number=account.user_number).first() or rows.order_by("absent_since", "pk").first()
    if number is None:
        return None
    office = number.office
    sender = [line for line in (office.address_1, office.address_2, f"{office.postcode} {office.city}") if line.strip()]
    place = f"{number.postcode} {number.city}"
    if number.country != "FR":
        place = f"{place} ({number.country})"
    lines = (number.address_1, number.address_2, number.address_3, place)
    who = Newcomer(
        partner_id=account.partner_id,
        user_number=account.user_number,
        email=account.claimed_email,
        recipient_name=number.landlord.name,
        address_lines=tuple(line for line in lines if line),
        office={"name": office.name, "address": sender, "phone": office.phone},
    )
    return who, number.postcode


def accounts_under(user_number: str) -> list[Account]:
    """The accounts a user number is printed for: born with it, or of the landlord an office knows under it."""
    rows = Account.objects.select_related("credential", "partner")
    own = rows.filter(user_number=user_number)
    landlord = ThirdPartyNumber.objects.filter(user_number=user_number).values("landlord_id")
    return list((own | rows.filter(partner_id__in=landlord)).distinct().order_by("pk")[:50])


def accounts_of_siret(siret: str) -> list[Account]:
    """The accounts of the organisation of a SIRET."""
    rows = Account.objects.select_related("credential", "partner").filter(partner__landlord__siret=siret)
    return list(rows.order_by("pk")[:50])
