"""One line of the July grid, as its selectors read it and its services write it."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from parvis.declarations.kinds.july_rent import Assessment, assess
from parvis.declarations.kinds.july_rent.facts import Facts
from parvis.declarations.models import OPEN_STATES, EntryState
from parvis.declarations.parameters import Norms


class GridRow(NamedTuple):
    """One tenancy of the campaign, with what was typed and what the office knows. Aid only if it is paid to this landlord.

    What was typed is the entry's draft; once sent, the declaration's, which alone has a ``declaration_id``. Either has ``saved_at``.
    ``stated_holders`` is how many held the lease when the amount was judged: it leaves as it was. ``norms`` are no column: one for
    all rows of a page.
    """

    tenancy_id: int
    reference: UUID
    first_name: str
    last_name: str
    claimant_number: str
    address: str
    city: str
    caf_code: str
    start_on: date
    end_on: date | None
    absent_since: date | None
    known_rent_cents: int | None
    charges_cents: int | None
    furnished: bool
    lease_holders: int
    is_share_stated: bool
    aid_cents: int | None
    state: str
    year: int
    last_july_cents: int | None
    declaration_id: int | None
    declaration_state: str | None
    typed: str
    rent_cents: int | None
    confirmed: list[str]
    confirmed_reason: str
    previous_typed: str
    previous_cents: int | None
    reason_code: str
    receipt_number: str | None
    saved_at: datetime | None
    stated_holders: int
    norms: Norms

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()

    def is_here(self, today: date) -> bool:
        """Whether the tenant is there still."""
        return self.absent_since is None and (self.end_on is None or self.end_on >= today)

    @property
    def is_open(self) -> bool:
        """Whether the amount may still be typed here."""
        return self.state in OPEN_STATES

    @property
    def is_taken_over(self) -> bool:
        """Whether the amount comes from what was known, and nobody has touched it."""
        return self.rent_cents is not None and not self.typed

    @property
    def before_cents(self) -> int | None:
        """The July rent of the year before that the amount is compared with, and shown beside: as typed here, or as the office holds it."""
        typed = self.assessment.previous_cents
        return self.last_july_cents if typed is None else typed

    @property
    def version(self) -> str:
        """What changes each time the line is saved with other words."""
        return f"{self.rent_cents} {self.typed} {self.previous_cents} {self.previous_typed}"

    @property
    def whose(self) -> str:
        """Whose rent the amount is, where several hold the lease: as it was judged, and leaves; else nothing."""
        if self.stated_holders > 1:
            return "part de ce locataire"
        return "loyer entier du bail" if self.lease_holders > 1 else ""

    @property
    def state_label(self) -> str:
        """The state as the screens name it."""
        return str(EntryState(self.state).label)

    @property
    def facts(self) -> Facts:
        """What the amount is compared with."""
        return Facts(
            norms=self.norms, start_on=self.start_on, last_july_cents=self.last_july_cents,
            known_rent_cents=self.known_rent_cents, charges_cents=self.charges_cents, aid_cents=self.aid_cents,
            lease_holders=self.lease_holders, caf_code=self.caf_code, is_share_stated=self.is_share_stated,
        )  # fmt: skip

    @property
    def assessment(self) -> Assessment:
        """What is to be thought of the line as it is kept."""
        return assess(
            self.facts,
            typed=self.typed,
            kept_cents=self.rent_cents if self.is_taken_over else None,
            previous_typed=self.previous_typed,
            confirmed=tuple(self.confirmed),
        )
