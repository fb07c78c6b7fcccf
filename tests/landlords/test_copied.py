"""The rights of somebody, and the offices they act for, in the copy of their data: their own, and nobody else's name."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, datetime, timedelta

import pytest

from parvis.identity.services.own.contents import archive_of, when
from parvis.kit.actors import Right
from parvis.landlords.models import Habilitation, Membership, SuspendedRight, WithdrawnDelegation
from tests.factories.landlords import Owner, landlord, office, owner

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
AGENT = "elise.morvan"


def table(me: Owner, name: str) -> list[list[str]]:
    """The lines of a file of the copy, without its head and the account each line begins with."""
    with zipfile.ZipFile(io.BytesIO(archive_of(me.account.credential_id, at=NOW))) as file:
        assert f"{name}.csv" in file.read("LISEZ-MOI.txt").decode("utf-8-sig")
        lines = list(csv.reader(io.StringIO(file.read(f"{name}.csv").decode("utf-8-sig")), delimiter=";"))
    assert {line[0] for line in lines[1:]} <= {me.account.login_id}
    return [line[1:] for line in lines[1:]]


@pytest.fixture
def me() -> Owner:
    """A user without any right yet, at an organisation."""
    return owner(landlord(), rights=frozenset())


def given(me: Owner, right: Right, days: int, by: str, ended_at: datetime | None = None) -> datetime:
    """A right given some days ago."""
    at = NOW - timedelta(days=days)
    Habilitation.objects.create(account=me.account, right=right, granted_at=at, granted_by=by, ended_at=ended_at)
    return at


def test_each_right_is_told_with_when_by_whom_and_its_end(me: Owner) -> None:
    chief = owner(me.landlord)
    over, ahead = NOW - timedelta(days=3), NOW + timedelta(days=30)
    first = given(me, Right.CONSULT, 40, me.account.login_id)
    second = given(me, Right.DECLARE, 20, chief.account.login_id, over)
    third = given(me, Right.DECLARE, 10, AGENT, ahead)
    SuspendedRight.objects.create(
        account=me.account, right=Right.DECLARE, by_office=True, suspended_at=over, suspended_by=AGENT, reason="Dit ailleurs"
    )  # fmt: skip
    SuspendedRight.objects.create(
        account=me.account, right=Right.PAYMENTS, by_office=False, suspended_at=first, suspended_by="clockwork", lifted_at=second
    )  # fmt: skip
    office_or_portal = "Votre caisse ou le portail"
    told = table(me, "droits")
    assert told[:3] == [
        ["Déclarer", "Suspendu par la caisse", when(over), office_or_portal, ""],
        ["Déclarer", "Donné", when(third), office_or_portal, when(ahead)],
        ["Déclarer", "Donné", when(second), chief.account.login_id, when(over)],
    ]
    assert sorted(told[3:]) == [
        ["Consulter", "Donné", when(first), "Vous", ""],
        ["Paiements", "Suspendu, faute d’usage", when(first), office_or_portal, when(second)],
    ]


def test_no_agent_no_stranger_and_no_right_of_a_colleague_is_named(me: Owner) -> None:
    stranger = owner(landlord(company_name="Autre"))
    given(me, Right.CONSULT, 2, AGENT)
    given(me, Right.DECLARE, 1, stranger.account.login_id)
    owner(me.landlord)
    told = table(me, "droits")
    assert [line[3] for line in told] == ["Votre caisse ou le portail"] * 2


def test_the_offices_one_acts_for_are_told_and_what_was_taken_back(me: Owner) -> None:
    assert table(me, "delegations") == [["Agit pour", "Toutes les caisses de l’organisme", "", ""]]
    paris = office("751", "Caf de Paris")
    Membership.objects.create(account=me.account, offices=["441"], is_deputy=True)
    WithdrawnDelegation.objects.create(
        account=me.account, office=paris, withdrawn_at=NOW, withdrawn_by=AGENT, reason="Dit ailleurs"
    )
    told = table(me, "delegations")
    assert told == [
        ["Suppléant de l’administrateur", "", "", ""],
        ["Agit pour", "Caf de la Loire-Atlantique", "", ""],
        ["Retirée par la caisse", "Caf de Paris", when(NOW), ""],
    ]
