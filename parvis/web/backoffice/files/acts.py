"""What an agent may do from a landlord's file: a topic adds its line here, the file shows the button to who holds the duty.

The address of an act on the whole file is ``reverse(name, args=[partner])``, that of an act on one account
``reverse(name, args=[partner, holder])``, ``holder`` being the reference of the account.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from parvis.kit.actors import Actor, Duty, Right
from parvis.landlords.selectors.for_agents.accounts import AccessState, AccountCard
from parvis.landlords.selectors.for_agents.files import LandlordFile
from parvis.web.frame.templating import address


class Button(NamedTuple):
    """One act as the page shows it."""

    label: str
    url: str
    icon: str


def _always(_: object) -> bool:
    return True


class _FileAct(NamedTuple):
    label: str
    name: str
    duty: Duty
    icon: str
    fits: Callable[[LandlordFile], bool] = _always


class _AccountAct(NamedTuple):
    label: str
    name: str
    duty: Duty
    icon: str
    fits: Callable[[AccountCard], bool] = _always


def _is_open(account: AccountCard) -> bool:
    return account.state is AccessState.ACTIVE and account.opened_at is not None


def _closed(account: AccountCard) -> bool:
    return account.state is AccessState.CLOSED


def _not_closed(account: AccountCard) -> bool:
    return account.state is not AccessState.CLOSED


def _not_blocked(account: AccountCard) -> bool:
    """What its owner froze is still an agent's to block: reception opens it no more then."""
    if account.state is AccessState.FROZEN:
        return account.frozen_at is not None and not account.frozen_by_office
    return account.state is not AccessState.CLOSED


def _never_opened(account: AccountCard) -> bool:
    return account.state in (AccessState.NEVER, AccessState.LETTER) and bool(account.email)


def _shut_out(account: AccountCard) -> bool:
    return account.state in (AccessState.PAUSED, AccessState.FROZEN)


def _not_proved(account: AccountCard) -> bool:
    return not account.is_proved


def _lost_mailbox(account: AccountCard) -> bool:
    """Somebody on their own, who had a mailbox: a user of an organisation has an administrator."""
    return account.is_proved and not account.is_corporate and _is_open(account)


def _has_rights(account: AccountCard) -> bool:
    return _is_open(account) and bool(account.rights)


def _has_suspended(account: AccountCard) -> bool:
    return _is_open(account) and account.suspended > 0


def _delegated(account: AccountCard) -> bool:
    """A colleague who may act at several offices: at one, the access is suspended; who administers is for all."""
    return _has_rights(account) and account.is_corporate and Right.ADMINISTER not in account.rights


def _withdrawn(account: AccountCard) -> bool:
    return _is_open(account) and account.withdrawn > 0


def _was_removed(account: AccountCard) -> bool:
    return account.was_removed


def _confirmable(account: AccountCard) -> bool:
    return _is_open(account) and account.is_confirmable


def _corporate(file: LandlordFile) -> bool:
    return file.is_corporate


ON_FILE: tuple[_FileAct, ...] = (
    _FileAct("Remplacer l’administrateur", "file-replacement", Duty.REPLACE_ADMINISTRATORS, "users", _corporate),
)
ON_ACCOUNT: tuple[_AccountAct, ...] = (
    _AccountAct("Voir comme le bailleur", "viewing-begin", Duty.VIEW_AS, "eye", _is_open),
    _AccountAct("Renvoyer les identifiants", "account-send", Duty.SEND_CREDENTIALS, "send", _not_closed),
    _AccountAct(
        "Mot de passe pour 24\u00a0heures", "account-provisional", Duty.SEND_CREDENTIALS, "clock", _never_opened
    ),
    _AccountAct(
        "Lettre «\u00a0adresse mail perdue\u00a0»",
        "account-mailbox-letter",
        Duty.SEND_CREDENTIALS,
        "mail",
        _lost_mailbox,
    ),
    _AccountAct("Débloquer", "account-unlock", Duty.UNLOCK, "key", _shut_out),
    _AccountAct("Corriger l’adresse mail", "account-email", Duty.CORRECT_EMAILS, "mail", _not_proved),
    _AccountAct("Suspendre un droit", "account-right", Duty.SUSPEND_ACCOUNTS, "lock", _has_rights),
    _AccountAct("Rendre un droit", "account-right-back", Duty.SUSPEND_ACCOUNTS, "check", _has_suspended),
    _AccountAct("Retirer la délégation", "account-withdraw", Duty.SUSPEND_ACCOUNTS, "lock", _delegated),
    _AccountAct("Rendre la délégation", "account-delegate", Duty.SUSPEND_ACCOUNTS, "check", _withdrawn),
    _AccountAct("Demander un nouveau mot de passe", "account-password", Duty.SUSPEND_ACCOUNTS, "key", _is_open),
    _AccountAct(
        "Rétablir l’administrateur", "account-administrator", Duty.REPLACE_ADMINISTRATORS, "users", _was_removed
    ),
    _AccountAct("Confirmer l’administrateur", "account-confirm", Duty.REPLACE_ADMINISTRATORS, "check", _confirmable),
    _AccountAct("Bloquer l’accès", "account-block", Duty.SUSPEND_ACCOUNTS, "lock", _not_blocked),
    _AccountAct("Suspendre", "account-suspend", Duty.SUSPEND_ACCOUNTS, "lock", _not_closed),
    _AccountAct("Rétablir", "account-reinstate", Duty.SUSPEND_ACCOUNTS, "check", _closed),
)


def acts_for(actor: Actor, file: LandlordFile) -> list[Button]:
    """The acts on this landlord that the agent may do, through one of the offices they share."""
    held = [act for act in ON_FILE if actor.holds(act.duty, file.offices) and act.fits(file)]
    return [Button(act.label, address(act.name, file.partner_id), act.icon) for act in held]


def acts_on(actor: Actor, file: LandlordFile, account: AccountCard) -> list[Button]:
    """The acts on one of its accounts."""
    held = [act for act in ON_ACCOUNT if actor.holds(act.duty, file.offices) and act.fits(account)]
    return [Button(act.label, address(act.name, str(file.partner_id), account.reference), act.icon) for act in held]
