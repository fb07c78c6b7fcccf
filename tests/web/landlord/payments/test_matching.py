"""« Rapprocher avec ma banque » on the page: found, missing, in excess; refused kindly; nothing kept."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from structlog.testing import capture_logs

from parvis.audit.models import Entry
from parvis.kit.actors import Right
from parvis.sheets import bank
from parvis.tenancies.models import Transfer
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import payment, tenancy, transfer_of
from tests.web.landlord.payments.pages import address

pytestmark = pytest.mark.django_db
SAMPLES = Path(__file__).parents[3] / "samples" / "bank"


@pytest.fixture
def me() -> Owner:
    return owner()


def sent(me: Owner, content: bytes, name: str = "releve.csv", **typed: str) -> str:
    answer = me.browser().post(address(me, "payments-match"), {"file": SimpleUploadedFile(name, content), **typed})
    assert answer.status_code == 200
    return answer.content.decode().replace("\u00a0", " ")


@pytest.fixture
def july(me: Owner) -> Transfer:
    """The transfer of the samples."""
    return transfer_of(payment(tenancy(me.landlord), date(2026, 6, 1), 60_000, paid_on=date(2026, 7, 5)))


@pytest.mark.parametrize("name", ["montant.csv", "anglais.csv", "ancien.ofx", "recent.ofx", "releve-camt053.xml"])
def test_a_statement_of_the_bank_finds_the_transfer(me: Owner, july: Transfer, name: str) -> None:
    shown = sent(me, (SAMPLES / name).read_bytes(), name)
    assert "1 virement retrouvé" in shown
    assert july.transfer_ref in shown or "05/07/2026" in shown


def test_what_is_missing_and_what_is_in_excess_are_told(me: Owner, july: Transfer) -> None:
    shown = sent(me, b"Date;Libelle;Montant\r\n01/07/2026;x;-1,00\r\n20/07/2026;VIR CAF 44;12,34\r\n31/07/2026;x;5\r\n")
    for words in ("Introuvables dans ce relevé", july.transfer_ref, "En plus sur votre compte", "12,34 €"):
        assert words in shown


def test_a_stranger_s_transfers_are_never_matched(july: Transfer) -> None:
    assert "0 virement retrouvé" in sent(owner(), (SAMPLES / "montant.csv").read_bytes())


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"", "file"), (b"%PDF-1.4", "not_a_statement"), (b"a;b\r\n1;2\r\n", "no_columns"), (b"<a>", "damaged"),
     (b"x" * (bank.LARGEST + 1), "too_heavy")],
)  # fmt: skip
def test_a_bad_file_has_its_sentence(me: Owner, content: bytes, why: str) -> None:
    words = bank.SENTENCES.get(why, "Ce fichier est vide.").replace("\u00a0", " ")
    assert words in sent(me, content)


def test_one_bank_account_may_receive_the_aid_of_every_account_of_a_person(me: Owner, july: Transfer) -> None:
    mine = owner(credential=me.account.credential)
    content = (SAMPLES / "montant.csv").read_bytes()
    assert "Tous les bailleurs que je gère" in mine.browser().get(address(mine, "payments-match")).content.decode()
    assert "0 virement retrouvé" in sent(mine, content)
    shown = sent(mine, content, accounts="tous")
    assert "1 virement retrouvé" in shown
    assert me.landlord.name in shown
    assert reverse("payments-statement", args=[me.account.reference, july.reference]) in shown
    without = owner(credential=me.account.credential, rights=frozenset({Right.CONSULT}))
    assert without.browser().get(address(without, "payments-match")).status_code == 403
    assert "0 virement retrouvé" in sent(owner(), content, accounts="tous")


def test_the_result_is_a_table_that_is_noted_and_kept_nowhere(me: Owner, july: Transfer) -> None:
    content = (SAMPLES / "montant.csv").read_bytes()
    file = SimpleUploadedFile("releve.csv", content)
    answer = me.browser().post(address(me, "payments-match"), {"file": file, "csv": "oui"})
    rows = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig")), delimiter=";"))
    assert rows[0][:4] == ["Résultat", "Bailleur", "Versement du", "Référence"]
    assert [row[3] for row in rows if row[0] == "Retrouvé"] == [july.transfer_ref]
    assert Entry.objects.filter(event="tenancies.exported").count() == 1
    assert "Tous les bailleurs" not in me.browser().get(address(me, "payments-match")).content.decode()


def test_a_table_of_every_account_is_noted_at_each_landlord_it_tells_of(me: Owner, july: Transfer) -> None:
    """Also where the page is of an account without any transfer; a landlord whose transfers are not in it reads nothing."""
    mine, third = (owner(credential=me.account.credential) for _ in range(2))
    file = SimpleUploadedFile("releve.csv", (SAMPLES / "montant.csv").read_bytes())
    answer = mine.browser().post(address(mine, "payments-match"), {"file": file, "csv": "oui", "accounts": "tous"})
    assert july.transfer_ref in answer.getvalue().decode()
    exported = Entry.objects.filter(event="tenancies.exported")
    assert exported.get(partner_id=mine.landlord.pk)
    there = exported.get(partner_id=me.landlord.pk)
    assert there.details["rows"] == 1
    assert not exported.filter(partner_id=third.landlord.pk).exists()


def test_no_file_is_asked_for(me: Owner) -> None:
    answer = me.browser().post(address(me, "payments-match"))
    assert "Choisissez un fichier" in answer.content.decode()


def test_nothing_of_a_statement_of_the_bank_is_kept(me: Owner, july: Transfer) -> None:
    """Neither a row, nor a file, nor a line of log: the label of the sample is nowhere."""
    before = _rows_of_every_table()
    with capture_logs() as logs:
        assert "1 virement retrouvé" in sent(me, (SAMPLES / "montant.csv").read_bytes())
    assert _rows_of_every_table() == before
    assert "60000" not in str(logs)
    assert "CAF" not in str(logs)


def _rows_of_every_table() -> dict[str, int]:
    with connection.cursor() as cursor:
        names = [name for name in connection.introspection.table_names(cursor) if name != "identity_session"]
        counts = {}
        for name in names:
            cursor.execute(f'SELECT count(*) FROM "{name}"')
            counts[name] = cursor.fetchone()[0]
    return counts
