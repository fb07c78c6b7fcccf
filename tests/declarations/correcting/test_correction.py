from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from parvis.audit.models import Entry
from parvis.declarations.models import LEAVING, Declaration, Receipt
from parvis.declarations.refusals import KeyUsedOtherwise, ReasonMissing, TooLateToCorrect
from parvis.declarations.selectors import grid_rows, receipt_of
from parvis.declarations.selectors.receipts import content_hash, rents_of
from parvis.declarations.selectors.receipts.verified import verify
from parvis.declarations.services import correction, exchange
from parvis.kit.actors import Right
from parvis.kit.refusals import ChangedMeanwhile, NotAllowed, NotFound, Refusal
from parvis.tenancies.models import Tenancy
from tests.factories import declarations as made
from tests.factories.declarations import CLOCK, NOW, YEAR, typed
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import july_rent, tenancy

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=3)


@pytest.fixture
def one_sent() -> tuple[Owner, Tenancy, Receipt]:
    me = owner()
    of = tenancy(me.landlord)
    july_rent(of, 2025, 52_400)
    made.campaign()
    typed(me, of, "525")
    return me, of, made.sent(me)[0]


def correct(me: Owner, of: Tenancy, text: str, *, sure: int | None = None, key: UUID | None = None) -> Receipt:
    return correction.correct(
        me.actor, of.reference, year=YEAR, typed=text, confirmed_cents=sure, submission_key=key or uuid4(), at=LATER
    )


def test_the_correction_takes_the_place_of_what_was_sent(one_sent: tuple[Owner, Tenancy, Receipt]) -> None:
    me, of, first = one_sent
    second = correct(me, of, "520,00")
    old, new = Declaration.objects.order_by("pk")
    assert (old.state, new.state, new.corrects) == ("corrected", "submitted", old)
    assert new.details["rent_cents"] == 52_000
    assert made.state_of(of) == "submitted"
    assert made.counts_are_true()
    assert bytes(Receipt.objects.get(pk=second.pk).content_hash) == content_hash(second.pk)
    (row,) = grid_rows(me.actor, YEAR, state="tous").rows
    assert (row.rent_cents, row.receipt_number) == (52_000, second.number)
    (rent,) = rents_of(receipt_of(me.actor, first.number))
    assert (rent.state, rent.corrected_by) == ("corrected", second.number)
    assert Entry.objects.get(event="declarations.corrected").subject == second.number


def test_whoever_holds_the_old_receipt_is_told_of_the_new_one(one_sent: tuple[Owner, Tenancy, Receipt]) -> None:
    me, of, first = one_sent
    second = correct(me, of, "520")
    found = verify(first.number, receipt_of(me.actor, first.number).code)
    assert found is not None
    assert (found.newer_number, found.newer_at) == (second.number, LATER)


def test_the_same_key_gives_the_same_receipt(one_sent: tuple[Owner, Tenancy, Receipt]) -> None:
    me, of, first = one_sent
    key = uuid4()
    assert correct(me, of, "520", key=key) == correct(me, of, "520", key=key)
    assert Declaration.objects.count() == 2
    other = tenancy(me.landlord)
    with pytest.raises(KeyUsedOtherwise):
        correct(me, other, "520", key=first.submission_key)


@pytest.mark.parametrize("text", ["abc", "", "525,00", "0,50"])
def test_what_is_no_correction_is_refused(one_sent: tuple[Owner, Tenancy, Receipt], text: str) -> None:
    me, of, _ = one_sent
    with pytest.raises(Refusal) as refused:
        correct(me, of, text)
    assert refused.value.field == "rent"
    assert Declaration.objects.get().state == "submitted"


def test_an_unusual_correction_waits_for_a_word(one_sent: tuple[Owner, Tenancy, Receipt]) -> None:
    me, of, _ = one_sent
    with pytest.raises(correction.ToConfirm, match="par rapport à juillet"):
        correct(me, of, "679")
    assert Receipt.objects.count() == 1
    correct(me, of, "679", sure=67_900)
    assert Declaration.objects.get(state="submitted").confirmed == ["increase_above_index"]


def test_once_decided_or_too_late_it_stays(one_sent: tuple[Owner, Tenancy, Receipt]) -> None:
    me, of, _ = one_sent
    after = NOW + timedelta(days=80)
    with pytest.raises(TooLateToCorrect, match="30 septembre 2026"):
        correction.correct(me.actor, of.reference, year=YEAR, typed="520", submission_key=uuid4(), at=after)
    declaration = Declaration.objects.get()
    exchange.mark_sent([declaration.pk], by=CLOCK, at=NOW)
    exchange.record_outcomes(
        made.stage_outcomes((declaration.reference or "", "integrated", "", NOW)), by=CLOCK, at=NOW
    )
    with pytest.raises(ReasonMissing):
        correct(me, of, "520")
    assert Declaration.objects.get().state == "integrated"


def test_a_correction_may_be_corrected_and_only_the_last_counts(one_sent: tuple[Owner, Tenancy, Receipt]) -> None:
    me, of, _ = one_sent
    correct(me, of, "520")
    correct(me, of, "521")
    assert list(Declaration.objects.order_by("pk").values_list("state", flat=True)) == [
        "corrected",
        "corrected",
        "submitted",
    ]


def test_a_stranger_and_a_reader_correct_nothing(one_sent: tuple[Owner, Tenancy, Receipt]) -> None:
    me, of, _ = one_sent
    stranger = owner()
    tenancy(stranger.landlord)
    made.campaign()
    with pytest.raises(NotFound):
        correct(stranger, of, "520")
    with pytest.raises(NotAllowed):
        correct(owner(me.landlord, rights=frozenset({Right.CONSULT})), of, "520")
    assert Declaration.objects.get().state == "submitted"


def test_what_is_not_sent_is_not_corrected() -> None:
    me = owner()
    of = tenancy(me.landlord)
    made.campaign()
    typed(me, of, "525")
    with pytest.raises(NotFound):
        correct(me, of, "520")


def test_a_confirmation_is_for_the_amount_that_was_shown(one_sent: tuple[Owner, Tenancy, Receipt]) -> None:
    me, of, _ = one_sent
    with pytest.raises(correction.ToConfirm) as told:
        correct(me, of, "5260")
    with pytest.raises(correction.ToConfirm):
        correct(me, of, "5270", sure=told.value.cents)
    assert Declaration.objects.filter(corrects__isnull=False).count() == 0


def test_both_leave_in_order_when_a_rent_is_corrected_before_the_export(
    one_sent: tuple[Owner, Tenancy, Receipt],
) -> None:
    me, of, _ = one_sent
    correct(me, of, "526")
    first, second = Declaration.objects.order_by("pk")
    leaving = Declaration.objects.filter(LEAVING).order_by("submitted_at", "pk")
    assert list(leaving) == [first, second]
    assert exchange.mark_sent([first.pk, second.pk], by=made.CLOCK, at=LATER) == 2
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("corrected", "sent")
    assert not Declaration.objects.filter(LEAVING).exists()
    with pytest.raises(ChangedMeanwhile):
        exchange.mark_sent([first.pk], by=made.CLOCK, at=LATER)
