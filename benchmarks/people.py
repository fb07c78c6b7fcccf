"""Landlords of any size, made in sets; and a browser that is signed in."""

from __future__ import annotations

import http.client
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

BLOCK = 2_000
PASSWORD = "Tuile-Verger-Canal-47"


@dataclass(frozen=True, slots=True)
class Somebody:
    """A landlord with an open account."""

    partner_id: uuid.UUID
    account: str
    login_id: str
    cookie: str


def office() -> None:
    """The office all belong to."""
    from parvis.landlords.models import Office

    Office.objects.get_or_create(caf_code="441", defaults={"name": "Caf de la Loire-Atlantique", "departments": ["44"]})


def somebody(number: int) -> Somebody:
    """A corporate landlord whose account is open and whose session is signed in."""
    from django.contrib.auth.hashers import make_password

    from parvis.identity.models import Acceptance, Account, Credential, Partner, TextVersion
    from parvis.identity.services import sessions
    from parvis.kit.actors import Right
    from parvis.kit.references import opaque
    from parvis.landlords.models import Habilitation, Landlord, ThirdPartyNumber

    now = datetime.now(UTC)
    partner = Partner.objects.create(nature="corporate")
    landlord = Landlord.objects.create(
        partner=partner, reference_key=f"T:441{number:07d}", company_name=f"Agence du Banc d’Essai {number}"
    )
    ThirdPartyNumber.objects.create(
        office_id="441", number=f"{number:07d}", landlord=landlord, user_number=f"441{number:07d}0000",
        address_1="1 rue Haute", postcode="44000", city="NANTES",
    )  # fmt: skip
    credential = Credential.objects.create(
        email=f"banc.{number}@bailleur.example",
        email_proved_at=now,
        password=make_password(PASSWORD),
        password_changed_at=now,
    )
    account = Account.objects.create(
        reference=opaque(), login_id=f"LOG{number:06d}A", user_number=f"441{number:07d}0000", partner=partner, credential=credential,
        first_name="Anne", last_name="Moulin", state="active", created_at=now, opened_at=now,
    )  # fmt: skip
    for text in TextVersion.objects.all():
        Acceptance.objects.create(account=account, text=text, accepted_at=now)
    for right in Right:
        Habilitation.objects.create(account=account, right=right.value, granted_at=now, granted_by="banc")
    begun = sessions.begin(browser="banc", at=now)
    begun.session.credential, begun.session.credential_version = credential, credential.version
    begun.session.code_satisfied_at = now
    begun.session.save()
    return Somebody(partner.id, account.reference, account.login_id, begun.token)


def others(first: int, count: int) -> None:
    """The accounts of other people, one each, as a table in service is full of them: what is planned for it depends on that."""
    from parvis.identity.models import Account, Credential, Partner
    from parvis.kit.actors import Right
    from parvis.kit.references import opaque
    from parvis.landlords.models import Habilitation, Landlord, ThirdPartyNumber

    now, numbers = datetime.now(UTC), range(first, first + count)
    partners = Partner.objects.bulk_create([Partner(nature="corporate") for _ in numbers], BLOCK)
    pairs = list(zip(numbers, partners, strict=True))
    Landlord.objects.bulk_create(
        [Landlord(partner=p, reference_key=f"T:441{n:07d}", company_name=f"Autre agence {n}") for n, p in pairs],
        BLOCK,
    )
    ThirdPartyNumber.objects.bulk_create(
        [ThirdPartyNumber(office_id="441", number=f"{n:07d}", landlord_id=p.id, user_number=f"441{n:07d}0000",
                         address_1="1 rue Haute", postcode="44000", city="NANTES") for n, p in pairs], BLOCK
    )  # fmt: skip
    credentials = Credential.objects.bulk_create(
        [Credential(email=f"banc.{n}@bailleur.example", email_proved_at=now) for n in numbers], BLOCK
    )
    accounts = Account.objects.bulk_create(
        [Account(reference=opaque(), login_id=f"LOG{n % 1_000_000:06d}B", user_number=f"441{n:07d}0000", partner=p, credential=c,
                first_name="Anne", last_name="Moulin", state="active", created_at=now, opened_at=now, last_signed_in_at=now)
        for (n, p), c in zip(pairs, credentials, strict=True)], BLOCK
    )  # fmt: skip
    Habilitation.objects.bulk_create(
        [
            Habilitation(account=account, right=right.value, granted_at=now, granted_by="banc")
            for account in accounts
            for right in Right
        ],
        BLOCK,
    )


