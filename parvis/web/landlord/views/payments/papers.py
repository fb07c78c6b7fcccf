"""Statements as papers: one transfer, one year, one tenant, what was withheld."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from parvis.kit.actors import Actor
from parvis.kit.money import decimal, euros, signed_euros
from parvis.kit.periods import long_day, moment, month
from parvis.tenancies.models import PaymentKind
from parvis.tenancies.paper import Paper, Section, Table
from parvis.tenancies.reasons import Surroundings
from parvis.tenancies.selectors.payments.changes import Change, change_page, changes_of
from parvis.tenancies.selectors.payments.recoveries import Recovery
from parvis.tenancies.selectors.payments.statement import StatementLine
from parvis.tenancies.selectors.payments.tenant import WholeHistory
from parvis.tenancies.selectors.payments.transfers import TransferLine
from parvis.tenancies.selectors.payments.yearly import Sums, TenantYear, Year
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.views.payments.files import account_words, reason_cells
from parvis.web.landlord.views.payments.reasons import Why, telling
from parvis.web.landlord.views.payments.words import KINDS, change_words

STATEMENT_COLUMNS = ("Locataire", "N° alloc.", "Mois", "Aide", "Rappel", "Retenue", "Versé")
TENANT_COLUMNS = ("Mois de droit", "Nature", "Versé le", "Référence du virement", "Montant")
RECOVERY_COLUMNS = ("Locataire", "N° alloc.", "Virement du", "Mois", "Retenu")
NATURES: dict[str, str] = dict(PaymentKind.choices)
COLUMNS = ("Aide", "Rappel", "Retenue", "Versé")
FIRST_TRANSFER = (
    "C’est le premier versement de cette caisse à cette date du mois\u00a0: il ne se compare à aucun autre."
)
BEING_COMPARED = (
    "Ce virement a beaucoup de locataires\u00a0: il est en cours de comparaison, locataire par locataire. "
    "Revenez dans quelques minutes."
)
NOTHING_CHANGES = "Rien\u00a0: chaque locataire a le même montant que le mois d’avant."
WHAT_IT_IS = (
    "Sommes virées pendant l’année civile, quel que soit le mois auquel elles se rapportent. "
    "Les retenues sont déjà déduites de ce qui a été versé."
)
ACCOUNT_UNTOLD = "Compte non précisé"
ONLY_YOURS = (
    "Seules les sommes qui vous ont été versées sont montrées. L’aide payée au locataire lui-même ne l’est pas."
)


@dataclass(frozen=True, slots=True)
class Heading:
    """For whom a paper is made, and when."""

    landlord: str
    user_number: str
    at: datetime

    @property
    def foot(self) -> str:
        """What stands at the foot of every page."""
        return f"{settings.PUBLIC_URL.split('://', 1)[-1]} · établi le {moment(self.at)} · montants en euros"


def heading_of(request: PageRequest) -> Heading:
    """Of a paper asked for on a page."""
    return Heading(request.standing.landlord_name, request.standing.user_number, request.now)


def changes_section(actor: Actor, account: str, found: TransferLine) -> Section:
    """« Ce qui change depuis le mois d’avant », as the page of the transfer says it."""
    title, changes = f"Ce qui change depuis {month(found.month_before)}", changes_of(actor, found)
    if changes is None:
        return Section(title, FIRST_TRANSFER)
    if not changes.counts:
        return Section(title, NOTHING_CHANGES)
    shown = change_page(actor, found, changes).shown
    told = telling(actor, account, shown)
    points = [change_words(item) for item in changes.counts]
    points += [_changed(item, told.of_change(item, found)) for item in shown]
    left = (changes.total or 0) - len(shown)
    if left > 0:
        points.append(f"Et {left}\u00a0autre{'s' if left > 1 else ''}, à lire sur la page du versement.")
    gap = found.gap_cents
    return Section(title, f"{signed_euros(gap)}\u00a0:" if gap else "Le total ne change pas\u00a0:", points)


def _changed(item: Change, reasons: Sequence[Why]) -> str:
    amounts = " → ".join(euros(cents) if cents else "—" for cents in (item.before_cents, item.now_cents))
    why = " ".join(f"{reason.sentence} {reason.action}".strip() for reason in reasons)
    return f"{item.name}, {KINDS[item.kind][0]}\u00a0: {amounts}. {why}".strip()


def statement_paper(heading: Heading, found: TransferLine, lines: Sequence[StatementLine], changes: Section) -> Paper:
    """One transfer, what it changes, then tenant by tenant, and why."""
    sums = (found.aid_cents, found.back_payment_cents, found.recovery_cents, found.total_cents)
    notes = [
        f"{line.name}, {month(line.month)}\u00a0: {' '.join(reason_cells(line.reasons, line.around(found.paid_on))).strip()}"
        for line in lines
        if line.reasons
    ]
    return Paper(
        title="Relevé de versement",
        subject=f"{euros(found.total_cents)} versés le {long_day(found.paid_on)}",
        landlord=heading.landlord,
        facts=[
            ("Caisse", found.office_name),
            ("Référence du virement", found.transfer_ref),
            *([("Compte crédité", account_words(found.account_last4))] if found.account_last4 else []),
            ("N° d’utilisateur", heading.user_number),
        ],
        tables=[
            Table("Détail par locataire", STATEMENT_COLUMNS, [_row(line) for line in lines],
                  ("Total", "", "", *(decimal(cents) for cents in sums)), left=3)
        ],
        notes=notes,
        foot=heading.foot,
        sections=[changes],
    )  # fmt: skip


def year_paper(heading: Heading, found: Year) -> Paper:
    """One year, month by month, office by office, tenant by tenant."""
    total = ("Total", *_written(found.whole))
    tables = [
        Table("Mois par mois", ("Mois", *COLUMNS), [[label_of(item), *_written(item)] for item in found.months], total)
    ]
    if len(found.offices) > 1:
        offices = [[label_of(item), *_written(item)] for item in found.offices]
        tables.append(Table("Caisse par caisse", ("Caisse", *COLUMNS), offices, total))
    if len(found.accounts) > 1:
        rows = [[account_words(str(item.label)) or ACCOUNT_UNTOLD, *_written(item)] for item in found.accounts]
        tables.append(Table("Compte par compte", ("Compte crédité", *COLUMNS), rows, total))
    if found.tenants is not None:
        rows = [[f"{item.name} ({item.claimant_number})", *_written(item)] for item in found.tenants]
        tables.append(Table("Locataire par locataire", ("Locataire", *COLUMNS), rows, total))
    return Paper(
        title=f"Récapitulatif des versements {found.year}",
        subject=f"{euros(found.whole.total_cents)} versés en {found.year}",
        landlord=heading.landlord,
        facts=[
            ("N° d’utilisateur", heading.user_number),
            ("Virements", str(found.whole.transfers)),
            *([("Compte crédité", account_words(str(found.accounts[0].label)))] if len(found.accounts) == 1 else []),
        ],
        tables=tables,
        notes=[WHAT_IT_IS],
        foot=heading.foot,
    )


def tenant_paper(heading: Heading, found: WholeHistory) -> Paper:
    """All that was ever paid for one tenant, oldest first, and why."""
    rows = [
        (f"{line.month:%m/%Y}", NATURES[line.kind], f"{line.paid_on:%d/%m/%Y}", line.transfer_ref, decimal(line.cents))
        for line in found.lines
    ]
    total = sum(line.cents for line in found.lines)
    notes = [_note(month(line.month).capitalize(), line.reason_code, line.around) for line in found.lines]
    return Paper(
        title=f"Versements pour {found.name}",
        subject=f"{euros(total)} versés",
        landlord=heading.landlord,
        facts=[("N° allocataire", found.claimant_number), ("N° d’utilisateur", heading.user_number)],
        tables=[Table("Versement par versement", TENANT_COLUMNS, rows, ("Total", "", "", "", decimal(total)), left=4)],
        notes=[*(note for note in notes if note), ONLY_YOURS],
        foot=heading.foot,
    )


def recoveries_paper(heading: Heading, lines: Sequence[Recovery]) -> Paper:
    """What was withheld, newest first, and why."""
    rows = [
        (line.name, line.claimant_number, f"{line.paid_on:%d/%m/%Y}", f"{line.month:%m/%Y}", decimal(-line.cents))
        for line in lines
    ]
    total = -sum(line.cents for line in lines)
    notes = [_note(f"{line.name}, {month(line.month)}", line.reason_code, line.around) for line in lines]
    return Paper(
        title="Retenues et trop-perçus",
        subject=f"{euros(total)} retenus",
        landlord=heading.landlord,
        facts=[("N° d’utilisateur", heading.user_number)],
        tables=[Table("Retenue par retenue", RECOVERY_COLUMNS, rows, ("Total", "", "", "", decimal(total)), left=4)],
        notes=[note for note in notes if note],
        foot=heading.foot,
    )


def _note(about: str, code: str, around: Surroundings) -> str:
    """Why, in a sentence under the table; empty where the office gave no reason."""
    told = " ".join(reason_cells([code], around)).strip()
    return f"{about}\u00a0: {told}" if told else ""


def label_of(item: Sums) -> str:
    """The month or the office of a line of sums."""
    return month(item.label).capitalize() if isinstance(item.label, date) else item.label


def amounts_of(item: Sums | TenantYear) -> tuple[int, int, int, int]:
    """The columns of a line of sums."""
    return item.aid_cents, item.back_payment_cents, item.recovery_cents, item.total_cents


def _written(item: Sums | TenantYear) -> list[str]:
    return [decimal(cents) if cents else "" for cents in amounts_of(item)]


def _row(line: StatementLine) -> list[str]:
    amounts = (line.aid_cents, line.back_payment_cents, line.recovery_cents, line.total_cents)
    return [
        line.name,
        line.claimant_number,
        f"{line.month:%m/%Y}",
        *(decimal(cents) if cents else "" for cents in amounts),
    ]
