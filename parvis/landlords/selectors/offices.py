"""Which offices there are, how landlords reach them, and how long they take."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F
from django.db.models.functions import TruncMonth

from parvis.kit.text import fold
from parvis.landlords.models import Office, ProcessingTime, ThirdPartyNumber
from parvis.landlords.selectors.postcodes import department_of, read_postcode


@dataclass(frozen=True, slots=True)
class OfficeContact:
    """How landlords reach an office."""

    code: str
    name: str
    departments: tuple[str, ...]
    address: tuple[str, ...]
    email: str
    phone: str
    website: str


@dataclass(frozen=True, slots=True)
class OfficeDelay:
    """How long an office takes for a topic, in weeks, and the day it was measured."""

    topic: str
    min_weeks: int
    max_weeks: int
    measured_on: date


def offices(postcode: str = "") -> list[OfficeContact]:
    """Every office by name, or those of the department of a postcode; none for a postcode that cannot be read."""
    found = Office.objects.all()
    if postcode:
        found = found.filter(departments__contains=[department_of(postcode)])
    return [_contact(office) for office in sorted(found, key=lambda office: fold(office.name))]


def office_named(code: str) -> str:
    """The name of an office, as people read it; empty of one that is not known."""
    return Office.objects.filter(pk=code).values_list("name", flat=True).first() or ""


def names_of(codes: Iterable[str]) -> frozenset[str]:
    """The names of these offices, now and before: what was written to landlords tells its office by the name of its day.

    A former name that is another one's by now is that one's.
    """
    codes = set(codes)
    found = Office.objects.filter(pk__in=codes).values_list("name", "former_names")
    names = {name for now, former in found for name in (now, *former)}
    return frozenset(
        names - set(Office.objects.exclude(pk__in=codes).filter(name__in=names).values_list("name", flat=True))
    )


def renamed() -> dict[str, str]:
    """The name each former name of an office stands for now; none for a name that an office has today."""
    found = list(Office.objects.order_by("pk").values_list("name", "former_names"))
    today = {name for name, _ in found}
    return {former: name for name, had in found for former in had if former not in today}


def offices_for(typed: str) -> list[OfficeContact]:
    """The offices of a postcode as people type it; refuses, with the reason, what is not one. None: nobody covers it."""
    return offices(read_postcode(typed))


def delays_of(codes: Iterable[str]) -> dict[str, list[OfficeDelay]]:
    """What counts in each of these offices, by topic: the newest measure; an office nobody measured is not there."""
    found: dict[str, list[OfficeDelay]] = {}
    for row in measures_in_force(codes):
        found.setdefault(row.office_id, []).append(
            OfficeDelay(row.topic, row.min_weeks, row.max_weeks, row.measured_on)
        )
    return found


NEWEST_FIRST = (F("measured_on").desc(), F("changed_at").desc(nulls_last=True), F("id").desc())
"""Of one day, what an agent typed last, then what the feed said."""


def measures_in_force(codes: Iterable[str]) -> list[ProcessingTime]:
    """The measure that counts for each topic of these offices."""
    found = ProcessingTime.objects.filter(office_id__in=list(codes))
    return list(found.order_by("office_id", "topic", *NEWEST_FIRST).distinct("office_id", "topic"))


@dataclass(frozen=True, slots=True)
class MonthDelay:
    """How long an office took for a topic as last measured in a month, in weeks: a measure is a mean over thirty days."""

    month: date
    min_weeks: int
    max_weeks: int


def delays_by_month(codes: Iterable[str], *, since: date) -> dict[tuple[str, str], list[MonthDelay]]:
    """By office and topic, the months that were measured from that day on, oldest first.

    What is read is bounded by how long measures are kept (``keep_delays``): some thousand rows an office.
    """
    found = ProcessingTime.objects.filter(office_id__in=list(codes), measured_on__gte=since)
    key = ("office_id", "topic", "in_month")
    rows = found.annotate(in_month=TruncMonth("measured_on")).order_by(*key, *NEWEST_FIRST).distinct(*key)
    months: dict[tuple[str, str], list[MonthDelay]] = {}
    for code, topic, month, low, high in rows.values_list(*key, "min_weeks", "max_weeks"):
        months.setdefault((code, topic), []).append(MonthDelay(month, low, high))
    return months


def measures_of(code: str, topic: str) -> list[ProcessingTime]:
    """Every measure of one topic at an office, the one that counts first; the last hundred."""
    return list(ProcessingTime.objects.filter(office_id=code, topic=topic).order_by(*NEWEST_FIRST)[:100])


def _contact(office: Office) -> OfficeContact:
    lines = (office.address_1, office.address_2, f"{office.postcode} {office.city}")
    return OfficeContact(
        code=office.caf_code,
        name=office.name,
        departments=tuple(office.departments),
        address=tuple(line for line in lines if line.strip()),
        email=office.landlord_email or office.email,
        phone=office.phone,
        website=office.website if office.website.startswith(("https://", "http://")) else "",
    )


def codes_of(partner_id: UUID) -> frozenset[str]:
    """The offices that know a landlord: where an agent must hold a duty to act on it."""
    return frozenset(ThirdPartyNumber.objects.filter(landlord_id=partner_id).values_list("office_id", flat=True))
