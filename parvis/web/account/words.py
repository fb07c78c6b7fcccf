"""What several pages of the account say or weigh in the same way."""

from __future__ import annotations

from typing import Any

from parvis.identity import rules
from parvis.parameters.catalogue import PASSWORD_SHORTEST
from parvis.parameters.selectors import value
from parvis.web.frame.requests import PageRequest


def own_words(request: PageRequest) -> rules.Own:
    """What must not be in the password of the one who is here."""
    standing = request.standing
    return rules.Own(
        (standing.person, standing.email or "", standing.login_id, standing.user_number, standing.landlord_name)
    )


def policy() -> dict[str, Any]:
    """The policy of passwords, for the live list of its lines."""
    return {"low": value(PASSWORD_SHORTEST), "high": rules.LONGEST, "signs": rules.SPECIAL_SIGNS}
