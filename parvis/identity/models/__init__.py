"""Tables of identity: who signs in, with what proof, from which browser."""

from __future__ import annotations

from parvis.identity.kinds import Nature, Purpose, TextKind
from parvis.identity.models.accounts import Account, AccountState, Credential, Letters, Partner, PaymentEmails
from parvis.identity.models.codes import CaptchaUse, OneTimeCode, PendingChange, Throttle
from parvis.identity.models.copies import DataCopy
from parvis.identity.models.notices import FormerMailbox, FreezeLink, MailboxLetter
from parvis.identity.models.sessions import Session, TrustedBrowser
from parvis.identity.models.texts import Acceptance, TextVersion

__all__ = [
    "Acceptance",
    "Account",
    "AccountState",
    "CaptchaUse",
    "Credential",
    "DataCopy",
    "FormerMailbox",
    "FreezeLink",
    "Letters",
    "MailboxLetter",
    "Nature",
    "OneTimeCode",
    "Partner",
    "PaymentEmails",
    "PendingChange",
    "Purpose",
    "Session",
    "TextKind",
    "TextVersion",
    "Throttle",
    "TrustedBrowser",
]
