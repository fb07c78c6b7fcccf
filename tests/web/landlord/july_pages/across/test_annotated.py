"""The lines of a file of several accounts, annotated in one table: down, mended, up again."""

from __future__ import annotations

import csv
import io
from uuid import uuid4

import pytest

from parvis.audit.models import Entry
from parvis.declarations.bulk import columns
from parvis.declarations.bulk.models import RentUpload
from parvis.kit import clock
from tests.factories.declarations import NOW, YEAR
from tests.web.landlord.july_pages.across.test_across import said, two_accounts
from tests.web.landlord.july_pages.across.test_by_file import both, place, put, table

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def test_all_lines_come_down_annotated_and_go_up_again() -> None:
    me, other, mine, theirs = two_accounts()
    client = me.browser()
    lost = b"\r\n%d-%s;530" % (YEAR, str(uuid4()).encode())
    put(client, table((theirs, "5240"), (mine, "525")) + lost)
    page = said(client.get(place()))
    assert place("rents-across-file-annotated-xlsx") in page
    assert "à la fin, celles sans compte" in page
    content = b"".join(client.get(place("rents-across-file-annotated-csv")))
    head, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")
    assert head == ["Clé (ne pas modifier)", f"Loyer juillet {YEAR}", "Résultat", "Que corriger", "Compte"]
    found = {row[0]: row[1:] for row in rows}
    assert found[columns.key_of(YEAR, mine.reference)] == ["525", "Prêt", "", "Alliance Familiale"]
    wrong = found[columns.key_of(YEAR, theirs.reference)]
    assert (wrong[0], wrong[1], wrong[3]) == ("5240", "À corriger", "Les Deux Rives")
    assert wrong[2]
    assert (rows[-1][1], rows[-1][2], bool(rows[-1][3])) == ("530", "Sans compte", True)
    noted = Entry.objects.filter(event="tenancies.exported", details__kind="annotated-rents")
    assert set(noted.values_list("partner_id", "details__rows")) == {(me.landlord.pk, 1), (other.landlord.pk, 1)}
    assert client.get(place("rents-across-file-annotated-xlsx")).status_code == 200
    client.post(place("rents-across-file-abandon"))
    put(client, content.replace(b"5240", b"524"))
    again = RentUpload.objects.order_by("-pk")[0]
    assert [part.counts["ready"] for part in again.parts.all()] == [1, 1]


def test_nothing_is_annotated_where_nothing_waits() -> None:
    me, _, mine, theirs = two_accounts()
    client = both(me, mine, theirs, "525", "526")
    client.post(place("rents-across-file-confirm"), {"wish": "send"})
    assert client.get(place("rents-across-file-annotated-csv")).status_code == 404
    assert place("rents-across-file-annotated-csv") not in said(client.get(place()))
