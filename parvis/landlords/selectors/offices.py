"""Which offices there are, and how landlords reach them."""

from __future__ import annotations

from dataclasses import dataclass

from parvis.kit.text import fold
from parvis.landlords.models import Office


@dataclass(frozen=True, slots=True)
class OfficeContact:
    """How landlords reach an office."""

    name: str
    address: tuple[str, ...]
    email: str
    phone: str
    website: str


def offices(postcode: str = "") -> list[OfficeContact]:
    """Every office by name, or those of the department of a postcode; none for a postcode that cannot be read."""
    found = Office.objects.all()
    if postcode:
        found = found.filter(departments__contains=[department_of(postcode)])
    return [
        OfficeContact(
            name=office.name,
            address=tuple(
                line
                for line in (office.address_1, office.address_2, f"{office.postcode} {office.city}")
                if line.strip()
            ),
            email=office.landlord_email or office.email,
            phone=office.phone,
            website=office.website,
        )
        for office in sorted(found, key=lambda office: fold(office.name))
    ]


def department_of(postcode: str) -> str:
    """``44220`` → ``44``; overseas departments have three digits, Corsica a letter."""
    digits = "".join(postcode.split())
    if digits.startswith(("97", "98")):
        return digits[:3]
    if digits.startswith("20"):
        return "2A" if digits[:3] in ("200", "201") else "2B"
    return digits[:2]
