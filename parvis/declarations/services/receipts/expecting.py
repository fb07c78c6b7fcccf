"""The day by which an office should answer what a receipt acknowledges, as its delays stand at the sending."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import connection

from parvis.declarations.models import Receipt
from parvis.declarations.selectors.history import TOPIC
from parvis.kit.clock import day_in_paris

_SLOWEST = f"""
SELECT max(COALESCE(own.max_weeks, mail.max_weeks))
FROM (SELECT DISTINCT {TOPIC.format(d="x")} AS topic FROM declarations_declaration x WHERE x.receipt_id = %(receipt)s) asked
LEFT JOIN landlords_delay own ON own.office_id = %(office)s AND own.topic = asked.topic
LEFT JOIN landlords_delay mail ON mail.office_id = %(office)s AND mail.topic = 'mail'
"""


def expected_on(receipt: Receipt) -> date | None:
    """The slowest of its declarations; None where the office measures nothing, and for July rents, which say their own steps."""
    if receipt.is_of_rents:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_SLOWEST, {"receipt": receipt.pk, "office": receipt.office_id})
        weeks = cursor.fetchone()[0]
    return None if weeks is None else day_in_paris(receipt.at) + timedelta(weeks=weeks)
