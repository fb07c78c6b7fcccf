"""What is known of a landlord before anybody has signed in for it."""

from __future__ import annotations

from uuid import UUID

from parvis.identity.models import Nature
from parvis.kit.actors import Actor
from parvis.landlords.models import Habilitation, Landlord


def names_known(actor: Actor) -> dict[str, str]:
    """First and last name of an individual landlord as the office knows them, to be checked; nothing for an organisation."""
    known = Landlord.objects.filter(pk=actor.partner_id, partner__nature=Nature.INDIVIDUAL)
    found = known.values_list("first_name", "last_name").first()
    return {"first_name": found[0], "last_name": found[1]} if found else {}


def has_rights_given(partner_id: UUID) -> bool:
    """Whether some account of this landlord has, or had, rights: then the next to come is not the first."""
    return Habilitation.objects.filter(account__partner_id=partner_id).exists()


def landlord_names(partner_ids: list[UUID]) -> list[str]:
    """The names of these landlords: words that must not be in a password of theirs."""
    return [landlord.name for landlord in Landlord.objects.filter(pk__in=partner_ids)]


def landlord_name_of(account_id: int) -> str:
    """The name of the landlord an account acts for, for the one who has just proved to be its person."""
    landlord = Landlord.objects.filter(partner__accounts=account_id).first()
    return landlord.name if landlord else ""


def names_of_partners(partner_ids: list[UUID]) -> dict[UUID, str]:
    """The name of each of these landlords."""
    return {landlord.pk: landlord.name for landlord in Landlord.objects.filter(pk__in=partner_ids)}
