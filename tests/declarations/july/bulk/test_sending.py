"""What a file sends is what the grid would have sent, whatever stood in the grid before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import ProgrammingError

from parvis.correspondence.models import Message
from parvis.correspondence.rendering.texts import words_of
from parvis.declarations.bulk import confirming, intake, report
from parvis.declarations.bulk.checking import LEASE, Checking
from parvis.declarations.bulk.intake import receiving
from parvis.declarations.bulk.models import RentFileRow
from parvis.declarations.models import CampaignEntry, Declaration, Receipt
from parvis.declarations.selectors import receipt_of
from parvis.declarations.selectors.receipts import content_hash, rents_of
from parvis.declarations.services import july
from parvis.kit.references import check_letter
from parvis.tenancies.models import Tenancy
from tests.declarations.july.bulk.test_path import lines, sent_in, table, three
from tests.factories import declarations as made
from tests.factories.declarations import NOW, YEAR, typed
from tests.factories.landlords import Owner, office, owner
from tests.factories.tenancies import july_rent, tenancy
from tests.factories.users import colleague

pytestmark = pytest.mark.django_db
FIELDS = ("kind", "tenancy__last_name", "year", "details", "warnings", "confirmed", "state", "stated", "typed")


def known_and_new() -> tuple[Owner, list[Tenancy]]:
    """One tenant whose last July is known, one of whom it is asked."""
    me = owner()
    homes = [tenancy(me.landlord, last_name=name) for name in ("Abadie", "Benali")]
    july_rent(homes[0], YEAR - 1, 52_400)
    made.campaign()
    return me, homes


def with_both_julys(homes: list[Tenancy], *amounts: tuple[str, str]) -> bytes:
    content = table(homes, *(f"{rent};{before}" for rent, before in amounts)).decode("cp1252")
    head, rest = content.split("\r\n", 1)
    return f"{head};Loyer juillet {YEAR - 1}\r\n{rest}".encode("cp1252")


def said() -> list[dict[str, Any]]:
    return list(Declaration.objects.order_by("tenancy__last_name", "-kind", "-year").values(*FIELDS))


@pytest.mark.parametrize(
    ("rent", "before", "code"),
    [("525,00", "300,00", "increase_above_index"), ("525,00", "", ""), ("700,00", "", "increase_above_index")],
)
def test_the_july_before_of_the_screen_or_of_the_file_is_what_a_line_is_compared_with(
    rent: str, before: str, code: str
) -> None:
    me, homes = known_and_new()
    typed(me, homes[1], "525,00", previous="500,00")
    july.confirm(me.actor, homes[1].reference, year=YEAR, code="increase_above_index", cents=52_500, at=NOW)
    file = sent_in(me, with_both_julys(homes, ("525,00", ""), (rent, before)))
    row = RentFileRow.objects.get(file=file, tenancy=homes[1])
    pending = [warning for warning in row.warnings if warning not in row.confirmed]
    assert pending == ([code] if code else [])


def by_grid() -> list[dict[str, Any]]:
    me, homes = known_and_new()
    typed(me, homes[0], "525,00")
    typed(me, homes[1], "530,00", previous="528,00")
    made.sent(me)
    return said()


@pytest.mark.parametrize("before", [("", ""), ("518,00", ""), ("518,00", "531,00")], ids=["nothing", "one", "both"])
def test_a_file_sends_what_the_grid_would_have_sent(before: tuple[str, str]) -> None:
    """New rents, and those that replace what an earlier file or the screen had kept, July of the year before included."""
    expected = by_grid()
    Tenancy.objects.all()
    other, homes = known_and_new()
    earlier = with_both_julys(homes, (before[0], ""), (before[1], "527,00" if before[1] else ""))
    confirming.confirm(other.actor, sent_in(other, earlier).reference, wish="keep", at=NOW) if any(before) else None
    file = sent_in(other, with_both_julys(homes, ("525,00", ""), ("530,00", "528,00")))
    done = confirming.confirm(other.actor, file.reference, wish="send", at=NOW)
    assert (done.kept, done.left_out) == (2, 0)
    own = Declaration.objects.filter(landlord=other.landlord)
    found = list(own.order_by("tenancy__last_name", "-kind", "-year").values(*FIELDS))
    for one in (*found, *expected):
        one["stated"].pop("claimant_number")
    assert found == expected
    receipt = Receipt.objects.get(landlord=other.landlord)
    assert bytes(receipt.content_hash) == content_hash(receipt.pk)
    assert [rent.previous_cents for rent in rents_of(receipt_of(other.actor, receipt.number))] == [None, 52_800]
    for declaration in own:
        digits = str(declaration.reference).split("-")[2]
        assert declaration.reference == f"D-2026-{digits}-{check_letter(digits)}"
    assert made.counts_are_true()


def test_what_a_colleague_types_meanwhile_stays_and_is_said() -> None:
    me, homes = three()
    file = sent_in(me, table(homes, "525,00", "526,00", ""))
    typed(me, homes[0], "530", at=NOW + timedelta(hours=1))
    done = confirming.confirm(me.actor, file.reference, wish="send", at=NOW + timedelta(hours=2))
    assert (done.kept, done.left_out) == (1, 1)
    assert made.draft_of(tenancy=homes[0]).typed == "530"
    row = lines(me, done)[0]
    assert (row.state, row.other_cents) == ("conflict", 53_000)
    assert Receipt.objects.get().count == 1
    assert made.counts_are_true()


def test_what_a_colleague_s_file_leaves_meanwhile_stays_and_is_said() -> None:
    me, homes = three()
    file = sent_in(me, table(homes, "525,00", "526,00", ""))
    them = colleague(me, rights=me.rights)
    theirs = sent_in(them, table(homes, "530,00", "526,00", ""))
    confirming.confirm(them.actor, theirs.reference, wish="keep", at=NOW + timedelta(hours=1))
    done = confirming.confirm(me.actor, file.reference, wish="send", at=NOW + timedelta(hours=2))
    assert (done.kept, done.left_out) == (1, 1)
    row = lines(me, done)[0]
    assert (row.state, row.other_cents) == ("conflict", 53_000)
    assert made.draft_of(tenancy=homes[0]).cents == 53_000
    assert made.counts_are_true()


def test_each_office_has_its_receipt_of_its_own_rents() -> None:
    me, homes = three()
    elsewhere = tenancy(me.landlord, last_name="Dupont", caf_code=office("351").caf_code)
    july_rent(elsewhere, YEAR - 1, 52_400)
    made.campaign()
    file = sent_in(me, table([*homes, elsewhere], "525,00", "526,00", "", "515,00"))
    done = confirming.confirm(me.actor, file.reference, wish="send", at=NOW)
    assert len(confirming.receipts_of_file(me.actor, done)) == 2
    assert sorted(Receipt.objects.values_list("office_id", "count")) == [("351", 1), (homes[0].caf_code, 2)]
    assert set(CampaignEntry.objects.values_list("state", flat=True)) == {"submitted", "to_declare"}
    assert made.counts_are_true()
    assert report.file_of(me.actor, file.reference).kept == 3


def test_a_tenant_on_two_lines_with_two_amounts_is_left_and_the_others_are_kept() -> None:
    me, homes = three()
    content = table([homes[0], homes[0], homes[1]], "515", "516", "517")
    file = sent_in(me, content)
    assert file.counts == {"ready": 1, "to_correct": 2}
    done = confirming.confirm(me.actor, file.reference, wish="send", wants_unsure=True, at=NOW)
    assert (done.state, done.kept, done.left_out) == ("confirmed", 1, 2)
    assert Receipt.objects.get().count == 1
    assert Declaration.objects.get().tenancy == homes[1]
    assert made.counts_are_true()


def test_a_file_that_always_fails_is_given_back_and_the_worker_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    me, homes = three()
    monkeypatch.setattr(confirming, "AT_ONCE", 0)
    file = sent_in(me, table(homes, "515", "516", "517"))
    confirming.confirm(me.actor, file.reference, wish="send", at=NOW)

    def breaks(*_: Any, **__: Any) -> None:
        raise ProgrammingError("unforeseen")

    monkeypatch.setattr(confirming, "carry_out", breaks)
    later = NOW
    for _ in range(intake.MOST_TRIES + 1):
        assert intake.work_one(at=later)
        later += LEASE + timedelta(seconds=1)
    file.refresh_from_db()
    assert file.state == "ready"
    assert "rien n’a été transmis" in file.refusal
    assert [mail.context["how"] for mail in stopped()] == ["not_kept"]
    assert not intake.work_one(at=later)
    monkeypatch.undo()
    done = confirming.confirm(me.actor, file.reference, wish="send", at=later)
    assert (done.kept, done.refusal) == (3, "")


def stopped() -> list[Message]:
    """The mails about files that nothing more is done about by itself."""
    return list(Message.objects.filter(template="declarations/emails/file_stopped").order_by("id"))


@pytest.mark.parametrize(
    ("content", "how", "words"),
    [
        (b"Nom;Montant\r\nMoreau;525", "columns", "Choisissez la bonne colonne"),
        (b"PK\x03\x04 not a workbook at all", "unread", "n\u2019a pas pu \u00eatre contr\u00f4l\u00e9"),
        (
            b"Cl\xc3\xa9 (ne pas modifier);Loyer juillet 2026\r\n",
            "unread",
            "n\u2019a pas pu \u00eatre contr\u00f4l\u00e9",
        ),
    ],
    ids=["columns to choose", "unreadable", "no lines"],
)
def test_who_left_the_page_is_written_to_however_the_reading_ends(
    monkeypatch: pytest.MonkeyPatch, content: bytes, how: str, words: str
) -> None:
    me, _ = three()
    monkeypatch.setattr(receiving, "SMALL_BYTES", 0)
    file = sent_in(me, content)
    assert not stopped()
    for _ in range(2):
        intake.work_one(at=NOW)
    (mail,) = stopped()
    assert (mail.context["how"], mail.context["reference"]) == (how, str(file.reference))
    assert words in str(words_of(mail.template, mail.context))


def test_a_file_that_can_never_be_read_is_refused_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    me, homes = three()
    monkeypatch.setattr(receiving, "SMALL_BYTES", 0)
    file = sent_in(me, table(homes, "515", "516", "517"))

    def breaks(*_: Any, **__: Any) -> None:
        raise ProgrammingError("unforeseen")

    monkeypatch.setattr(Checking, "run", breaks)
    later = NOW
    for _ in range(intake.MOST_TRIES + 1):
        assert intake.work_one(at=later)
        later += LEASE + timedelta(seconds=1)
    file.refresh_from_db()
    assert (file.state, file.refusal.startswith("Ce fichier n’a pas pu être contrôlé")) == ("refused", True)
    assert [mail.context["how"] for mail in stopped()] == ["unread"]
