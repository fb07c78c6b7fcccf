"""One file for the rents of several accounts: down, up, the reports of all, confirmed in one act."""

from __future__ import annotations

import csv
import io
import re
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from parvis.audit.models import Entry
from parvis.declarations.bulk import columns, intake, template
from parvis.declarations.bulk.intake import receiving
from parvis.declarations.bulk.models import RentFile, RentUpload
from parvis.declarations.models import Receipt
from parvis.kit import clock
from parvis.kit.actors import Right
from parvis.landlords.models import Habilitation
from parvis.tenancies.models import Tenancy
from tests.factories import declarations as made
from tests.factories.declarations import NOW, YEAR
from tests.factories.landlords import Owner, owner
from tests.web.landlord.july import fields
from tests.web.landlord.july_pages.across.test_across import GRID, said, two_accounts

pytestmark = pytest.mark.django_db
START = "/comptes/loyers-a-declarer/fichiers/"


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def table(*rents: tuple[Tenancy, str]) -> bytes:
    rows = [["Clé (ne pas modifier)", f"Loyer juillet {YEAR}"]]
    rows += [[columns.key_of(YEAR, home.reference), amount] for home, amount in rents]
    return "\r\n".join(";".join(row) for row in rows).encode()


def put(client: Client, content: bytes, *, key: str = "") -> Any:
    key = key or fields(said(client.get(START)))["key"]
    return client.post(START, {"file": SimpleUploadedFile("loyers.csv", content), "key": key})


def place(name: str = "rents-across-file") -> str:
    return reverse(name, args=[RentUpload.objects.get().reference])


def both(me: Owner, mine: Tenancy, theirs: Tenancy, *amounts: str) -> Client:
    client = me.browser()
    answer = put(client, table(*zip((mine, theirs), amounts, strict=True)))
    assert answer.headers["Location"] == place()
    return client


def test_the_table_of_all_accounts_comes_down_and_is_noted_in_each() -> None:
    me, other, mine, theirs = two_accounts()
    client = me.browser()
    assert START in said(client.get(GRID))
    page = said(client.get(START))
    assert "Vos 2 locataires y sont déjà, répartis sur 2 comptes." in page
    answer = client.get(reverse("rents-across-csv"))
    rows = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig")), delimiter=";"))
    assert rows[0][:3] == ["Clé (ne pas modifier)", "Compte", "Caisse"]
    assert [(row[0], row[1]) for row in rows[1:]] == [
        (columns.key_of(YEAR, mine.reference), "Alliance Familiale"), (columns.key_of(YEAR, theirs.reference), "Les Deux Rives"),
    ]  # fmt: skip
    noted = Entry.objects.filter(event="tenancies.exported").values_list("partner_id", "details__rows")
    assert set(noted) == {(me.landlord.pk, 1), (other.landlord.pk, 1)}
    for kind in ("xlsx", "ods"):
        assert client.get(reverse(f"rents-across-{kind}")).status_code == 200
    only = b"".join(client.get(reverse("rents-across-csv") + f"?compte={other.account.reference}")).decode()
    assert str(mine.reference) not in only
    assert str(theirs.reference) in only


def test_a_table_that_is_full_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    me, *_ = two_accounts()
    monkeypatch.setattr(template, "MOST_LINES", 1)
    assert "Le fichier tient 1 locataire." in said(me.browser().get(START))


