"""The link of an invitation: drawn as its e-mail is made, good as long as the invitation is."""

from __future__ import annotations

from datetime import datetime

from parvis.correspondence.secrets import SecretNoLongerNeeded
from parvis.kit.references import fingerprint, token
from parvis.landlords.models import Invitation

INVITATION_LINK = "invitation_link"
"""The name under which the e-mail asks for it."""


def draw(invitation_id: int, *, at: datetime) -> dict[str, str]:
    """The token of the link; the e-mail of an invitation that is over does not leave."""
    value = token()
    live = Invitation.objects.filter(pk=invitation_id, accepted_at=None, cancelled_at=None, expires_at__gt=at)
    if not live.update(link_hash=fingerprint(value)):
        raise SecretNoLongerNeeded
    return {"invitation_link": value}
