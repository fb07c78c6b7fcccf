"""« Consulter dossier » as rows: landlords who may, looks already made."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from parvis.landlords.models import Landlord
from parvis.tenancies.looks import LookReason
from parvis.tenancies.models import FileLook, Tenancy
from tests.factories.landlords import Owner, owner


def looker(of: Landlord | None = None, **fields: Any) -> Owner:
    """Somebody whose landlord may look files up."""
    made = owner(of, **fields)
    Landlord.objects.filter(pk=made.landlord.pk).update(may_consult_files=True)
    return made


def file_look(by: Owner, of: Tenancy, *, at: datetime | None = None, **fields: Any) -> UUID:
    """The reference of a look just made, by somebody whose landlord may make them."""
    Landlord.objects.filter(pk=by.landlord.pk).update(may_consult_files=True)
    values: dict[str, Any] = {
        "account_id": by.account.pk,
        "partner_id": by.landlord.pk,
        "caf_code": of.caf_code,
        "claimant_number": of.claimant_number,
        "was_found": True,
        "reason": LookReason.LEASE.value,
        "looked_at": at or datetime.now(UTC),
        **fields,
    }
    made = FileLook.objects.create(**values)
    made.refresh_from_db()
    return made.reference
