import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from pytest_django import Settings

from parvis.audit.models import Entry
from parvis.correspondence.models import Message
from parvis.declarations.models import CampaignEntry, Declaration, Receipt
from parvis.declarations.paper import receipt_pdf
from parvis.declarations.refusals import JustSent, KeyUsedOtherwise, NothingToSend, ReceiptAltered, RentsChanged
from parvis.declarations.selectors import ready_to_submit, receipt_of, receipts_of
from parvis.declarations.selectors.receipts import content_hash, rents_of
from parvis.declarations.selectors.receipts.verified import verify
from parvis.declarations.services import july, submission
from parvis.kit.actors import Right
from parvis.kit.references import check_letter
from parvis.kit.refusals import NotAllowed, NotFound
from parvis.landlords.models import Landlord, Office, ThirdPartyNumber
from parvis.tenancies.models import Tenancy
from tests.factories import declarations as made
from tests.factories.declarations import NOW, YEAR, typed
from tests.factories.landlords import Owner, landlord, office, owner
from tests.factories.tenancies import july_rent, tenancy

pytestmark = pytest.mark.django_db


def three_ready() -> Owner:
    """Three rents ready, one to confirm, one not typed."""
    who = owner()
    for name, text in (("Abadie", "525"), ("Benali", "529,50"), ("Celik", "524"), ("Dupont", "900"), ("Evrard", "")):
        of = tenancy(who.landlord, last_name=name)
        july_rent(of, 2025, 52_400)
        made.campaign()
        if text:
            typed(who, of, text)
    return who


def send(who: Owner, key: UUID, expected: str) -> list[Receipt]:
    return submission.submit_ready(who.actor, YEAR, submission_key=key, expected=expected, at=NOW)


def test_what_is_ready_leaves_and_the_rest_stays() -> None:
    who = three_ready()
    shown = ready_to_submit(who.actor, YEAR)
    assert (shown.count, shown.total_cents, len(shown.page.rows)) == (3, 157_850, 3)
    (receipt,) = send(who, uuid4(), shown.fingerprint)
    assert re.fullmatch(r"AR-2026-07-\d{6}", receipt.number)
    assert receipt.count == 3
    sent = Declaration.objects.filter(state="submitted")
    assert sent.count() == 3
    for declaration in sent:
        assert declaration.receipt == receipt
        assert declaration.submitted_at == NOW
        digits = str(declaration.reference).split("-")[2]
        assert declaration.reference == f"D-2026-{digits}-{check_letter(digits)}"
    assert made.draft_of().typed == "900"
    assert made.counts_are_true()
    entry = Entry.objects.get(event="declarations.submitted")
    assert (entry.subject, entry.details["rents"]) == (receipt.number, 3)
    assert not any("moreau" in str(value).lower() for value in entry.details.values())


def test_the_mail_says_what_was_received() -> None:
    who = three_ready()
    (receipt,) = made.sent(who)
    message = Message.objects.get(template="declarations/emails/receipt")
    assert message.to_email == who.account.credential.email
    assert message.context["number"] == receipt.number


def test_the_same_key_gives_the_same_receipt() -> None:
    who = three_ready()
    shown, key = ready_to_submit(who.actor, YEAR).fingerprint, uuid4()
    first, second = send(who, key, shown), send(who, key, shown)
    assert first == second
    assert Receipt.objects.count() == 1
    assert Message.objects.filter(template="declarations/emails/receipt").count() == 1


def test_the_same_key_with_other_content_is_refused() -> None:
    who = three_ready()
    key = uuid4()
    send(who, key, ready_to_submit(who.actor, YEAR).fingerprint)
    with pytest.raises(KeyUsedOtherwise):
        send(who, key, "0" * 32)


def test_two_tabs_send_once_and_the_second_is_told_of_the_receipt() -> None:
    who = three_ready()
    shown = ready_to_submit(who.actor, YEAR).fingerprint
    (receipt,) = send(who, uuid4(), shown)
    with pytest.raises(JustSent, match="déjà été transmis par Claire Martin") as refused:
        send(who, uuid4(), shown)
    assert refused.value.number == receipt.number
    assert Declaration.objects.filter(state="submitted").count() == 3


