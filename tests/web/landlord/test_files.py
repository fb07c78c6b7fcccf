"""The pages of the rents by file: down, up, checked, mended, confirmed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from parvis.declarations.bulk import columns, editing, intake
from parvis.declarations.bulk.intake import receiving
from parvis.declarations.bulk.models import RentFile
from parvis.declarations.models import Receipt
from parvis.kit import clock
from parvis.sheets import limits, reading
from parvis.sheets.refusals import SENTENCES
from parvis.tenancies.models import Tenancy
from tests.declarations.july.bulk.test_ugly import SAMPLES
from tests.factories import declarations as made
from tests.factories.declarations import NOW, YEAR, typed
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import tenancy
from tests.web.landlord.july import address, fields, five, live_at, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    live_at(monkeypatch, NOW)


def filled(homes: list[Tenancy], *amounts: str) -> bytes:
    rows = [["Clé (ne pas modifier)", "Locataire", f"Loyer juillet {YEAR}"]]
    rows += [
        [columns.key_of(YEAR, home.reference), home.last_name, said] for home, said in zip(homes, amounts, strict=False)
    ]
    return "\r\n".join(";".join(row) for row in rows).encode()


def put(me: Owner, browser: Client, content: bytes, name: str = "loyers.csv") -> Any:
    key = fields(text(browser, address(me, "rent-files")))["key"]
    return browser.post(address(me, "rent-files"), {"file": SimpleUploadedFile(name, content), "key": key})


def test_up_checked_mended_and_sent() -> None:
    me, homes = five()
    browser = me.browser()
    answer = put(me, browser, filled(homes, "525,00", "5240", "bonjour", "", "600"))
    file = RentFile.objects.get()
    here = address(me, "rent-file", file.reference)
    assert answer.headers["Location"] == here
    page = text(browser, here)
    for words in (
        "Rien n’est encore transmis.", "1 prêt", "1 à confirmer", "2 à corriger", "1 sans montant", "« bonjour » n’est pas un montant.",
        "La virgule est peut-être mal placée.", "Transmettre 1 loyer prêt", "Tout garder en brouillon",
    ):  # fmt: skip
        assert words in page, words
    act = re.search(r'value="(remplacer:3::52400)"', page)
    assert act is not None
    form = {**fields(page), "geste": act[1], "rent-4": "524"}
    browser.post(here, form)
    assert "3 prêts" in text(browser, here)
    answer = browser.post(address(me, "rent-file-confirm", file.reference), {"wish": "send"})
    receipt = Receipt.objects.get()
    assert answer.headers["Location"] == address(me, "receipt", receipt.number)
    again = browser.post(address(me, "rent-file-confirm", file.reference), {"wish": "send"})
    assert again.headers["Location"] == answer.headers["Location"]
    assert Receipt.objects.get().count == 3
    assert receipt.number in text(browser, here)


def test_kept_as_drafts_with_the_lines_to_look_at_again() -> None:
    me, homes = five()
    browser = me.browser()
    put(me, browser, filled(homes, "525,00", "bonjour"))
    file = RentFile.objects.get()
    answer = browser.post(
        address(me, "rent-file-confirm", file.reference), {"wish": "keep", "unsure": "on"}, follow=True
    )
    assert "2 loyers enregistrés" in answer.content.decode().replace("\u00a0", " ")
    assert {draft.typed for draft in made.drafts_of()} == {"525,00", "bonjour"}
    assert "« bonjour » n’est pas un montant" in text(browser, f"{address(me)}?etat=saisis")


def test_what_was_sent_is_counted_by_its_receipts_and_the_rest_is_in_the_grid() -> None:
    me, homes = five()
    browser = me.browser()
    put(me, browser, filled(homes, "525,00", "526,00", "bonjour"))
    file = RentFile.objects.get()
    browser.post(address(me, "rent-file-confirm", file.reference), {"wish": "send", "unsure": "on"})
    page = text(browser, address(me, "rent-file", file.reference))
    assert "2 loyers transmis" in page
    assert "3 loyers transmis" not in page
    assert "1 ligne à revoir est dans" in page


def test_the_same_form_twice_is_one_file() -> None:
    me, homes = five()
    browser = me.browser()
    key = fields(text(browser, address(me, "rent-files")))["key"]
    places = set()
    for _ in range(2):
        sent = {"file": SimpleUploadedFile("l.csv", filled(homes, "525")), "key": key}
        places.add(browser.post(address(me, "rent-files"), sent).headers["Location"])
    assert len(places) == 1
    assert RentFile.objects.count() == 1


def test_screen_and_file_disagree() -> None:
    me, homes = five()
    typed(me, homes[0], "530")
    browser = me.browser()
    put(me, browser, filled(homes, "525"))
    file = RentFile.objects.get()
    here = address(me, "rent-file", file.reference)
    page = text(browser, here)
    assert "Saisi à l’écran : 530,00 € · Dans le fichier : 525,00 €" in page
    browser.post(here, {"geste": "ecran:2"})
    assert "530,00" in text(browser, here)
    assert RentFile.objects.get().counts == {"ready": 1}


def test_the_page_says_the_weight_that_is_taken() -> None:
    me, _ = five()
    page = text(me.browser(), address(me, "rent-files"))
    assert f"{limits.LARGEST_FILE // 1_000_000} Mo au maximum" in page
    assert f"plus de {limits.LARGEST_FILE // 1_000_000} Mo" in SENTENCES["too_heavy"].replace("\u00a0", " ")


@pytest.mark.parametrize("kind", ["xlsx", "ods", "csv"])
def test_the_table_comes_down_and_goes_up_again(kind: str) -> None:
    me, homes = five()
    browser = me.browser()
    content = browser.get(address(me, f"rent-files-{kind}")).getvalue()
    rows = [row for row in reading.rows(content) if any(row)]
    assert rows[0][0] == "Clé (ne pas modifier)"
    assert rows[0][-2:] == [f"Loyer juillet {YEAR}", "Remarque"]
    assert len(rows) == 6
    assert columns.read_key(rows[1][0]) == (YEAR, homes[0].reference)
    answer = put(me, browser, content, f"l.{kind}")
    assert RentFile.objects.get().counts == {"no_amount": 5}
    assert answer.status_code == 302


def test_the_annotated_file_says_what_to_mend() -> None:
    me, homes = five()
    browser = me.browser()
    put(me, browser, filled(homes, "525,00", "bonjour", "=cmd()"))
    file = RentFile.objects.get()
    for kind in ("xlsx", "ods", "csv"):
        content = browser.get(address(me, f"rent-file-annotated-{kind}", file.reference)).getvalue()
        rows = list(reading.rows(content))
        assert rows[0][-2:] == ["Résultat", "Que corriger"]
        assert rows[1][-2:] == ["Prêt", ""]
        assert rows[2][-2] == "À corriger"
        assert "n’est pas un montant" in rows[2][-1]
        assert rows[3][2] in ("=cmd()", "'=cmd()")


def test_the_annotated_file_has_what_was_mended_on_screen() -> None:
    me, homes = five()
    browser = me.browser()
    put(me, browser, filled(homes, "525,00", "bonjour"))
    file = RentFile.objects.get()
    editing.change_line(me.actor, file.reference, 3, typed="526,00")
    rows = list(reading.rows(browser.get(address(me, "rent-file-annotated-csv", file.reference)).getvalue()))
    assert ("526,00" in rows[2], "bonjour" in rows[2], rows[2][-2]) == (True, False, "Prêt")


def test_a_column_nobody_knows_is_chosen() -> None:
    me, homes = five()
    browser = me.browser()
    rows = [["Qui", "Combien"], [homes[0].claimant_number, "525,00"]]
    answer = put(me, browser, "\n".join(";".join(row) for row in rows).encode())
    file = RentFile.objects.get()
    here = address(me, "rent-file-columns", file.reference)
    assert answer.headers["Location"] == here
    assert "nous avons trouvé Qui, Combien" in text(browser, here)
    assert "Choisissez deux colonnes différentes." in browser.post(here, {"rent": "1", "tenant": "1"}).content.decode()
    browser.post(here, {"rent": "1", "tenant": "0"})
    assert RentFile.objects.get().counts == {"ready": 1}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Ce fichier est vide."),
        (b"%PDF-1.7", "Ce fichier n’est pas un tableau."),
        ("Clé;Loyer juillet 2026\r\n".encode(), "Ce fichier est vide."),
    ],
)
def test_a_file_of_no_use_is_refused_and_not_kept(content: bytes, sentence: str) -> None:
    me, _ = five()
    page = put(me, me.browser(), content).content.decode()
    assert sentence in page
    assert not RentFile.objects.exists()


def test_a_file_of_last_year_is_refused() -> None:
    me, homes = five()
    content = filled(homes, "525").replace(b"2026", b"2025")
    page = put(me, me.browser(), content).content.decode()
    assert "Ce fichier date de la campagne 2025." in page
    assert re.search(
        rf'href="{address(me, "rent-files-xlsx")}"[^>]*>(<svg.*?</svg>)?Télécharger le fichier de 2026', page
    )


def test_a_line_of_totals_is_said_to_be_ignored() -> None:
    me, homes = five()
    browser = me.browser()
    put(me, browser, filled(homes, "525,00", "524") + b"\r\n;TOTAL;1049,00\r\n")
    page = text(browser, address(me, "rent-file", RentFile.objects.get().reference))
    assert "1 ligne ignorée" in page
    assert "Cette ligne ne nomme aucun locataire : elle est ignorée." in page
    assert "2 prêts" in page


def test_the_file_of_another_of_my_accounts_leads_there() -> None:
    me, homes = five()
    mine = owner(credential=me.account.credential)
    tenancy(mine.landlord)
    made.campaign()
    page = put(mine, mine.browser(), filled(homes, "525")).content.decode().replace("\u00a0", " ")
    assert f"Ce fichier vient d’un autre compte ({me.landlord.company_name})." in page
    assert f'href="{address(me, "rent-files")}"' in page
    assert not RentFile.objects.exists()


def test_the_file_of_somebody_else_says_nothing_of_them() -> None:
    _, homes = five()
    other = owner()
    tenancy(other.landlord)
    made.campaign()
    put(other, other.browser(), filled(homes, "525"))
    file = RentFile.objects.get()
    assert file.counts == {"unknown": 1}
    page = text(other.browser(), address(other, "rent-file", file.reference))
    assert "Cette ligne ne correspond à aucun locataire de ce compte." in page
    assert homes[0].claimant_number not in page


def test_a_locked_file_says_so_beside_its_field() -> None:
    me, _ = five()
    locked = (SAMPLES / "archive-chiffree.xlsx").read_bytes()
    page = put(me, me.browser(), locked, "loyers.xlsx").content.decode()
    assert "Ce fichier est protégé par un mot de passe." in page
    assert not RentFile.objects.exists()


def test_a_file_is_its_senders_alone() -> None:
    me, homes = five()
    put(me, me.browser(), filled(homes, "525"))
    file = RentFile.objects.get()
    for other in (owner(), owner(me.landlord)):
        for name in (
            "rent-file",
            "rent-file-columns",
            "rent-file-confirm",
            "rent-file-abandon",
            "rent-file-annotated-csv",
        ):
            assert other.browser().get(address(other, name, file.reference)).status_code == 404


def test_a_big_file_is_read_by_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "SMALL_LINES", 2)
    me, homes = five()
    browser = me.browser()
    put(me, browser, filled(homes, "525,00", "530", "bonjour"))
    file = RentFile.objects.get()
    here = address(me, "rent-file", file.reference)
    assert "Vous pouvez quitter cette page, un mail vous préviendra." in text(browser, here)
    asked = browser.get(address(me, "rent-file-progress", file.reference), headers={"HX-Request": "true"})
    assert asked.status_code == 200
    assert browser.get(address(me, "rent-file-progress", file.reference)).headers["Location"] == here
    assert intake.work_one(at=clock.now())
    assert not intake.work_one(at=clock.now())
    asked = browser.get(address(me, "rent-file-progress", file.reference), headers={"HX-Request": "true"})
    assert asked.headers["HX-Redirect"] == here
    assert "2 prêts" in text(browser, here)


def test_abandoned_is_forgotten() -> None:
    me, homes = five()
    browser = me.browser()
    put(me, browser, filled(homes, "525"))
    file = RentFile.objects.get()
    assert "rien n’en sera gardé" in text(browser, address(me, "rent-file-abandon", file.reference))
    for _ in range(2):
        assert browser.post(address(me, "rent-file-abandon", file.reference)).status_code == 302
    assert not file.rows.exists()
    assert browser.get(address(me, "rent-file", file.reference)).status_code == 404
