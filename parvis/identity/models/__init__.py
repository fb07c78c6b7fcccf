"""Tables of identity: who signs in, with what proof, from which browser."""

from __future__ import annotations

from parvis.identity.models.accounts import Account, AccountState, Credential, Nature, Partner
from parvis.identity.models.codes import OneTimeCode, Purpose, Throttle
from parvis.identity.models.sessions import Session, TrustedBrowser
from parvis.identity.models.texts import Acceptance, TextKind, TextVersion

__all__ = [
    "Acceptance",
    "Account",
    "AccountState",
    "Credential",
    "Nature",
    "OneTimeCode",
    "Partner",
    "Purpose",
    "Session",
    "TextKind",
    "TextVersion",
    "Throttle",
    "TrustedBrowser",
]
