"""« Suppléant » : who becomes administrator if the administrator is gone."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from parvis.audit.journal import record
from parvis.identity.models import Account
from parvis.kit.actors import Actor
from parvis.kit.refusals import ActNotPossible
from parvis.landlords import events
from parvis.landlords.models import Membership
from parvis.landlords.selectors.users import UserState
from parvis.landlords.services.role import replacing
from parvis.landlords.services.users import deciding


@transaction.atomic
def set_deputy(reference: str, is_deputy: bool, *, by: Actor, at: datetime) -> bool:
    """Name a colleague deputy, or no longer; False if it is so already. Refuses who cannot sign in.

    An administrator who does this is there: a replacement that waits is stopped, rather than given to the one just named.
    """
    decision = deciding.begin(by=by, at=at)
    user = decision.user(reference)
    if user.is_deputy == is_deputy:
        return False
    if is_deputy and user.state is not UserState.ACTIVE:
        raise ActNotPossible("Un suppléant doit déjà s’être connecté, et son accès doit être ouvert.")
    if is_deputy:
        decision.check_may_appoint()
    Membership.objects.update_or_create(account_id=user.id, defaults={"is_deputy": is_deputy})
    event = events.DEPUTY_NAMED if is_deputy else events.DEPUTY_WITHDRAWN
    record(event, subject=user.login_id, by=by, at=decision.at)
    replacing.answered(decision.landlord, by=by, at=decision.at)
    account = Account.objects.select_related("credential").get(pk=user.id)
    words = {"administrator": deciding.name_of(decision.administrator), "named": is_deputy}
    deciding.write_to(account, "landlords/emails/deputy", decision.landlord, at=decision.at, **words)
    return True
