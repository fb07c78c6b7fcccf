"""The tenancy as its declarations need it, for an actor who may see it."""

from __future__ import annotations

import json
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from parvis.declarations import workflow
from parvis.declarations.kinds.kind import TenancyFacts
from parvis.kit.actors import Actor, Right
from parvis.kit.refusals import NotFound
from parvis.tenancies.looks import is_recent
from parvis.tenancies.selectors.scope import seen_by, within


class DeclaredTenancy(NamedTuple):
    """What is known of a tenancy. ``aids`` are those paid to this landlord; ``claimant_died`` that its death was declared;
    ``bank_known`` that the office of the tenancy has an IBAN of the landlord.
    """

    id: int
    reference: UUID
    caf_code: str
    first_name: str
    last_name: str
    claimant_number: str
    start_on: date
    end_on: date | None
    rent_cents: int | None
    charges_cents: int | None
    direct_payment: bool
    furnished: bool
    lease_holders: int
    claimant_died: bool
    bank_known: bool
    aids: tuple[tuple[date, int], ...]
    sees_payments: bool

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()

    def facts(self, today: date) -> TenancyFacts:
        """What the kinds compare the answers with."""
        return TenancyFacts(
            today=today,
            name=self.name,
            start_on=self.start_on,
            end_on=self.end_on,
            rent_cents=self.rent_cents,
            charges_cents=self.charges_cents,
            aid_cents=self._aid_cents(today),
            direct_payment=self.direct_payment,
            furnished=self.furnished,
            lease_holders=self.lease_holders,
            aids=self.aids if self.sees_payments else (),
            shows_aid=self.sees_payments or not self.direct_payment,
            claimant_died=self.claimant_died,
            bank_known=self.bank_known,
        )

    def _aid_cents(self, today: date) -> int | None:
        """The last aid paid, while it is still paid: one that stopped long ago tells nothing of a debt of today."""
        if not self.aids:
            return None
        month, cents = self.aids[-1]
        return cents if is_recent(month, today) else None


_STANDING = ", ".join(f"'{state}'" for state in sorted(workflow.STANDING))
CLAIMANT_DIED = f"""EXISTS (SELECT 1 FROM declarations_declaration died WHERE died.tenancy_id = t.id AND died.landlord_id = t.landlord_id
    AND died.kind = 'death' AND died.details ->> 'who' = 'claimant' AND died.state IN ({_STANDING})
    AND NOT died.revises)"""
"""Whether the landlord of the tenancy ``t`` declared that its claimant died: nothing is asked about it any more. What only asks to
correct something else into that waits for the office."""
_TENANCY = f"""
SELECT t.id, t.reference, t.caf_code, t.first_name, t.last_name, t.claimant_number, t.start_on, t.end_on, t.rent_cents,
  t.charges_cents, t.direct_payment, t.furnished, t.lease_holders, {CLAIMANT_DIED},
  EXISTS (SELECT 1 FROM landlords_thirdpartynumber p
    WHERE p.landlord_id = t.landlord_id AND p.office_id = t.caf_code AND p.iban_last4 <> ''),
  CASE WHEN t.direct_payment THEN aids.told END
FROM tenancies_tenancy t
LEFT JOIN LATERAL (
  SELECT jsonb_agg(jsonb_build_array(m.month, m.cents) ORDER BY m.month)::text AS told FROM (
    SELECT p.month, sum(p.amount_cents) AS cents FROM tenancies_payment p
    WHERE p.tenancy_id = t.id AND p.landlord_id = t.landlord_id AND p.kind = 'aid'
    GROUP BY p.month ORDER BY p.month DESC LIMIT 24) m
) aids ON t.direct_payment
WHERE t.reference = %(reference)s AND t.landlord_id = %(landlord)s{{own}}
"""


def tenancy_to_declare(actor: Actor, reference: UUID) -> DeclaredTenancy:
    """The tenancy of that reference; another landlord's, another office's or none: one and the same refusal."""
    with connection.cursor() as cursor:
        cursor.execute(_TENANCY.format(own=within(actor, "t.caf_code")), {**seen_by(actor), "reference": reference})
        row = cursor.fetchone()
    if row is None:
        raise NotFound
    aids = tuple((date.fromisoformat(month), cents) for month, cents in json.loads(row[15] or "[]"))
    return DeclaredTenancy._make((*row[:15], aids, actor.may(Right.PAYMENTS)))
