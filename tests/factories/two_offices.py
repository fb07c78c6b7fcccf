"""A landlord of two offices, one user who has both and one who is limited to the first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from parvis.declarations.models import CampaignEntry, CampaignOfficeCount, EntryState, Receipt
from parvis.declarations.selectors import ready_to_submit
from parvis.declarations.services import submission
from parvis.kit.actors import Actor
from parvis.landlords.models import Membership, ThirdPartyNumber
from parvis.tenancies.models import Tenancy
from parvis.tenancies.services import counts
from tests.factories import declarations
from tests.factories.landlords import Owner, landlord, office, owner
from tests.factories.tenancies import july_rent, tenancy

HERE, THERE = "441", "751"
_numbers = count(900_000)


@dataclass(frozen=True, slots=True)
class TwoOffices:
    """Tenancies at each office, in the order of names, alternating; the last of each has ended."""

    chief: Owner
    limited: Owner
    here: list[Tenancy]
    there: list[Tenancy]

    @property
    def actor(self) -> Actor:
        """The limited user, as a page makes them."""
        return replace(self.limited.actor, offices=frozenset({HERE}))


def two_offices() -> TwoOffices:
    """Three tenancies at each office, two of them current and in the campaign of the year."""
    chief = owner()
    limited = owner(chief.landlord)
    Membership.objects.create(account=limited.account, offices=[HERE])
    number = next(_numbers)
    elsewhere = ThirdPartyNumber.objects.create(
        office=office(THERE, "Caf de Paris"), number=f"{number:07d}", landlord=landlord(office_code=THERE),
        user_number=f"751{number:011d}", address_1="1 rue de Tolbiac", postcode="75013", city="PARIS",
    )  # fmt: skip
    places: dict[str, list[Tenancy]] = {HERE: [], THERE: []}
    ends = [None, None, None, None, date(2025, 1, 31), date(2025, 1, 31)]
    names = ("Abadie", "Benali", "Celik", "Dupont", "Evrard", "Fabre")
    for rank, (name, end_on) in enumerate(zip(names, ends, strict=True)):
        fields: dict[str, Any] = (
            {"caf_code": THERE, "third_party_number": elsewhere, "city": "PARIS"} if rank % 2 else {}
        )
        made = tenancy(chief.landlord, last_name=name, end_on=end_on, **fields)
        july_rent(made, declarations.YEAR - 1, 52_400)
        places[made.caf_code].append(made)
    ThirdPartyNumber.objects.filter(pk=elsewhere.pk).update(landlord=chief.landlord)
    counts.rebuild()
    declarations.campaign()
    return TwoOffices(chief, limited, places[HERE], places[THERE])


def send(actor: Actor, *, minutes: int = 0) -> list[Receipt]:
    """What an actor is shown as ready, sent."""
    shown = ready_to_submit(actor, declarations.YEAR)
    at = declarations.NOW + timedelta(minutes=minutes)
    return submission.submit_ready(actor, declarations.YEAR, submission_key=uuid4(), expected=shown.fingerprint, at=at)


def type_everything(world: TwoOffices) -> None:
    """Every rent of the campaign typed, by the one who has both offices."""
    for of in (*world.here[:2], *world.there[:2]):
        declarations.typed(world.chief, of, "525")


def shares_are_true() -> bool:
    """Whether the share of each office is what counting would give."""
    counted: dict[tuple[object, ...], int] = {}
    for entry in CampaignEntry.objects.exclude(state=EntryState.OUT).select_related("tenancy"):
        key = (entry.landlord_id, entry.year, entry.tenancy.caf_code, entry.state)
        counted[key] = counted.get(key, 0) + 1
    states = [state.value for state in EntryState if state is not EntryState.OUT]
    kept = {
        (share.landlord_id, share.year, share.caf_code, state): getattr(share, state)
        for share in CampaignOfficeCount.objects.all()
        for state in states
        if getattr(share, state)
    }
    return kept == counted