_TENANCIES = """
INSERT INTO tenancies_tenancy (caf_code, claimant_number, tenancy_ref, third_party_number_id, landlord_id, title, last_name, first_name,
  address_1, address_2, postcode, city, aid_type, state_agreement, start_on, furnished, decency, floor_area_m2, lease_holders, rent_cents,
  charges_cents, direct_payment, former_claimant_number)
SELECT '441', lpad((i %% 10000000)::text, 7, '0'), 'B' || i, n.id, n.landlord_id, 'Mme',
  (ARRAY['Moreau','Haddad','Robin','Petit','Moulin','Benali','Traoré','Nguyen','Le Goff','Çelik'])[1 + i %% 10]
    || ' ' || substr(md5(i::text), 1, 5),
  (ARRAY['Lina','Karim','Inès','Yvan','Anne','Sofia','Malik'])[1 + i %% 7], i %% 300 || ' rue Haute', '', '44220', 'COUERON', 'ALS', false,
  DATE '2020-01-01' + (i %% 2000), false, 'decent', 20 + i %% 90, 1, 30000 + (i %% 60000), 3000, i %% 3 = 0, ''
FROM generate_series(%s::integer, %s::integer) i, landlords_thirdpartynumber n WHERE n.number = %s
"""


def tenancies(number: int, first: int, count: int) -> None:
    """Give ``count`` tenancies to the landlord of third-party number ``number``."""
    from django.db import connection

    from parvis.tenancies.models import PortfolioCount

    with connection.cursor() as cursor:
        cursor.execute(_TENANCIES, [first, first + count - 1, f"{number:07d}"])
        cursor.execute("SELECT landlord_id FROM landlords_thirdpartynumber WHERE number = %s", [f"{number:07d}"])
        row = cursor.fetchone()
    assert row is not None
    PortfolioCount.objects.update_or_create(landlord_id=row[0], defaults={"current": count})


def settle() -> None:
    """Vacuum and analyse, so that every measure starts from tables as they are in service."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")


class Visitor:
    """A browser reduced to what costs the server: one kept connection, cookies, no rendering."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.headers = {"Cookie": cookie, "Accept-Encoding": "identity"} if cookie else {}

    def get(self, path: str, expected: int = 200) -> bytes:
        """The body of a page."""
        try:
            response = self._answer(path)
        except http.client.RemoteDisconnected:  # the server has hung up: another one was measured for long
            self.connection.close()
            response = self._answer(path)
        body = response.read()
        if response.status != expected:
            raise RuntimeError(f"{path}: {response.status}")
        if given := response.headers.get_all("Set-Cookie"):
            self._keep(given)
        return body

    def post(self, path: str, body: str) -> bytes:
        """The answer to a form."""
        headers = {**self.headers, "Content-Type": "application/x-www-form-urlencoded"}
        self.connection.request("POST", path, body=body, headers=headers)
        response = self.connection.getresponse()
        answer = response.read()
        if response.status != 200:
            raise RuntimeError(f"{path}: {response.status}")
        return answer

    def _answer(self, path: str) -> http.client.HTTPResponse:
        self.connection.request("GET", path, headers=self.headers)
        return self.connection.getresponse()

    def _keep(self, given: list[str]) -> None:
        """Send back the cookies of the answer, as any browser does."""
        kept = dict(pair.strip().partition("=")[::2] for pair in self.headers.get("Cookie", "").split(";") if pair)
        for line in given:
            name, _, value = line.split(";")[0].strip().partition("=")
            kept[name] = value
        self.headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in kept.items() if value not in ("", '""'))