def test_nothing_leaves_when_a_rent_changed_since_it_was_shown() -> None:
    who = three_ready()
    shown = ready_to_submit(who.actor, YEAR)
    of = shown.page.rows[0]
    july.save_rent(who.actor, of.reference, year=YEAR, typed="526", at=NOW + timedelta(seconds=5))
    with pytest.raises(RentsChanged, match="Rien n’est transmis"):
        send(who, uuid4(), shown.fingerprint)
    assert not Receipt.objects.exists()
    assert not Declaration.objects.exclude(state="draft").exists()
    assert made.counts_are_true()


def test_nothing_ready_is_refused() -> None:
    who = owner()
    tenancy(who.landlord)
    made.campaign()
    with pytest.raises(NothingToSend):
        send(who, uuid4(), ready_to_submit(who.actor, YEAR).fingerprint)


def test_without_the_right_nothing_leaves() -> None:
    who = three_ready()
    reader = owner(who.landlord, rights=frozenset({Right.CONSULT}))
    with pytest.raises(NotAllowed):
        send(reader, uuid4(), ready_to_submit(reader.actor, YEAR).fingerprint)
    assert not Receipt.objects.exists()


def test_each_office_gives_its_own_receipt() -> None:
    who = owner()
    first = tenancy(who.landlord, last_name="Abadie")
    elsewhere = ThirdPartyNumber.objects.create(
        office=office("751", "Caf de Paris"), number="0000009", landlord=landlord(), user_number="75100000000009",
        address_1="1 rue", postcode="75001", city="PARIS",
    )  # fmt: skip
    second = tenancy(who.landlord, last_name="Benali", caf_code="751", third_party_number=elsewhere)
    for of in (first, second):
        july_rent(of, 2025, 52_400)
    made.campaign()
    for of in (first, second):
        typed(who, of, "525")
    shown, key = ready_to_submit(who.actor, YEAR), uuid4()
    assert [share.count for share in shown.offices] == [1, 1]
    receipts = send(who, key, shown.fingerprint)
    assert [receipt.office_id for receipt in receipts] == ["441", "751"]
    assert send(who, key, shown.fingerprint) == receipts


def test_the_july_before_leaves_with_it() -> None:
    who = owner()
    of = tenancy(who.landlord)
    made.campaign()
    typed(who, of, "405", previous="400")
    (receipt,) = made.sent(who)
    assert receipt.count == 1
    assert set(Declaration.objects.values_list("kind", "year", "state")) == {
        ("july_rent", 2026, "submitted"),
        ("previous_july_rent", 2025, "submitted"),
    }
    (rent,) = rents_of(receipt_of(who.actor, receipt.number))
    assert (rent.rent_cents, rent.previous_cents) == (40_500, 40_000)


def test_the_receipt_says_all_and_is_not_a_strangers() -> None:
    who = three_ready()
    (receipt,) = made.sent(who)
    sheet = receipt_of(who.actor, receipt.number)
    assert (sheet.count, sheet.office_name, sheet.office_phone) == (3, "Caf de la Loire-Atlantique", "3230")
    assert [rent.name for rent in rents_of(sheet)] == ["Lina Abadie", "Lina Benali", "Lina Celik"]
    assert [line.number for line in receipts_of(who.actor)] == [receipt.number]
    with pytest.raises(NotFound):
        receipt_of(owner().actor, receipt.number)


def test_the_content_is_what_was_hashed() -> None:
    who = three_ready()
    (receipt,) = made.sent(who)
    assert content_hash(receipt.pk) == bytes(Receipt.objects.get().content_hash)
    behind_the_triggers("UPDATE declarations_declaration SET confirmed = '[\"x\"]' WHERE receipt_id = %s", receipt.pk)
    assert content_hash(receipt.pk) != bytes(Receipt.objects.get().content_hash)