def test_up_checked_confirmed_in_one_act_with_a_receipt_an_account() -> None:
    me, other, mine, theirs = two_accounts()
    client = both(me, mine, theirs, "525", "5240")
    assert '<td data-l="État">Contrôlé</td>' in said(client.get(START))
    page = said(client.get(place()))
    for words in (
        "Rien n’est encore transmis.", "Alliance Familiale", "Les Deux Rives", "1 prêt", "1 à corriger", "Transmettre 1 loyer prêt",
        "Mettre aussi 1 ligne à revoir dans les grilles", "reçoit son propre accusé",
    ):  # fmt: skip
        assert words in page, words
    own = RentFile.objects.get(account=other.account)
    report = reverse("rent-file", args=[other.account.reference, own.reference])
    assert report in page
    lines = said(client.get(report))
    assert place() in lines
    act = re.search(r'value="(remplacer:3::52400)"', lines)
    assert act is not None
    client.post(report, {"geste": act[1]})
    page = said(client.get(place()))
    assert "les 2 loyers prêts" in page
    page = said(client.post(place("rents-across-file-confirm"), {"wish": "send", "unsure": "on"}, follow=True))
    client.post(place("rents-across-file-confirm"), {"wish": "send", "unsure": "on"})
    receipts = dict(Receipt.objects.values_list("account_id", "number"))
    assert set(receipts) == {me.account.pk, other.account.pk}
    for number in receipts.values():
        assert number in page
    assert "1 loyer transmis" in page
    assert "Rien n’est encore transmis" not in page
    assert "Transmettre 1" not in page


def test_kept_as_drafts_in_every_account() -> None:
    me, _, mine, theirs = two_accounts()
    client = both(me, mine, theirs, "525", "bonjour")
    page = said(client.post(place("rents-across-file-confirm"), {"wish": "keep", "unsure": "on"}, follow=True))
    assert {draft.typed for draft in made.drafts_of()} == {"525", "bonjour"}
    assert "1 loyer enregistré" in page
    assert not Receipt.objects.exists()


def test_the_same_form_in_two_tabs_or_twice_is_one_file() -> None:
    me, _, mine, theirs = two_accounts()
    client = me.browser()
    key, content = str(uuid4()), table((mine, "525"), (theirs, "526"))
    first, again = put(client, content, key=key), put(client, content, key=key)
    assert first.headers["Location"] == again.headers["Location"]
    assert RentFile.objects.count() == 2
    client.post(place("rents-across-file-confirm"), {"wish": "send"})
    other_tab = said(client.post(place("rents-across-file-confirm"), {"wish": "keep"}, follow=True))
    assert Receipt.objects.count() == 2
    assert "loyer transmis" in other_tab
    start = said(client.get(START))
    assert place() in start
    assert '<td data-l="État">Confirmé</td>' in start


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "est vide"), (b"%PDF-1.7 rien", "n’est pas un tableau"), (b"PK\x03\x04abc", "Ce fichier"),
        (b"Nom;Prix\nA;1\n", ""), (f"Cl\u00e9 (ne pas modifier);Loyer juillet {YEAR}\n;;\n".encode(), "vide"),
    ],
)  # fmt: skip
def test_bad_files_are_refused_in_words(content: bytes, words: str) -> None:
    me, *_ = two_accounts()
    answer = put(me.browser(), content)
    if not words:
        assert answer.headers["Location"] == place("rents-across-file-columns")
        return
    assert answer.status_code == 200
    assert words in said(answer)
    assert not RentUpload.objects.exists()


def test_no_file_at_all_is_told() -> None:
    me, *_ = two_accounts()
    assert "Il y a un point à corriger" in said(me.browser().post(START, {"key": str(uuid4())}))
    assert not RentUpload.objects.exists()


def test_columns_are_asked_on_their_page() -> None:
    me, other, mine, theirs = two_accounts()
    client = me.browser()
    rows = f"Qui;Combien\n{YEAR}-{mine.reference};525\n{YEAR}-{theirs.reference};526\n"
    answer = put(client, rows.encode())
    page = said(client.get(answer.headers["Location"]))
    assert "Choisir la colonne" in page
    assert client.get(place()).headers["Location"] == answer.headers["Location"]
    same = said(client.post(answer.headers["Location"], {"rent": "1", "tenant": "1"}))
    assert "Choisissez deux colonnes différentes." in same
    client.post(answer.headers["Location"], {"rent": "1", "tenant": "0"})
    assert set(RentFile.objects.values_list("account_id", flat=True)) == {me.account.pk, other.account.pk}
    assert client.get(place("rents-across-file-columns")).headers["Location"] == place()


