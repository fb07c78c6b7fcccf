"""How many accounts share a credential."""

from __future__ import annotations

from parvis.identity.models import Account, AccountState


def group_size(credential_id: int) -> int:
    """The accounts of a credential that are not closed."""
    return Account.objects.filter(credential_id=credential_id).exclude(state=AccountState.DISABLED).count()
