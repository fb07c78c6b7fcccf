"""Landlords as rows, with an account whose sign-in is complete, and a browser of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

from django.test import Client

from parvis.identity.models import Acceptance, Account, AccountState, Credential, Nature, Partner, Session, TextVersion
from parvis.kit.actors import Actor, ActorKind, Right
from parvis.kit.references import fingerprint, opaque, token
from parvis.landlords.models import Habilitation, Landlord, Office, ThirdPartyNumber
from parvis.web.frame import cookies

_numbers = count(1)
EVERY_RIGHT = frozenset(Right)


def office(caf_code: str = "441", name: str = "Caf de la Loire-Atlantique") -> Office:
    """An office, the same for the same code."""
    found, _ = Office.objects.get_or_create(
        caf_code=caf_code,
        defaults={
            "name": name,
            "departments": ["44"],
            "landlord_email": "bailleurs@caf44.example",
            "phone": "3230",
            "postcode": "44000",
            "city": "NANTES",
        },
    )
    return found


def landlord(*, company_name: str = "Alliance Familiale", office_code: str = "441") -> Landlord:
    """A corporate landlord with one third-party number."""
    number = next(_numbers)
    partner = Partner.objects.create(nature=Nature.CORPORATE)
    made = Landlord.objects.create(partner=partner, reference_key=f"T:{number}", company_name=company_name)
    ThirdPartyNumber.objects.create(
        office=office(office_code),
        number=f"{number:07d}",
        landlord=made,
        user_number=f"{office_code}{number:011d}",
        address_1="12 rue des Tilleuls",
        postcode="44220",
        city="COUERON",
        phone="02 40 00 00 00",
        email="gestion@alliance.example",
    )
    return made


@dataclass(frozen=True, slots=True)
class Owner:
    """A landlord, one of its accounts, and what its browser sends."""

    landlord: Landlord
    account: Account
    rights: frozenset[Right]

    @property
    def actor(self) -> Actor:
        """The actor a page makes of them."""
        return Actor(
            kind=ActorKind.PARTNER,
            label=self.account.login_id,
            account_id=self.account.pk,
            partner_id=self.landlord.pk,
            rights=self.rights,
            person="Claire Martin",
        )

    @property
    def third_party_number(self) -> ThirdPartyNumber:
        """The landlord's only number."""
        return self.landlord.third_party_numbers.get()

    def browser(self) -> Client:
        """A browser signed in."""
        value = token()
        now = datetime.now(UTC)
        Session.objects.create(
            token_hash=fingerprint(value),
            credential=self.account.credential,
            credential_version=self.account.credential.version,
            code_satisfied_at=now,
            created_at=now,
            seen_at=now,
            ends_at=now + timedelta(minutes=30),
        )
        client = Client()
        client.cookies[cookies.SESSION] = value
        return client


def owner(
    of: Landlord | None = None, *, rights: frozenset[Right] = EVERY_RIGHT, credential: Credential | None = None
) -> Owner:
    """Somebody who finished every step of sign-in; ``credential`` links the account to others."""
    of = of or landlord()
    number, now = next(_numbers), datetime.now(UTC)
    credential = credential or Credential.objects.create(email=f"personne{number}@parvis.example", email_proved_at=now)
    account = Account.objects.create(
        reference=opaque(),
        login_id=f"LOG{number:06d}A",
        user_number=of.third_party_numbers.get().user_number,
        partner=of.partner,
        credential=credential,
        first_name="Claire",
        last_name="Martin",
        state=AccountState.ACTIVE,
        created_at=now,
        opened_at=now,
    )
    for right in rights:
        Habilitation.objects.create(account=account, right=right.value, granted_at=now, granted_by="test")
    for text in TextVersion.objects.all():
        Acceptance.objects.create(account=account, text=text, accepted_at=now)
    return Owner(of, account, rights)
