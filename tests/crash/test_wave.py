"""A wave of reminders killed again and again: the next one goes on; everybody is written to once, and nobody else is."""

from __future__ import annotations

import random
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.db.models import Sum

from parvis.correspondence.models import Channel, Message
from parvis.declarations.models import CampaignReminder, CampaignWave
from parvis.declarations.services.reminders.due import BLOCK
from parvis.identity.models import Account, AccountState, Credential, Nature, Partner
from parvis.kit.actors import Right
from parvis.kit.references import opaque
from parvis.landlords.models import Habilitation, Landlord, ThirdPartyNumber
from tests.crash import victims
from tests.factories import declarations, landlords
from tests.factories.declarations import OPENING

pytestmark = [pytest.mark.crash, pytest.mark.django_db(transaction=True)]
BY_EMAIL, BY_POST = BLOCK + 200, 150
"""The mails are more than a block."""


@transaction.atomic
def _landlords() -> None:
    """Individuals with one tenant each: the first have a mailbox, the others none."""
    landlords.office()
    _people([uuid4() for _ in range(BY_EMAIL + BY_POST)])
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tenancies_tenancy (caf_code, claimant_number, tenancy_ref, third_party_number_id, landlord_id, title,"
            " last_name, first_name, address_1, address_2, postcode, city, aid_type, state_agreement, start_on, furnished,"
            " decency, lease_holders, rent_cents, direct_payment, former_claimant_number)"
            " SELECT '441', number, 'M' || number, id, landlord_id, '', 'Nom', 'Luc', '1 rue des Lilas', '', '44000', 'NANTES',"
            " 'ALF', false, '2020-01-01', false, 'decent', 1, 50000, true, '' FROM landlords_thirdpartynumber"
        )


def _people(keys: list[UUID]) -> None:
    reached = range(1, BY_EMAIL + 1)
    Partner.objects.bulk_create((Partner(pk=key, nature=Nature.INDIVIDUAL) for key in keys), batch_size=2_000)
    Landlord.objects.bulk_create(
        (
            Landlord(partner_id=key, reference_key=f"T:{n}", first_name="Lina", last_name=f"Nom {n}")
            for n, key in enumerate(keys, 1)
        ),
        batch_size=2_000,
    )
    ThirdPartyNumber.objects.bulk_create(
        (ThirdPartyNumber(
            office_id="441", number=f"{n:07d}", landlord_id=key, user_number=f"441{n:011d}",
            address_1="12 rue des Tilleuls", postcode="44220", city="COUERON",
        )
        for n, key in enumerate(keys, 1)),
        batch_size=2_000,
    )  # fmt: skip
    held = Credential.objects.bulk_create(
        (Credential(email=f"l{n}@parvis.example" if n in reached else None, email_proved_at=OPENING if n in reached else None)
        for n in range(1, len(keys) + 1)),
        batch_size=2_000,
    )  # fmt: skip
    made = Account.objects.bulk_create(
        (Account(
            reference=opaque(), login_id=f"LOG{n:06d}A", user_number=f"441{n:011d}", partner_id=key, credential=held[n - 1],
            first_name="Lina", last_name=f"Nom {n}", created_at=OPENING,
            state=AccountState.ACTIVE if n in reached else AccountState.NEW, opened_at=OPENING if n in reached else None,
        )
        for n, key in enumerate(keys, 1)),
        batch_size=2_000,
    )  # fmt: skip
    Habilitation.objects.bulk_create(
        (
            Habilitation(account=account, right=right, granted_at=OPENING, granted_by="test")
            for account in made
            for right in (Right.CONSULT, Right.DECLARE)
        ),
        batch_size=2_000,
    )


def _writes() -> bool:
    return victims.is_writing("declarations_campaignreminder")


def _killed(is_at_work: Callable[[], bool], after: float = 0) -> bool:
    return victims.killed_once(victims.task("remind_july", OPENING), is_at_work, after)


def test_a_wave_that_is_killed_writes_to_everybody_once() -> None:
    _landlords()
    declarations.campaign(at=OPENING)
    chance = random.Random()
    in_a_block = [_killed(_writes, chance.random() * 0.1) for _ in range(2)]
    assert _killed(CampaignReminder.objects.exists), "none was killed after a block: the test proves nothing"
    assert any(in_a_block), "none was killed in a block: the test proves nothing"
    half_way = CampaignReminder.objects.count()
    assert 0 < half_way < BY_EMAIL + BY_POST, "none was killed half-way: the test proves nothing"
    _killed(_writes)
    assert victims.task("remind_july", OPENING).wait(300) == 0

    told = CampaignReminder.objects.all()
    assert told.count() == told.values("account_id").distinct().count() == BY_EMAIL + BY_POST
    for channel, expected in ((Channel.EMAIL, BY_EMAIL), (Channel.LETTER, BY_POST)):
        written = Message.objects.filter(channel=channel)
        assert written.count() == written.values("account_id").distinct().count() == expected
        assert CampaignWave.objects.filter(channel=channel).aggregate(Sum("written"))["written__sum"] == expected
