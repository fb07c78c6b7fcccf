"""Why an amount is what it is, as the pages show it: the sentence, what to do, and the buttons that lead there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.urls import reverse

from parvis.declarations.models import Kind
from parvis.declarations.selectors.tenant_declared import Signalled, signalled
from parvis.kit.actors import Actor, Right
from parvis.tenancies.reasons import ENDED, NOT_PAID, UNKNOWN, Reason, Surroundings, explained, july_awaited
from parvis.tenancies.selectors.payments.changes import Change
from parvis.tenancies.selectors.payments.statement import StatementLine
from parvis.tenancies.selectors.payments.transfers import TransferLine

_DECLARED = {"move_out": Kind.MOVE_OUT, "arrears": Kind.ARREARS}
"""The reasons that a declaration of the landlord says more about."""


class Link(NamedTuple):
    """One button of a reason."""

    label: str
    url: str


class Why(NamedTuple):
    """A reason as the page shows it: what, what to do, and where."""

    sentence: str
    action: str
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Telling:
    """Who reads, and what they declared of the tenancies of the page."""

    actor: Actor
    account: str
    declared: dict[tuple[UUID, str], Signalled]

    def of_line(self, line: StatementLine, transfer: TransferLine) -> list[Why]:
        """The reasons of a line of a statement."""
        return self.reasons(line.reasons, line.tenancy, line.around(transfer.paid_on), is_here=line.is_here)

    def of_change(self, change: Change, transfer: TransferLine) -> list[Why]:
        """Why a tenant's part changed; a stop that nothing explains, and what merely ended, have their own sentences."""
        around = Surroundings(transfer.month, transfer.paid_on, left_on=change.left_on)
        told = self.reasons(change.reasons, change.tenancy, around, is_here=change.is_here)
        if told or change.now_cents:
            return told
        own = NOT_PAID if change.kind == "stopped" else ENDED.get(change.kind)
        return [Why(own.sentence, own.action)] if own else []

    def reasons(
        self, codes: Iterable[str], tenancy: UUID, around: Surroundings = UNKNOWN, *, is_here: bool = True
    ) -> list[Why]:
        """Each reason once, with the buttons this reader may press."""
        told = []
        for code in dict.fromkeys(codes):
            said = self.declared.get((tenancy, _DECLARED[code].value)) if code in _DECLARED else None
            for reason in explained([code], _completed(around, code, said)):
                told.append(self._why(reason, code, tenancy, said, is_here=is_here, month=around.month))
        return told

    def _why(
        self, reason: Reason, code: str, tenancy: UUID, said: Signalled | None, *, is_here: bool, month: date | None
    ) -> Why:
        links = [Link("Contester", self._contact(tenancy))] if code == "overpayment" else []
        if code == "overpayment":
            links.insert(0, Link("Voir le détail", reverse("payments-recoveries", args=[self.account])))
        elif code == "dwelling_check":
            links.append(Link("Prendre rendez-vous", self._contact(tenancy)))
        elif is_here and self.actor.may(Right.DECLARE):
            links += self._declaring(code, tenancy, said, month)
        return Why(reason.sentence, reason.action, tuple(links))

    def _contact(self, tenancy: UUID) -> str:
        return f"{reverse('contact-office', args=[self.account])}?locataire={tenancy}"

    def _declaring(self, code: str, tenancy: UUID, said: Signalled | None, month: date | None) -> list[Link]:
        """What a person who declares can do about it."""
        if code == "july_rent_missing":
            # The line of this tenant in the grid of the July that is awaited, which is not always that of the day.
            year = f"annee={july_awaited(month)}&" if month else ""
            return [Link("Déclarer", f"{reverse('july-rents', args=[self.account])}?{year}choix={tenancy}")]
        if code == "direct_payment_ended":
            ask = reverse("direct-payment-ask", args=[self.account])
            return [Link("Demander le versement direct", f"{ask}?choix={tenancy}")]
        if code not in _DECLARED or (said is not None and said.is_settled):
            return []
        if said is not None and self.actor.may(Right.CONSULT):
            page = reverse("declaration", args=[self.account, said.opaque])
            return [Link("Corriger la date", page) if code == "move_out" else _plan(said, page)]
        label = "Corriger la date" if code == "move_out" else "Déclarer l’impayé"
        page = reverse("declare", args=[self.account, tenancy])
        return [Link(label, f"{page}?quoi={_DECLARED[code].value}")] if said is None or code == "move_out" else []


def _plan(said: Signalled, page: str) -> Link:
    """What follows a debt is sent from the page of its report."""
    return Link("Faire le point sur le plan" if said.has_plan else "Envoyer le plan", f"{page}#suite")


def telling(actor: Actor, account: str, told: Sequence[StatementLine | Change]) -> Telling:
    """What explains these lines: their tenancies' declarations are asked for only where a reason speaks of one."""
    about = {item.tenancy for item in told if _speaks_of_one(item.reasons)}
    return Telling(actor, account, signalled(actor, about))


def _speaks_of_one(codes: Collection[str]) -> bool:
    return any(code in _DECLARED for code in codes)


def _completed(around: Surroundings, code: str, said: Signalled | None) -> Surroundings:
    if said is None:
        return around
    if code == "move_out":
        return replace(around, left_told=True)
    return replace(
        around,
        arrears_on=said.declared_on,
        plan_by=said.plan_by,
        arrears_told="settled" if said.is_settled else "plan" if said.has_plan else "",
    )
