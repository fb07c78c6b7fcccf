"""What was declared, found by its kind among a hundred times as many July rents."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.declarations.models import Declaration
from parvis.declarations.selectors.history import HistoryFilters, history
from tests.declarations.bundles.test_bundles import departure_sent
from tests.factories.tenancies import many_tenancies

pytestmark = pytest.mark.django_db
_JULYS = """
INSERT INTO declarations_declaration (kind, tenancy_id, landlord_id, account_id, year, details, warnings, confirmed, state, receipt_id,
  reference, saved_at, submitted_at, typed, confirmed_reason, channel, rule, reason_code)
SELECT 'july_rent', t.id, t.landlord_id, %(account)s, 2026, '{}', '[]', '[]', 'submitted', %(receipt)s, 'D-' || t.id, now(), now(),
  '', '', 'page', '', ''
FROM tenancies_tenancy t WHERE t.landlord_id = %(landlord)s
"""


def test_a_kind_is_found_without_reading_the_july_rents() -> None:
    me, _, receipt = departure_sent()
    many_tenancies(me.landlord, 3000)
    with connection.cursor() as cursor:
        cursor.execute(_JULYS, {"account": me.account.pk, "landlord": me.landlord.pk, "receipt": receipt.pk})
        cursor.execute("ANALYZE declarations_declaration")
    assert Declaration.objects.count() > 3000
    with CaptureQueriesContext(connection) as queries:
        found = history(me.actor, HistoryFilters("move_out"))
    assert [line.kind for line in found] == ["move_out"]
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + queries[-1]["sql"])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "declaration_by_kind" in plan, plan
    assert len(history(me.actor, HistoryFilters("july_rent"))) == 25
