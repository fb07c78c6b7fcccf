"""How often receipts may be checked: their code has eight characters, which are not to be found by trying."""

from __future__ import annotations

from datetime import datetime, timedelta

from parvis.identity import rules
from parvis.identity.services import limits
from parvis.kit.references import keyed_fingerprint

CHECKS = 20
WINDOW = timedelta(minutes=10)


def admit_check(address: str, at: datetime) -> limits.Admission:
    """Count one check from the neighbourhood of an address; the admission says until when it must pause, if it must."""
    key = keyed_fingerprint("receipt checks", rules.network_of(address))
    return limits.admit([limits.Bucket(key, CHECKS, WINDOW)], at=at)
