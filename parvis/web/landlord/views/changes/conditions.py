"""What is known of the conditions of direct payment, under each tenant and above them all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from parvis.changes.rules.conditions import conditions_of, in_words
from parvis.changes.selectors.direct_payment import TenancyLine, facts_of
from parvis.changes.selectors.known import known_of
from parvis.declarations.models import Kind
from parvis.declarations.selectors import campaign_card
from parvis.declarations.selectors.tenant_declared import july_declared, signalled
from parvis.kit.actors import Actor, Right
from parvis.kit.clock import day_in_paris
from parvis.web.frame.requests import PageRequest

FIRST = date(1, 7, 1)


def hints_of(actor: Actor, lines: list[TenancyLine], *, at: datetime) -> dict[str, str]:
    """The conditions of each tenancy, in words, by its reference."""
    references = [line.reference for line in lines]
    if not references:
        return {}
    today, july = day_in_paris(at), _last_july(actor, at=at)
    facts = facts_of(actor, references, july=july)
    declared, told = july_declared(actor, references, year=july), signalled(actor, references)
    found = {}
    for reference, fact in facts.items():
        known = replace(
            fact,
            july_is_declared=fact.july_is_declared or reference in declared,
            arrears_are_told=(reference, Kind.ARREARS.value) in told,
        )
        found[str(reference)] = in_words(conditions_of(known, on=today))
    return found


def _last_july(actor: Actor, *, at: datetime) -> int:
    """The year of the newest campaign that is open to this landlord: before it opens, nobody can declare that July's rent.

    Where there is none, the last July that has begun.
    """
    today, card = day_in_paris(at), campaign_card(actor, at=at)
    if card is not None:
        return card.year if card.opens_on <= today else card.year - 1
    return today.year if (today.month, today.day) >= (FIRST.month, FIRST.day) else today.year - 1


def why_not(line: TenancyLine) -> str:
    """Why a tenant is not proposed."""
    return "une demande est déjà en cours" if line.is_waiting else "le logement n’est pas décent"


def accounts_words(request: PageRequest) -> list[tuple[str, bool]]:
    """What each office knows of the account it would pay, and whether it is missing there; its last signs for who may see them."""
    sees = request.actor.may(Right.BANK_DETAILS)
    known = known_of(request.actor)
    return [_account(line.office if len(known) > 1 else "", line.last4, sees=sees) for line in known]


def _account(office: str, last4: str, *, sees: bool) -> tuple[str, bool]:
    of = f" ({office})" if office else ""
    if not last4:
        return f"Votre caisse{of} ne connaît pas encore votre IBAN.", True
    end = f" se termine par {last4}" if sees else " est connu"
    return f"Votre IBAN{of}{end}\u00a0: vérifiez qu’il est à jour.", False
