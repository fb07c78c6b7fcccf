"""What serves the choice of an account: those one likes, those one opened last. Comforts: the journal keeps none of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from parvis.identity.models import Account
from parvis.identity.selectors.accounts import own_account
from parvis.kit.actors import Actor
from parvis.kit.refusals import NotFound

VISITED_EVERY = timedelta(minutes=1)


@transaction.atomic
def favour(credential_id: int, reference: str, *, liked: bool) -> None:
    """Put an account of the credential among the favourites, or take it out; twice is once. Another's is not found."""
    if not Account.objects.filter(credential=credential_id, reference=reference).update(is_favourite=liked):
        raise NotFound


@transaction.atomic
def visited(*, by: Actor, at: datetime) -> None:
    """The account was just opened; written once a minute at most, whatever the number of pages."""
    known = Q(visited_at__isnull=True) | Q(visited_at__lte=at - VISITED_EVERY)
    Account.objects.filter(known, pk=own_account(by)).update(visited_at=at)
