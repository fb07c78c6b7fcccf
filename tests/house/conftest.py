"""Two landlords who do not know each other, each with one of everything that has an address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from parvis.identity.captcha import tokens
from parvis.identity.services.access import freezing
from tests.factories import declarations
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import july_rent, tenancy


@dataclass(frozen=True, slots=True)
class Landlord:
    """Someone signed in, and what stands for each word of the addresses of their pages."""

    owner: Owner
    real: dict[str, Any]


def _landlord() -> Landlord:
    someone = owner()
    rented = tenancy(someone.landlord)
    july_rent(rented, declarations.YEAR - 1, 51_200)
    declarations.campaign()
    declarations.typed(someone, rented, "525")
    (receipt,) = declarations.sent(someone)
    return Landlord(
        someone,
        {
            "account": someone.account.reference,
            "reference": rented.reference,
            "tenancy": rented.reference,
            "number": receipt.number,
            "name": "L-2026-000001.pdf",
            "version": 1,
            "article": "mot-de-passe-oublie",
            "captcha-image.token": tokens.new(at=datetime.now(UTC)),
            "trouble": "identifiant",
            "freeze": _freeze_link(someone),
            "captcha-sound.token": tokens.new(at=datetime.now(UTC)),
        },
    )


def _freeze_link(someone: Owner) -> str:
    """The token of a notice that still freezes something."""
    now = datetime.now(UTC)
    return freezing.draw_link(freezing.link_for(someone.account.credential_id, "test", at=now).pk, at=now)["freeze"]


@pytest.fixture
def owning(db: None) -> Landlord:
    """The one whose pages are asked for."""
    return _landlord()


@pytest.fixture
def stranger(db: None) -> Landlord:
    """Another one, signed in too."""
    return _landlord()