def test_lines_of_nobody_are_shown_with_their_number() -> None:
    me, other, mine, theirs = two_accounts()
    Habilitation.objects.filter(account=other.account, right=Right.DECLARE).delete()
    client = both(me, mine, theirs, "525", "526")
    page = said(client.get(place()))
    assert "1 ligne sans compte" in page
    assert "Les Deux Rives, où vous n’avez pas le droit « Déclarer »." in page
    assert not RentFile.objects.filter(account=other.account).exists()


def test_a_right_lost_in_between_is_told_and_the_others_leave() -> None:
    me, other, mine, theirs = two_accounts()
    client = both(me, mine, theirs, "525", "526")
    Habilitation.objects.filter(account=other.account, right=Right.DECLARE).update(ended_at=NOW)
    page = said(client.post(place("rents-across-file-confirm"), {"wish": "send"}, follow=True))
    assert "Les Deux Rives : Vous n’avez plus le droit « Déclarer » dans ce compte." in page
    assert set(Receipt.objects.values_list("account_id", flat=True)) == {me.account.pk}


NAMES = (
    "rents-across-file", "rents-across-file-progress", "rents-across-file-columns", "rents-across-file-confirm",
    "rents-across-file-abandon", "rents-across-file-annotated-xlsx", "rents-across-file-annotated-ods",
    "rents-across-file-annotated-csv",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_what_is_somebody_elses_does_not_exist(name: str) -> None:
    me, _, mine, theirs = two_accounts()
    both(me, mine, theirs, "525", "526")
    stranger = owner()
    made.campaign()
    browser = stranger.browser()
    for answer in (
        browser.get(place(name), headers={"HX-Request": "true"}), browser.post(place(name), {"wish": "send"}),
    ):  # fmt: skip
        assert answer.status_code in (404, 405)
    assert Client().get(place(name)).status_code == 302
    assert not Receipt.objects.exists()
    assert set(RentFile.objects.values_list("state", flat=True)) == {"ready"}


def test_whoever_may_declare_nowhere_is_led_elsewhere() -> None:
    two_accounts()
    stranger = owner(rights=frozenset({Right.CONSULT}))
    browser = stranger.browser()
    assert browser.get(START).status_code == 302
    assert browser.post(START, {"key": str(uuid4())}).status_code == 302
    assert Client().get(START).status_code == 302
    assert browser.get(reverse("rents-across-csv")).status_code == 302


def test_abandoned_in_all_accounts() -> None:
    me, _, mine, theirs = two_accounts()
    client = both(me, mine, theirs, "525", "526")
    assert "dans aucun compte" in said(client.get(place("rents-across-file-abandon")))
    page = said(client.post(place("rents-across-file-abandon"), follow=True))
    assert "Rien n’en est gardé." in page
    assert set(RentFile.objects.values_list("state", flat=True)) == {"abandoned"}
    assert client.get(place()).status_code == 404
    assert client.get(place("rents-across-file-abandon")).status_code == 302


def test_a_long_file_shows_its_progress_and_survives_leaving(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "SMALL_BYTES", 0)
    me, _, mine, theirs = two_accounts()
    client = both(me, mine, theirs, "525", "526")
    assert "Contrôle en attente." in said(client.get(place()))
    progress = place("rents-across-file-progress")
    assert client.get(progress).headers["Location"] == place()
    intake.work_one(at=NOW)
    part = said(client.get(progress, headers={"HX-Request": "true"}))
    assert "0 ligne sur 2, dans 2 comptes" in part
    assert "Confirmer" not in part
    while intake.work_one(at=NOW):
        pass
    assert client.get(progress, headers={"HX-Request": "true"}).headers["HX-Redirect"] == place()
    assert "les 2 loyers prêts" in said(client.get(place()))


def test_a_file_of_several_put_on_the_page_of_one_leads_here() -> None:
    me, _, mine, theirs = two_accounts()
    client = me.browser()
    one = reverse("rent-files", args=[me.account.reference])
    key = fields(said(client.get(one)))["key"]
    content = table((mine, "525"), (theirs, "526"))
    page = said(client.post(one, {"file": SimpleUploadedFile("a.csv", content), "key": key}))
    assert "contient aussi des loyers d’un autre de vos comptes (Les Deux Rives)" in page
    assert START in page
