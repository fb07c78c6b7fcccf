"""What a declaration or an entry is about exists, whoever writes it: the database says so once a statement, not once a row."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from parvis.declarations.models import CampaignEntry, Declaration
from tests.factories import declarations as made
from tests.factories.declarations import NOW, YEAR
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import july_rent, tenancy

pytestmark = pytest.mark.django_db
NOWHERE = 987_654_321


def refused() -> AbstractContextManager[Any]:
    return pytest.raises(IntegrityError, match=r"stands there|nobody, or about nothing")


def asked(me: Owner) -> Declaration:
    """A July rent, sent."""
    home = tenancy(me.landlord)
    july_rent(home, YEAR - 1, 52_400)
    made.campaign()
    made.typed(me, home, "525")
    made.sent(me)
    return Declaration.objects.get(tenancy=home)


@pytest.mark.parametrize("column", ["tenancy_id", "account_id", "receipt_id", "corrects_id", "landlord_id"])
def test_a_declaration_about_nothing_is_not_written(column: str) -> None:
    sent = asked(owner())
    said = {"tenancy_id": sent.tenancy_id, "account_id": sent.account_id, "landlord_id": sent.landlord_id}
    nowhere = {column: uuid4() if column == "landlord_id" else NOWHERE}
    with refused(), transaction.atomic():
        Declaration.objects.create(**(said | nowhere), kind="arrears", saved_at=NOW)
    assert Declaration.objects.create(**said, kind="arrears", saved_at=NOW).pk


@pytest.mark.parametrize("column", ["receipt_id", "corrects_id"])
def test_a_declaration_does_not_move_to_nowhere(column: str) -> None:
    sent = asked(owner())
    draft = Declaration.objects.create(
        tenancy_id=sent.tenancy_id,
        account_id=sent.account_id,
        landlord_id=sent.landlord_id,
        kind="arrears",
        saved_at=NOW,
    )
    mine = Declaration.objects.filter(pk=draft.pk)
    with refused(), transaction.atomic():
        mine.update(**{column: NOWHERE})
    assert mine.update(**{column: sent.pk if column == "corrects_id" else sent.receipt_id}) == 1


@pytest.mark.parametrize("column", ["tenancy_id", "landlord_id"])
def test_an_entry_about_nothing_is_neither_written_nor_moved(column: str) -> None:
    sent = asked(owner())
    nowhere = uuid4() if column == "landlord_id" else NOWHERE
    said: dict[str, Any] = {"tenancy_id": sent.tenancy_id, "landlord_id": sent.landlord_id, "sort_name": "X"}
    with refused(), transaction.atomic():
        CampaignEntry.objects.create(**(said | {column: nowhere}), year=YEAR + 1)
    with refused(), transaction.atomic():
        CampaignEntry.objects.filter(tenancy_id=sent.tenancy_id).update(**{column: nowhere})
    assert CampaignEntry.objects.create(**said, year=YEAR + 1).year == YEAR + 1


def test_what_is_named_is_not_taken_away() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE declarations_receipt DISABLE TRIGGER declarations_receipt_is_kept")
    sent = asked(owner())
    draft = Declaration.objects.create(
        tenancy_id=sent.tenancy_id,
        account_id=sent.account_id,
        landlord_id=sent.landlord_id,
        kind="arrears",
        saved_at=NOW,
    )
    follows = Declaration.objects.create(
        tenancy_id=sent.tenancy_id, account_id=sent.account_id, landlord_id=sent.landlord_id, kind="move_out", saved_at=NOW,
        corrects=draft,
    )  # fmt: skip
    for table, key in (
        ("declarations_receipt", sent.receipt_id),
        ("declarations_declaration", draft.pk),
        ("tenancies_tenancy", sent.tenancy_id),
    ):
        with refused(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table} WHERE id = %s", [key])
    assert follows.delete()[0] == 1
    assert draft.delete()[0] == 1
