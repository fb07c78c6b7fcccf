"""What a receipt on paper says beyond its amounts: what was confirmed and why, when an answer is expected; that it can be kept."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path

import pypdf
import pytest
from django.urls import reverse

from parvis.declarations import reasons
from parvis.declarations.models import Receipt
from parvis.declarations.paper import rents_csv
from parvis.declarations.paper.whole import whole_paper
from parvis.declarations.selectors import receipt_of
from parvis.declarations.selectors.receipts import rents_of
from parvis.declarations.services import bundles, july
from parvis.landlords.models import ProcessingTime
from parvis.tenancies.paper import Paper, statement_pdf
from tests.declarations.bundles.test_bundles import OWED, answered, chosen, let
from tests.declarations.bundles.test_bundles import sent as sent_together
from tests.factories import declarations as made
from tests.factories.declarations import NOW, YEAR
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import july_rent, tenancy

pytestmark = pytest.mark.django_db
UNUSUAL = "increase_above_index"
LONG = "Travaux de toiture, salle d’eau et fenêtres, " * 4 + "x"


def words_of(content: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def confirmed(reason: str) -> tuple[Owner, Receipt]:
    """A rent of a third more than last July, confirmed for that reason, and an ordinary one."""
    me = owner()
    dear, plain = tenancy(me.landlord, last_name="Moreau"), tenancy(me.landlord, last_name="Petit")
    for of in (dear, plain):
        july_rent(of, YEAR - 1, 52_400)
    made.campaign()
    made.typed(me, plain, "525")
    made.typed(me, dear, "700")
    july.confirm(me.actor, dear.reference, year=YEAR, code=UNUSUAL, cents=70_000, reason=reason, at=NOW)
    (receipt,) = made.sent(me)
    return me, receipt


def paper_of(me: Owner, receipt: Receipt) -> bytes:
    return whole_paper(receipt_of(me.actor, receipt.number))


@pytest.mark.parametrize("reason", ["Travaux", LONG, "x" * 200, "Rénové 🏠 \ue000", ""])
def test_the_paper_says_what_was_confirmed_and_why(reason: str) -> None:
    me, receipt = confirmed(reason)
    words = words_of(paper_of(me, receipt))
    assert words.count("montant confirmé") == 1
    assert "700,00 €" in words.replace("\u00a0", " ")
    said = re.sub("[^ -~\u00a0-\u017f\u2019]", "?", reason)
    assert (said[:1].lower() + said[1:]).replace(" ", "")[:190] in words.replace(" ", "").replace("\u200b", "")


def test_the_table_says_it_too_and_runs_no_formula() -> None:
    me, receipt = confirmed("=cmd|' /C calc'!A0")
    answer = me.browser().get(reverse("receipt-table", args=[me.account.reference, receipt.number]))
    header, dear, plain = answer.getvalue().decode("utf-8-sig").splitlines()
    assert header.endswith(";Montant confirmé;Raison donnée")
    assert dear.split(";")[-2] == "oui"
    assert not dear.split(";")[-1].strip('"').startswith("=")
    assert plain.endswith("525,00;;")


def test_a_receipt_sealed_before_keeps_the_table_whose_digest_it_printed() -> None:
    me, receipt = confirmed("Travaux")
    sheet = receipt_of(me.actor, receipt.number)
    assert sheet.tells_confirmed
    table = b"".join(rents_csv(YEAR, rents_of(sheet), tells_confirmed=False)).decode()
    assert "Travaux" not in table
    assert table.splitlines()[0].endswith("Loyer juillet 2026")


def test_the_page_and_the_paper_say_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    me, receipt = confirmed("Travaux de M. Martin")
    page = me.browser().get(reverse("receipt", args=[me.account.reference, receipt.number])).content.decode()
    for words in (page, words_of(paper_of(me, receipt))):
        assert "montant confirmé : travaux de M. Martin" in words.replace("\u00a0", " ")


def test_the_paper_of_other_declarations_says_when_an_answer_is_expected() -> None:
    me, rented = let()
    ProcessingTime.objects.all().delete()
    for topic, weeks in (("mail", 3), ("arrears", 5)):
        ProcessingTime.objects.create(
            office_id=rented.caf_code, topic=topic, min_weeks=1, max_weeks=weeks, measured_on=date(2026, 7, 1)
        )
    chosen(me, rented, "arrears")
    answered(me, rented, "arrears", OWED)
    receipt = sent_together(me, rented)
    before = paper_of(me, receipt)
    assert "Réponse attendue vers le 25/08/2026, selon les délais de votre caisse" in words_of(before)
    ProcessingTime.objects.all().delete()
    assert paper_of(me, receipt) == before, "it says what was expected on the day it was sent"


def test_an_office_that_measures_nothing_promises_no_day() -> None:
    me, rented = let()
    ProcessingTime.objects.all().delete()
    chosen(me, rented, "arrears")
    answered(me, rented, "arrears", OWED)
    assert "Réponse attendue" not in words_of(paper_of(me, sent_together(me, rented)))


def test_what_was_confirmed_of_other_declarations_is_on_their_paper() -> None:
    me, rented = let()
    chosen(me, rented, "arrears")
    answered(me, rented, "arrears", OWED | {"debt": "900"})
    bundles.confirm(me.actor, rented.reference, "arrears", {"below_threshold": "on"}, year=YEAR, at=NOW)
    words = words_of(paper_of(me, sent_together(me, rented)))
    assert "Confirmé une dette sous le seuil" in words


def test_every_warning_has_its_words() -> None:
    kinds = Path(reasons.__file__).parent / "kinds"
    text = "\n".join(path.read_text(encoding="utf-8") for path in kinds.rglob("*.py"))
    codes = set(re.findall(r"(?:Caution|RentWarning)\(\s*\"([a-z_]+)\"", text))
    codes |= set(re.findall(r"\"([a-z]+_times_[a-z]+)\"", text)) | {"previous_july_unknown", "share_or_whole"}
    assert len(codes) > 15
    assert codes <= set(reasons.CONFIRMED)


def test_a_sign_that_is_not_drawn_takes_no_other_away() -> None:
    known = [("Recouvrement", "−44,00 €"), ("Aide", "+1,50 €"), ("Rappel", "mai → juin 2026"), ("À", "Noël Œuvrard")]
    statement = Paper("Relevé", "Versement", "Иван 🏠", known, [], [], "Pied")
    pages = pypdf.PdfReader(io.BytesIO(statement_pdf(statement, at=NOW))).pages
    told = " ".join(" ".join(page.extract_text() for page in pages).split())
    for _, words in known:
        assert words in told.replace("\u00a0", " ")
    assert "????" in told


def test_receipts_and_statements_are_tagged_and_made_to_be_kept() -> None:
    me, receipt = confirmed("Travaux")
    statement = Paper("Relevé", "Versement", "Alliance 😀", [("N°", "1")], [], [], "Pied")
    for content in (paper_of(me, receipt), statement_pdf(statement, at=NOW)):
        read = pypdf.PdfReader(io.BytesIO(content))
        catalogue = read.root_object
        assert catalogue["/MarkInfo"]["/Marked"]  # type: ignore[index]
        assert catalogue["/StructTreeRoot"]
        assert catalogue["/OutputIntents"]
        told = catalogue["/Metadata"].get_object().get_data().decode()  # type: ignore[union-attr]
        for words in ("pdfuaid:part>1<", "pdfaid:part>2<", "pdfaid:conformance>A<"):
            assert words in told