def behind_the_triggers(statement: str, *values: int | bytes | str) -> None:
    """Change what the database refuses to change: what somebody with all rights on it could do."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_what_a_feed_changes_later_does_not_change_a_receipt() -> None:
    who = three_ready()
    (receipt,) = made.sent(who)
    sheet = receipt_of(who.actor, receipt.number)
    before = (sheet, rents_of(sheet))
    paper = receipt_pdf(*before, check_url="https://parvis.example/", site="https://parvis.example")
    Tenancy.objects.update(last_name="Zola", sort_name="ZOLA", claimant_number="9999999")
    CampaignEntry.objects.update(last_july_cents=1)
    Office.objects.update(name="Autre", phone="1", address_1="Ailleurs", email="autre@example.org")
    Landlord.objects.update(company_name="Autre", last_name="Autre")
    ThirdPartyNumber.objects.update(user_number="9999999")
    sheet = receipt_of(who.actor, receipt.number)
    assert (sheet, rents_of(sheet)) == before
    assert (
        receipt_pdf(sheet, rents_of(sheet), check_url="https://parvis.example/", site="https://parvis.example") == paper
    )
    assert rents_of(sheet, after=before[1][0].tenancy) == before[1][1:]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE declarations_declaration SET details = '{}' WHERE reference IS NOT NULL",
        "UPDATE declarations_declaration SET stated = '{}' WHERE reference IS NOT NULL",
        "UPDATE declarations_declaration SET stated = NULL WHERE reference IS NOT NULL",
        "UPDATE declarations_declaration SET reference = reference || 'X' WHERE reference IS NOT NULL",
        "UPDATE declarations_declaration SET submitted_at = now() WHERE reference IS NOT NULL",
        "UPDATE declarations_declaration SET kind = 'death' WHERE reference IS NOT NULL",
        "DELETE FROM declarations_declaration WHERE reference IS NOT NULL",
        "UPDATE declarations_receipt SET person = 'X'",
        "UPDATE declarations_receipt SET content_hash = ''",
        "DELETE FROM declarations_receipt",
    ],
)
def test_the_database_refuses_to_change_what_is_sealed(statement: str) -> None:
    made.sent(three_ready())
    with pytest.raises(IntegrityError, match="is sealed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_receipt_verifies_as_long_as_the_key_of_its_day_is_named(settings: Settings) -> None:
    who = three_ready()
    (receipt,) = made.sent(who)
    code = receipt_of(who.actor, receipt.number).code
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "n" * 60
    assert verify(receipt.number, code) is not None
    assert verify(receipt.number, receipt_of(who.actor, receipt.number).code) is not None
    settings.SECRET_KEY_FALLBACKS = []
    assert verify(receipt.number, code) is None


def test_a_receipt_whose_content_was_altered_is_neither_shown_nor_authentic() -> None:
    who = three_ready()
    (receipt,) = made.sent(who)
    code = receipt_of(who.actor, receipt.number).code
    assert verify(receipt.number, code) is not None
    behind_the_triggers("UPDATE declarations_declaration SET details = details || '{\"rent_cents\": 1}'")
    assert verify(receipt.number, code) is None
    with pytest.raises(ReceiptAltered):
        receipt_of(who.actor, receipt.number)


def test_a_receipt_is_verified_kindly() -> None:
    who = three_ready()
    (receipt,) = made.sent(who)
    code = receipt_of(who.actor, receipt.number).code
    for number, typed_code in (
        (receipt.number, code),
        (receipt.number.lower().replace("-", " "), f" {code[:4].lower()} {code[4:].lower()} "),
    ):
        found = verify(number, typed_code)
        assert found is not None
        assert (found.number, found.count, found.landlord) == (receipt.number, 3, "Alliance Familiale")


def test_a_forged_receipt_is_not() -> None:
    who = three_ready()
    (receipt,) = made.sent(who)
    code = receipt_of(who.actor, receipt.number).code
    wrong = code[:-1] + ("A" if code[-1] != "A" else "C")
    assert verify(receipt.number, wrong) is None
    assert verify("AR-2026-07-999999", code) is None
    assert verify("", "") is None
    assert verify("AR-2026-07-%", code) is None
    behind_the_triggers("UPDATE declarations_receipt SET content_hash = %s", b"\x00" * 32)
    assert verify(receipt.number, code) is None


def test_an_individuals_name_is_not_told() -> None:
    who = three_ready()
    (receipt,) = made.sent(who)
    code = receipt_of(who.actor, receipt.number).code
    who.landlord.partner.nature = "individual"
    who.landlord.partner.save()
    found = verify(receipt.number, code)
    assert found is not None
    assert found.landlord == ""


@pytest.mark.parametrize("table", ["tenancies_tenancy", "landlords_landlord", "identity_account"])
def test_what_a_declaration_is_about_cannot_be_taken_away_under_it(table: str) -> None:
    who = three_ready()
    made.sent(who)
    with connection.cursor() as cursor, pytest.raises(IntegrityError, match="a declaration stands there"):
        cursor.execute(f"DELETE FROM {table}")
