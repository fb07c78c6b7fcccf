"""What somebody may do for their landlord: two sections of the copy of their data. Nobody else is named but as the journal names them."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from parvis.identity.models import Account
from parvis.identity.selectors.accounts import own_account
from parvis.identity.services.own.contents import Row, Section, when
from parvis.kit.actors import Actor
from parvis.landlords.models import Habilitation, Membership, Office, SuspendedRight, WithdrawnDelegation
from parvis.landlords.selectors.users import own_partner

_GIVEN = "Donné"
_SUSPENDED = {True: "Suspendu par la caisse", False: "Suspendu, faute d’usage"}
_ALL = "Toutes les caisses de l’organisme"


def _rights(actor: Actor, most: int) -> Iterable[Row]:
    """Each right that was given or suspended: since when, by whom, and its end, past or to come."""
    mine = own_account(actor)
    given = Habilitation.objects.filter(account_id=mine).order_by("-granted_at", "-pk")[:most]
    suspended = SuspendedRight.objects.filter(account_id=mine).order_by("-suspended_at", "-pk")[:most]
    found = [(one.granted_at, one.granted_by, _GIVEN, one.get_right_display(), one.ended_at) for one in given]
    found += [
        (one.suspended_at, one.suspended_by, _SUSPENDED[one.by_office], one.get_right_display(), one.lifted_at)
        for one in suspended
    ]
    colleagues = _colleagues(actor, {label for _, label, *_ in found})
    for at, label, what, right, end in sorted(found, key=lambda one: one[0], reverse=True)[:most]:
        yield right, what, when(at), _by(actor, label, colleagues), when(end)


def _colleagues(actor: Actor, labels: Collection[str]) -> set[str]:
    rows = Account.objects.filter(partner_id=own_partner(actor), login_id__in=labels)
    return set(rows.values_list("login_id", flat=True))


def _by(actor: Actor, label: str, colleagues: Collection[str]) -> str:
    """Oneself, the identifier of a colleague as in the journal, or the office: never the name of an agent."""
    if label == actor.label:
        return "Vous"
    return label if label in colleagues else "Votre caisse ou le portail"


def _delegations(actor: Actor, most: int) -> Iterable[Row]:
    """For which offices one acts, whether as a deputy, and what an office took back."""
    mine = own_account(actor)
    place = Membership.objects.filter(account_id=mine).first()
    if place is not None and place.is_deputy:
        yield "Suppléant de l’administrateur", "", "", ""
    codes = place.offices if place is not None else []
    names = Office.objects.filter(caf_code__in=codes).order_by("name", "caf_code").values_list("name", flat=True)
    for name in names if codes else [_ALL]:
        yield "Agit pour", name, "", ""
    taken = WithdrawnDelegation.objects.filter(account_id=mine).select_related("office")
    for one in taken.order_by("-withdrawn_at", "-pk")[:most]:
        yield "Retirée par la caisse", one.office.name, when(one.withdrawn_at), when(one.lifted_at)


RIGHTS = Section("droits", "Mes droits", ("Droit", "Quoi", "Depuis le", "Par", "Fin, passée ou prévue"), _rights)
DELEGATIONS = Section(
    "delegations", "Les caisses pour lesquelles j’agis", ("Quoi", "Caisse", "Depuis le", "Fin"), _delegations
)
