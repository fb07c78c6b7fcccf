"""What the link of an invitation shows to whoever was invited, before any sign-in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from parvis.identity.models import Account, AccountState
from parvis.kit.actors import Right
from parvis.kit.clock import day_in_paris
from parvis.kit.references import fingerprint
from parvis.landlords.models import AdministratorReplacement, Invitation, Landlord, Office
from parvis.landlords.selectors.users import administrators

LONGEST_LINK = 60


@dataclass(frozen=True, slots=True)
class Welcome:
    """An invitation as its landing page tells it: who invites, where, to do what, until when."""

    inviter: str
    organisation: str
    first_name: str
    login_id: str
    rights: list[Right]
    offices: list[str]
    rights_end_on: date | None
    expires_at: datetime
    has_password: bool


def welcome_of(link: str, *, at: datetime) -> Welcome | None:
    """The invitation of a link, if it would still be accepted; None for every other link, whatever became of it."""
    if len(link) > LONGEST_LINK:
        return None
    live = Invitation.objects.filter(
        link_hash=fingerprint(link), accepted_at=None, cancelled_at=None, expires_at__gt=at
    )
    rows = live.select_related("account__credential", "invited_by")
    found = rows.filter(account__state=AccountState.NEW, account__credential__frozen_at=None).first()
    if found is None or not _is_still_meant(found, at):
        return None
    account, landlord = found.account, Landlord.objects.get(pk=found.account.partner_id)
    return Welcome(
        inviter=_short_name(found.invited_by) if found.invited_by else "Votre caisse",
        organisation=landlord.name,
        first_name=account.first_name,
        login_id=account.login_id,
        rights=[right for right in Right if right in found.rights and _may_be_given(right, landlord)],
        offices=list(Office.objects.filter(pk__in=found.offices).order_by("pk").values_list("name", flat=True)),
        rights_end_on=found.rights_end_on,
        expires_at=found.expires_at,
        has_password=account.credential.password_changed_at is not None,
    )


def _is_still_meant(invitation: Invitation, at: datetime) -> bool:
    """Whether who invited still administers (the office: still replaces), and the rights have not ended before they began."""
    if invitation.invited_by_id is None:
        agreed = AdministratorReplacement.objects.filter(asked_by=invitation.account, state="agreed", closed_at=None)
        return agreed.exists()
    hold = administrators(invitation.account.partner_id, at=at)
    ended = invitation.rights_end_on is not None and invitation.rights_end_on < day_in_paris(at)
    return not ended and any(account.pk == invitation.invited_by_id for account in hold)


def _may_be_given(right: Right, landlord: Landlord) -> bool:
    return right is not Right.CONSULT_FILES or landlord.may_consult_files


def _short_name(account: Account) -> str:
    """« Claire M. »: enough for a colleague, and no full name on a page that asks nobody who they are."""
    initial = f"{account.last_name[:1]}." if account.last_name else ""
    return f"{account.first_name} {initial}".strip() or "Un administrateur"
