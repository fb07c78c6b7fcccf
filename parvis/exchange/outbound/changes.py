"""changes.jsonl: the exact text of each line; an IBAN stands in clear here, and nowhere else."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from parvis.changes.models import ChangeKind, ChangeRequest
from parvis.exchange.models import OutgoingChange, OutgoingDelivery
from parvis.kit.clock import PARIS
from parvis.kit.encryption import close, open_


def line_of(change: ChangeRequest, iban: str) -> str:
    """One change as the format says (parvis/changes/schemas)."""
    tenancy, agreed = change.tenancy, change.agreed_by
    told: dict[str, Any] = {
        "change_ref": change.number,
        "kind": change.kind,
        "caf_code": change.office_id,
        "tiers_number": change.third_party_number.number,
        "claimant_number": tenancy.claimant_number if tenancy else None,
        "tenancy_ref": tenancy.tenancy_ref if tenancy else None,
        "asked_at": _moment(change.asked_at),
        "asked_by": change.account.login_id,
        "agreed_by": agreed.login_id if agreed else None,
        "channel": "page",
        "details": change.details,
    }
    if change.kind == ChangeKind.BANK_DETAILS:
        told["details"] = {**change.details, "iban": iban, "checked_by_agent": bool(change.approved_by)}
    return json.dumps(told, ensure_ascii=False) + "\n"


def _moment(value: datetime) -> str:
    return value.astimezone(PARIS).isoformat(timespec="seconds")


def seal(delivery: OutgoingDelivery, going: Sequence[tuple[ChangeRequest, str]]) -> None:
    """Fix the lines of a delivery; at rest they are encrypted, each bound to its change."""
    OutgoingChange.objects.bulk_create(
        OutgoingChange(
            delivery=delivery, position=position, change=change, line=close(line_of(change, iban), column_of(change))
        )
        for position, (change, iban) in enumerate(going, 1)
    )


def content(delivery: OutgoingDelivery) -> Iterator[bytes]:
    """The lines in order, byte for byte as they were sealed."""
    rows = OutgoingChange.objects.filter(delivery=delivery).select_related("change").order_by("position")
    for row in rows.iterator(chunk_size=500):
        yield open_(bytes(row.line), column_of(row.change)).encode()


def column_of(change: ChangeRequest) -> str:
    """What the sealed line of a change is bound to."""
    return f"exchange_outgoingchange.line|{change.opaque}"
