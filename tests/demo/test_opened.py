"""Those of the demonstration who have signed in before."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection

from parvis.demo import cast, opened, story
from parvis.exchange.services import inbound
from parvis.identity.models import Account, Credential, Nature
from parvis.identity.services.sign_in import SignIn
from parvis.kit.actors import Right, system
from parvis.landlords.models import Habilitation
from tests.factories.identity import attempt

pytestmark = pytest.mark.django_db
BY = system("test")
AT = datetime(2026, 7, 20, 8, 26, tzinfo=UTC)


@pytest.fixture
def opened_cast(tmp_path: Path) -> None:
    shutil.copytree(story.DELIVERIES / "000001", tmp_path / "000001")
    inbound.take_in(tmp_path, by=BY, at=AT)
    newcomers = [(role.caf_code, role.number) for role in cast.NEWCOMERS]
    for _ in range(2):
        opened.open_all(newcomers, cast.ALLIANCE_FAMILIALE, at=AT)
    # The rules about shared credentials are checked at the end of the transaction: ask for it here.
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def accounts_of(email: str) -> list[Account]:
    return list(Account.objects.filter(credential__email=email).select_related("partner"))


def rights_of(account: Account) -> set[str]:
    return set(Habilitation.objects.filter(account=account).values_list("right", flat=True))


@pytest.mark.usefixtures("opened_cast")
def test_the_cast_is_as_the_story_tells_it() -> None:
    managed = accounts_of(opened.CAMILLE.email)
    assert len(managed) == 138
    assert {account.partner.nature for account in managed} == {Nature.CORPORATE}
    assert all(Right.ADMINISTER in rights_of(account) for account in managed)
    person = accounts_of(opened.YVAN.email)
    assert len(person) == 3
    assert len({bytes(account.partner.person_index or b"") for account in person}) == 1
    (alone,) = accounts_of(opened.LEA.email)
    assert alone.partner.person_index is None
    (first,) = accounts_of(opened.NADIA.email)
    assert Account.objects.filter(partner=first.partner).count() == 4
    assert Right.CONSULT_FILES in rights_of(first)
    assert Habilitation.objects.filter(account__credential__email=opened.TOM.email, ended_at=None).count() == 0


@pytest.mark.usefixtures("opened_cast")
def test_each_of_them_is_found_and_signs_in_by_the_ordinary_way() -> None:
    people = cast.people()
    assert len(people) == len(cast.NEWCOMERS) + len(cast.REGULARS)
    regulars = [person for person in people if person.password_hint == opened.PASSWORD]
    assert len(regulars) == len(cast.REGULARS)
    for person in regulars:
        assert attempt(person.login_id, opened.PASSWORD, at=AT).kind is SignIn.SIGNED_IN
    newcomer = next(person for person in people if person.title.startswith("Inès Roux"))
    account = Account.objects.get(login_id=newcomer.login_id)
    assert (account.claimed_email, account.opened_at) == ("", None)


@pytest.mark.usefixtures("opened_cast")
def test_no_credential_is_left_without_account() -> None:
    assert not Credential.objects.filter(accounts=None).exists()
