"""« Campagne terminée : récapitulatif »: the PDF that the mail at the end of a campaign carries (ux.md B21, decision 0015)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from parvis.correspondence.rendering.attachments import Attached
from parvis.declarations.models import EntryState, RentCampaign
from parvis.declarations.paper.closing_lines import LISTED, ClosedAccount, Listed, accounts_told, listed
from parvis.declarations.paper.recap import SENT_ONLY, sent_table
from parvis.kit.money import NBSP, euros
from parvis.kit.periods import day, moment
from parvis.kit.text import figure, plural
from parvis.tenancies.paper import Link, Paper, Table, statement_pdf

MOST_ACCOUNTS = 300
"""Accounts named on paper; their sum counts them all."""


def attached_recap(campaign_id: int, /, *, to: str, account_id: int | None, at: datetime) -> Attached | None:
    """``recapitulatif-loyers-juillet-<year>.pdf``: the accounts one mail tells of, as they stand when it leaves.

    Nothing where the campaign is gone, or where the mailbox was blocked, closed or left since. No amount of aid is in it.
    """
    campaign = RentCampaign.objects.filter(pk=campaign_id).first()
    accounts = accounts_told(campaign, account_id or 0, to=to, at=at) if campaign else []
    if campaign is None or not accounts:
        return None
    content = statement_pdf(_paper(campaign, accounts, listed(accounts, campaign.year), at=at), at=at)
    return Attached(f"recapitulatif-loyers-juillet-{campaign.year}.pdf", content)


def _paper(
    campaign: RentCampaign, accounts: Sequence[ClosedAccount], rents: Sequence[Listed], *, at: datetime
) -> Paper:
    first, year, is_one = accounts[0], campaign.year, len(accounts) == 1
    done, owed = sum(one.done for one in accounts), sum(one.remaining for one in accounts)
    whose = f"n° d’utilisateur {first.user_number}" if is_one else plural(len(accounts), "compte", "comptes")
    facts = [("N° d’utilisateur", first.user_number)] if is_one else [("Comptes", figure(len(accounts)))]
    facts += [
        ("Locataires", figure(done + owed)),
        ("Loyers transmis", figure(done)),
        ("Loyers manquants", figure(owed)),
    ]
    return Paper(
        title=f"Récapitulatif des loyers de juillet {year}",
        subject=f"Campagne terminée le {day(campaign.deadline_on)}{NBSP}: {_sent(done)} sur {figure(done + owed)}",
        landlord=first.name if is_one else first.person or first.name,
        facts=[*facts, ("Fait le", moment(at))],
        tables=[*([] if is_one else [_accounts(accounts)]), *_tables(rents, year, is_one=is_one)],
        notes=_notes(accounts, rents),
        foot=f"Loyers de juillet {year} · {whose}",
        links=[_link(accounts, year)],
    )


def _sent(count: int) -> str:
    return plural(count, "loyer transmis", "loyers transmis")


def _accounts(accounts: Sequence[ClosedAccount]) -> Table:
    rows = [(one.name, one.user_number, *_counts(one.done, one.remaining)) for one in accounts[:MOST_ACCOUNTS]]
    if len(accounts) > MOST_ACCOUNTS:
        more = accounts[MOST_ACCOUNTS:]
        others = plural(len(more), "autre compte", "autres comptes")
        rows.append((others, "", *_counts(sum(one.done for one in more), sum(one.remaining for one in more))))
    total = _counts(sum(one.done for one in accounts), sum(one.remaining for one in accounts))
    return Table(
        title="Vos comptes",
        columns=("Compte", "N° d’utilisateur", "Locataires", "Transmis", "Manquants"),
        rows=rows,
        total=("Total", "", *total),
        left=2,
    )


def _counts(done: int, remaining: int) -> tuple[str, str, str]:
    return figure(done + remaining), figure(done), figure(remaining)


def _tables(rents: Sequence[Listed], year: int, *, is_one: bool) -> list[Table]:
    """What is missing, then what was sent, account by account."""
    tables = []
    for one in rents:
        whose = "" if is_one else f", {one.account.name}"
        if one.owed:
            tables.append(_owed_table(one, year, f"Loyers manquants{whose}"))
        if one.sent:
            # A sum of some of them would be taken for that of all.
            tables.append(sent_table(year, one.sent, f"Loyers transmis, hors charges{whose}", has_total=False))
    return tables


def _owed_table(one: Listed, year: int, title: str) -> Table:
    return Table(
        title=title,
        columns=("Locataire", "N° allocataire", "État", f"Juillet {year - 1}"),
        rows=[
            (
                row.name,
                row.claimant_number,
                EntryState(row.state).label,
                "—" if row.last_july_cents is None else euros(row.last_july_cents),
            )
            for row in one.owed
        ],
        left=3,
    )


def _notes(accounts: Sequence[ClosedAccount], rents: Sequence[Listed]) -> list[str]:
    notes = [
        SENT_ONLY,
        "Il ne préjuge pas du montant de l’aide.",
    ]
    shown = sum(len(one.owed) + len(one.sent) for one in rents)
    if shown == LISTED and sum(one.account.done + one.account.remaining for one in rents) > shown:
        notes.insert(0, f"Les {LISTED} premières lignes sont listées ici, et toutes sont dans votre espace.")
    elif known := sum(one.account.done - len(one.sent) for one in rents):
        words = "1 loyer était déjà connu" if known == 1 else f"{figure(known)} loyers étaient déjà connus"
        notes.insert(0, f"{words} de votre caisse{NBSP}: il n’y avait rien à transmettre.")
    if any(one.remaining for one in accounts):
        notes.insert(0, "Vous pouvez encore déclarer les loyers manquants.")
    if len(rents) < len(accounts):
        notes.append("Le détail par locataire est donné à qui peut consulter le compte.")
    return notes


def _link(accounts: Sequence[ClosedAccount], year: int) -> Link:
    """The page that tells the same, behind the sign-in."""
    page = "/comptes/"
    if len(accounts) == 1:
        end = f"recapitulatif/?annee={year}" if accounts[0].may_consult else "?etat=transmis"
        page = f"/connexion/?suite=/c/{accounts[0].reference}/bailleur/loyers/{end}"
    return Link("Vos loyers dans votre espace, après connexion", f"{settings.PUBLIC_URL}{page}")
