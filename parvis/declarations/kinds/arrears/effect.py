"""What a report of arrears leads to, by the law of the day it is sent. Pure.

Until the end of 2026 the office tells the commission (CCAPEX), asks for a plan within six months, two where direct payment was
refused (CCH R.824-7, R.824-22), and fixes repayments itself without one (R.824-8); small debts have a simpler way (R.824-10).
From 2027 the commission decides, the aid is kept in principle, direct payment is proposed (décret 2026-84); how it goes is
looked at every six months in both (R.824-9).
"""

from __future__ import annotations

from datetime import date

from parvis.declarations.kinds.arrears.debt import Debt
from parvis.declarations.kinds.arrears.following import COMMISSION, plan_until
from parvis.declarations.kinds.arrears.law import RULE_2027, Judgement
from parvis.kit.days import months_spelled
from parvis.kit.money import NBSP, euros
from parvis.kit.periods import day
from parvis.parameters.law import legal

NOT_CONSTITUTED = (
    "Votre caisse est prévenue. Tant que cette dette n’est pas à signaler, l’aide continue et aucun plan ne vous est "
    f"demandé{NBSP}: si elle le devient, déclarez-la à nouveau."
)
"""What follows a report nobody had to make: none of the duties of a constituted debt (CCH R.824-1, R.824-7)."""


def effect_of(told: Debt, found: Judgement, *, in_place: bool, refuses_direct_payment: bool) -> str:
    """What will follow: of the tenant in place; of one who left, that the departure is to be told."""
    if not in_place:
        return "Si le départ n’est pas encore déclaré, déclarez-le aussi."
    if found.constituted is False:
        return NOT_CONSTITUTED
    return _of_2027(told) if found.rule == RULE_2027 else _of_2026(told, refuses_direct_payment=refuses_direct_payment)


def _of_2026(told: Debt, *, refuses_direct_payment: bool) -> str:
    today = told.facts.today
    parts = [f"L’aide est maintenue pendant la recherche d’une solution. Votre caisse informe la {COMMISSION}."]
    small = legal("small_arrears_simplified_procedure", on=today)
    if small is not None and told.cents <= small * 100:
        parts.append(f"Jusqu’à {euros(int(small * 100))} dus, la procédure est simplifiée.")
    elif told.plan is None:
        parts += _without_plan(today, refuses_direct_payment=refuses_direct_payment)
    return " ".join(parts)


def _without_plan(today: date, *, refuses_direct_payment: bool) -> list[str]:
    until = plan_until({"direct_payment_wanted": False if refuses_direct_payment else None}, today)
    parts = []
    if until is not None:
        why = f"Vous ne souhaitez pas le versement direct{NBSP}: " if refuses_direct_payment else ""
        parts.append(
            f"{why}{'un' if why else 'Un'} plan de remboursement est à envoyer à votre caisse avant le {day(until)}."
        )
    instalments = legal("default_repayment_instalments", on=today)
    if instalments is not None:
        parts.append(
            f"Sans plan, votre caisse peut fixer elle-même des remboursements, en {instalments:.0f}{NBSP}parts mensuelles."
        )
    return parts


def _of_2027(told: Debt) -> str:
    parts = [f"La {COMMISSION} décide de la suite{NBSP}: en principe, l’aide est maintenue."]
    if not told.facts.direct_payment:
        parts.append("Le versement direct vous est proposé.")
    months = legal("plan_check_interval", on=told.facts.today)
    if months is not None:
        parts.append(f"Nous ferons le point avec vous tous les {months_spelled(int(months))}.")
    return " ".join(parts)


def refusing_costs(today: date) -> str:
    """What it changes not to ask for direct payment, said where it is asked; nothing where the law says nothing."""
    months = legal("arrears_repayment_plan_deadline", on=today)
    fewer = legal("arrears_repayment_plan_deadline_if_landlord_refuses_direct_payment", on=today)
    if months is None or fewer is None:
        return ""
    return f"Si vous répondez non, le plan est à envoyer dans les {months_spelled(int(fewer))}, au lieu de {months_spelled(int(months))}."
