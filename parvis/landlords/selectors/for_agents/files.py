"""The landlord at the head of a file: who they are, and how each office of the agent's knows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from parvis.identity.models import Nature
from parvis.identity.rules import masked
from parvis.kit.actors import Actor, Duty
from parvis.kit.refusals import NotFound
from parvis.landlords.models import Landlord, LandlordChannel, ThirdPartyNumber
from parvis.landlords.selectors.for_agents.finding import office_codes


@dataclass(frozen=True, slots=True)
class KnownAs:
    """A landlord as one office knows it; of its bank account, the last four signs."""

    office_code: str
    office_name: str
    number: str
    user_number: str
    address: tuple[str, ...]
    phone: str
    phone_2: str
    email: str
    iban_last4: str
    channel: str
    absent_since: date | None


@dataclass(frozen=True, slots=True)
class LandlordFile:
    """A landlord an agent may look at; ``known_as`` holds the offices of that agent alone."""

    partner_id: UUID
    name: str
    last_name: str
    nature: Nature
    siret: str
    known_as: tuple[KnownAs, ...]

    @property
    def offices(self) -> frozenset[str]:
        """The codes of the offices through which the agent sees this landlord: what a duty is asked about."""
        return frozenset(known.office_code for known in self.known_as)

    @property
    def is_corporate(self) -> bool:
        """Whether this is an organisation."""
        return self.nature == Nature.CORPORATE


def file_of(actor: Actor, partner_id: UUID, duty: Duty = Duty.OPEN_FILES) -> LandlordFile:
    """A landlord known by an office where the agent holds ``duty``. Another office's, or none: one and the same refusal."""
    codes = office_codes(actor, duty)
    numbers = ThirdPartyNumber.objects.filter(landlord_id=partner_id).select_related("office")
    if codes is not None:
        numbers = numbers.filter(office_id__in=codes)
    known = tuple(_known(number) for number in numbers.order_by("absent_since", "office_id", "number"))
    found = Landlord.objects.select_related("partner").filter(pk=partner_id).first()
    if found is None or not known:
        raise NotFound
    nature = Nature(found.partner.nature)
    return LandlordFile(found.pk, found.name, found.last_name, nature, found.siret, known)


def phone_of(partner_id: UUID, office: str) -> str:
    """The telephone an office knows of a landlord: whom to call back, whoever calls. Empty where it knows none."""
    numbers = ThirdPartyNumber.objects.filter(landlord_id=partner_id, office_id=office).exclude(phone="")
    return numbers.order_by("absent_since", "number").values_list("phone", flat=True).first() or ""


def _known(number: ThirdPartyNumber) -> KnownAs:
    place = f"{number.postcode} {number.city}" + (f" ({number.country})" if number.country != "FR" else "")
    lines = (number.address_1, number.address_2, number.address_3, place)
    return KnownAs(
        office_code=number.office_id,
        office_name=number.office.name,
        number=number.number,
        user_number=number.user_number,
        address=tuple(line for line in lines if line.strip()),
        phone=number.phone,
        phone_2=number.phone_2,
        email=masked(number.email) if number.email else "",
        iban_last4=number.iban_last4,
        channel=LandlordChannel(number.channel).label,
        absent_since=number.absent_since,
    )
