"""What the database itself refuses of shared credentials (product.md §2.4)."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from parvis.identity.models import Account, Credential, Nature, Partner
from tests.factories.identity import NOW, account, newborn, partner

pytestmark = pytest.mark.django_db
ONE, OTHER = b"1" * 16, b"2" * 16


def settle() -> None:
    """Have the deferred rule looked at now, as a commit would."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def shared(*partners: Partner, proved: bool = True) -> Credential:
    email = "partage@parvis.example" if proved else None
    credential = Credential.objects.create(email=email, email_proved_at=NOW if proved else None)
    for of in partners:
        account(of, credential)
    settle()
    return credential


def test_corporate_accounts_of_different_partners_may_share() -> None:
    assert shared(partner(), partner(), partner()).accounts.count() == 3


def test_individuals_of_one_nir_may_share() -> None:
    assert shared(partner(Nature.INDIVIDUAL, ONE), partner(Nature.INDIVIDUAL, ONE)).accounts.count() == 2


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((Nature.INDIVIDUAL, ONE), (Nature.INDIVIDUAL, OTHER)),
        ((Nature.INDIVIDUAL, ONE), (Nature.INDIVIDUAL, None)),
        ((Nature.INDIVIDUAL, None), (Nature.INDIVIDUAL, None)),
        ((Nature.INDIVIDUAL, ONE), (Nature.CORPORATE, None)),
    ],
)
def test_two_persons_or_two_natures_never_share(
    first: tuple[Nature, bytes | None], second: tuple[Nature, bytes | None]
) -> None:
    with pytest.raises(IntegrityError, match="mixes persons or natures"), transaction.atomic():
        shared(partner(*first), partner(*second))


def test_two_accounts_of_one_partner_never_share() -> None:
    of = partner()
    with pytest.raises(IntegrityError, match="account_one_per_partner_and_credential"), transaction.atomic():
        shared(of, of)


def test_what_is_not_proved_is_not_shared() -> None:
    with pytest.raises(IntegrityError, match="without a proved mailbox"), transaction.atomic():
        shared(partner(), partner(), proved=False)


def test_moving_an_account_obeys_the_same_rule() -> None:
    credential = shared(partner(), partner())
    stranger = newborn(partner(Nature.INDIVIDUAL, ONE))
    Account.objects.filter(pk=stranger.pk).update(credential=credential)
    with pytest.raises(IntegrityError, match="mixes persons or natures"):
        settle()


def test_one_mailbox_has_one_credential() -> None:
    shared(partner())
    with pytest.raises(IntegrityError), transaction.atomic():
        shared(partner())


def test_a_mailbox_is_kept_in_lower_case_and_with_the_moment_of_its_proof() -> None:
    for fields in ({"email": "Claire@parvis.example", "email_proved_at": NOW}, {"email": "claire@parvis.example"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Credential.objects.create(**fields)


def test_the_mailbox_of_what_is_shared_is_not_taken_away() -> None:
    credential = shared(partner(), partner())
    alone = shared_alone()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE identity_credential SET email = NULL, email_proved_at = NULL WHERE id = %s", [alone.pk])
        settle()
        cursor.execute(
            "UPDATE identity_credential SET email = NULL, email_proved_at = NULL WHERE id = %s", [credential.pk]
        )
    with pytest.raises(IntegrityError, match="without a proved mailbox"):
        settle()


def shared_alone() -> Credential:
    credential = Credential.objects.create(email="seul@parvis.example", email_proved_at=NOW)
    account(partner(), credential)
    settle()
    return credential


@pytest.mark.parametrize(
    "change", [{"person_index": OTHER}, {"person_index": None}, {"nature": "corporate", "person_index": None}]
)
def test_a_partner_who_becomes_another_does_not_keep_what_is_shared(change: dict[str, object]) -> None:
    of = partner(Nature.INDIVIDUAL, ONE)
    shared(of, partner(Nature.INDIVIDUAL, ONE))
    Partner.objects.filter(pk=of.pk).update(**change)
    with pytest.raises(IntegrityError, match="mixes persons or natures"):
        settle()
