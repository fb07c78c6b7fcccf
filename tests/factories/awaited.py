"""Papers that the office awaits."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from parvis.changes.models import AwaitedPaper
from parvis.declarations.models import Declaration
from parvis.declarations.services import exchange
from parvis.kit.actors import Right
from tests.factories import declarations as made
from tests.factories.declarations import CLOCK, NOW
from tests.factories.landlords import Owner
from tests.factories.tenancies import july_rent, tenancy

ASKED = NOW + timedelta(days=2)
UNTIL = date(2026, 8, 14)


def rent_sent(who: Owner, *, leave: bool = True) -> Declaration:
    """A July rent that is with the office's system."""
    of = tenancy(who.landlord)
    july_rent(of, made.YEAR - 1, 52_400)
    made.campaign()
    made.typed(who, of, "525")
    made.sent(who)
    declaration = Declaration.objects.get(tenancy=of, kind="july_rent")
    if leave:
        exchange.mark_sent([declaration.pk], by=CLOCK, at=NOW)
    return declaration


def ask_paper(
    declaration: Declaration, *, code: str = "lease", at: datetime = ASKED, until: date = UNTIL
) -> exchange.OutcomeMerge:
    """The office asks for a paper about it."""
    line = (declaration.reference or "", "paper_awaited", code, at)
    with transaction.atomic():
        return exchange.record_outcomes(made.stage_outcomes(line, answer_by=until), by=CLOCK, at=at)


def paper_awaited(who: Owner) -> AwaitedPaper:
    """A paper that the office awaits about a July rent."""
    declaration = rent_sent(who)
    ask_paper(declaration)
    return AwaitedPaper.objects.get(subject=declaration.reference)


def paper_awaited_about(who: Owner, declaration: Declaration) -> AwaitedPaper:
    """The same, as the database keeps it, about what was declared."""
    return AwaitedPaper.objects.create(
        subject=declaration.reference or "",
        title="Loyer de juillet",
        needs=Right.DECLARE,
        landlord=who.landlord,
        office_id=declaration.tenancy.caf_code,
        tenancy=declaration.tenancy,
        account=who.account,
        paper="lease",
        answer_by=UNTIL,
        asked_at=ASKED,
    )
