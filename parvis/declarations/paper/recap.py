"""« Récapitulatif »: all the July rents of a campaign that are with the office, on paper, with the receipt of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from parvis.declarations.paper.recap_lines import DeclaredRent
from parvis.kit.clock import day_in_paris
from parvis.kit.money import NBSP, euros
from parvis.kit.periods import day, moment
from parvis.kit.text import figure, plural
from parvis.tenancies.paper import Paper, Table, statement_pdf

SENT_ONLY = "Ce document résume ce que vous avez transmis. Seuls les accusés d’enregistrement prouvent chaque envoi."
MOST_RENTS = 3_000
"""As many rents as one document lists, some eighty pages; of more it says where the whole list is."""


def recap_pdf(
    campaign: tuple[int, int, int], rents: Sequence[DeclaredRent], *, landlord: str, user_number: str, at: datetime
) -> bytes:
    """The recapitulation made ``at``; ``campaign`` is its year, how many rents are with the office, and of how many."""
    year, done, total = campaign
    shown = rents[:MOST_RENTS]
    notes = [
        SENT_ONLY,
        "Il ne préjuge pas du montant de l’aide.",
    ]
    if len(rents) > MOST_RENTS:
        notes.insert(
            0,
            f"Les {MOST_RENTS} premiers loyers sont listés ici. La liste entière se télécharge depuis «{NBSP}Mes locataires{NBSP}».",
        )
    if done > len(rents) and len(rents) <= MOST_RENTS:
        known = done - len(rents)
        words = "1 loyer était déjà connu" if known == 1 else f"{known} loyers étaient déjà connus"
        notes.insert(0, f"{words} de votre caisse{NBSP}: il n’y avait rien à transmettre.")
    paper = Paper(
        title=f"Loyers de juillet {year}",
        subject=f"{plural(done, 'loyer transmis', 'loyers transmis')} sur {figure(total)}",
        landlord=landlord,
        facts=[("N° d’utilisateur", user_number), ("Fait le", moment(at))],
        tables=[sent_table(year, shown)] if shown else [],
        notes=notes,
        foot=f"Loyers de juillet {year} · n° d’utilisateur {user_number}",
    )
    return statement_pdf(paper, at=at)


def sent_table(
    year: int, rents: Sequence[DeclaredRent], title: str = "Loyers transmis, hors charges", *, has_total: bool = True
) -> Table:
    """The rents that are with the office, and their sum."""
    columns = ("Locataire", "N° allocataire", "Transmis le", "Accusé", f"Juillet {year - 1}", f"Juillet {year}")
    return Table(
        title=title,
        columns=columns,
        rows=[_row(rent) for rent in rents],
        total=("Total", "", "", "", "", euros(sum(rent.rent_cents for rent in rents))) if has_total else (),
        left=4,
    )


def _row(rent: DeclaredRent) -> tuple[str, ...]:
    return (
        rent.name,
        rent.claimant_number,
        day(day_in_paris(rent.submitted_at)),
        rent.receipt_number,
        euros(rent.last_july_cents) if rent.last_july_cents is not None else "—",
        euros(rent.rent_cents),
    )
