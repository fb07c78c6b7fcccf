"""Those of the demonstration who have signed in before: opened accounts, linked ones, and the users of an association.

Written in sets, as if each had walked through the first sign-in; the database's own rules are checked all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from parvis.audit.journal import record_many
from parvis.identity import events, passwords
from parvis.identity.models import Acceptance, Account, AccountState, Credential, Nature, TextKind
from parvis.identity.selectors.texts import in_force
from parvis.kit.actors import Actor, Right, system
from parvis.kit.references import opaque
from parvis.landlords.models import Habilitation, Landlord, Membership, ThirdPartyNumber
from parvis.landlords.services.rights import grant_first_rights

PASSWORD = "Tuile-Verger-Canal-47"  # noqa: S105
"""The password all of them chose. It protects nothing: every one of them is invented."""
_BY = system("demonstration")


@dataclass(frozen=True, slots=True)
class Member:
    """Someone who signed in before: e-mail and names."""

    email: str
    first_name: str
    last_name: str
    job_title: str = ""


CAMILLE = Member("camille.riviere@gestion-atlantique.example", "Camille", "Rivière", "Gérante d’immeubles")
YVAN = Member("yvan.abdallah@courrier.example", "Yvan", "Abdallah")
LEA = Member("lea.fontaine@courrier.example", "Léa", "Fontaine")
NADIA = Member("nadia.benali@alliance-familiale.example", "Nadia", "Benali", "Directrice")
PAUL = Member("paul.girard@alliance-familiale.example", "Paul", "Girard", "Responsable du parc")
SOLENE = Member("solene.marchand@alliance-familiale.example", "Solène", "Marchand", "Comptable")
TOM = Member("tom.lefort@alliance-familiale.example", "Tom", "Lefort", "Stagiaire")

LINKED = 138
"""How many companies Camille Rivière manages from one mailbox, as in the source documents."""


def open_all(kept_apart: Sequence[tuple[str, str]], association: tuple[str, str], *, at: datetime) -> None:
    """Open the accounts of those who signed in before; ``kept_apart`` have not, whoever they are.

    Landlords are named by office and third-party number. Done already, it changes nothing.
    """
    if Credential.objects.filter(email=CAMILLE.email).exists():
        return
    kept = passwords.hashed(PASSWORD)
    with transaction.atomic():
        companies = _companies({*kept_apart, association})
        _open(CAMILLE, companies, kept, at)
        _open(YVAN, _all_of_the_person("441", "0005109"), kept, at)
        _open(LEA, _account_of("691", "0005123"), kept, at)
        _populate(_account_of(*association)[0], kept, at)


def _account_of(caf_code: str, number: str) -> list[Account]:
    return list(
        Account.objects.filter(
            partner__landlord__third_party_numbers__office=caf_code,
            partner__landlord__third_party_numbers__number=number,
        )
    )


def _all_of_the_person(caf_code: str, number: str) -> list[Account]:
    """Every account of one person, found by one of their numbers: one an office."""
    (one,) = _account_of(caf_code, number)
    return list(Account.objects.filter(partner__person_index=one.partner.person_index).order_by("pk"))


def _companies(apart: set[tuple[str, str]]) -> list[Account]:
    """The first companies of the delivery that declare on the portal."""
    numbers = ThirdPartyNumber.objects.filter(landlord__partner__nature=Nature.CORPORATE, channel="portal")
    found = numbers.exclude(landlord__siret="").order_by("number").values_list("office_id", "number", "landlord_id")
    chosen = [landlord for office, number, landlord in found if (office, number) not in apart][:LINKED]
    return list(Account.objects.filter(partner__in=chosen).order_by("pk"))


def _open(who: Member, accounts: list[Account], kept: str, at: datetime) -> None:
    """Give these accounts one credential with a proved mailbox, and their first rights."""
    credential = Credential.objects.create(
        email=who.email, email_proved_at=at, password=kept, password_changed_at=at, proof_changed_at=at
    )
    alone = [account.credential_id for account in accounts]
    for account in accounts:
        account.credential = credential
        account.first_name, account.last_name, account.job_title = who.first_name, who.last_name, who.job_title
        account.state, account.opened_at, account.claimed_email = AccountState.ACTIVE, at, ""
        account.last_signed_in_at = account.previous_sign_in_at = at
    fields = ("credential", "first_name", "last_name", "job_title", "state", "opened_at", "claimed_email")
    Account.objects.bulk_update(accounts, [*fields, "last_signed_in_at", "previous_sign_in_at"])
    Credential.objects.filter(pk__in=alone).delete()
    _accept(accounts, at)
    for account in accounts:
        grant_first_rights(account, at=at - timedelta(days=4), by=_BY)
    record_many(events.ACCOUNT_OPENED, subjects=[(account.login_id, {}) for account in accounts], by=_BY, at=at)


def _accept(accounts: Sequence[Account], at: datetime) -> None:
    texts = [in_force(kind, at=at) for kind in TextKind]
    Acceptance.objects.bulk_create(
        Acceptance(account=account, text=text, accepted_at=at) for account in accounts for text in texts
    )


def _populate(first: Account, kept: str, at: datetime) -> None:
    """An association: its administrator, a deputy, an accountant, and an intern whose rights have an end."""
    _open(NADIA, [first], kept, at)
    Landlord.objects.filter(pk=first.partner_id).update(may_consult_files=True)
    _give(first, (Right.CONSULT_FILES,), at)
    for who, rights, ends_at in (
        (PAUL, (Right.CONSULT, Right.DECLARE, Right.ADMINISTER), None),
        (SOLENE, (Right.CONSULT, Right.PAYMENTS, Right.BANK_DETAILS), None),
        (TOM, (Right.CONSULT, Right.DECLARE), at + timedelta(days=60)),
    ):
        account = _colleague(first, who, kept, at)
        _give(account, rights, at, ends_at)
        Membership.objects.create(account=account, is_deputy=who is PAUL)


def _colleague(first: Account, who: Member, kept: str, at: datetime) -> Account:
    credential = Credential.objects.create(
        email=who.email, email_proved_at=at, password=kept, password_changed_at=at, proof_changed_at=at
    )
    account = Account.objects.create(
        reference=opaque(),
        login_id=_LOGINS[who.email],
        user_number=first.user_number,
        partner=first.partner,
        credential=credential,
        first_name=who.first_name,
        last_name=who.last_name,
        job_title=who.job_title,
        state=AccountState.ACTIVE,
        created_at=at,
        opened_at=at,
        last_signed_in_at=at,
        previous_sign_in_at=at,
    )
    _accept([account], at)
    return account


_LOGINS = {PAUL.email: "LOG440001P", SOLENE.email: "LOG440002S", TOM.email: "LOG440003T"}


def _give(account: Account, rights: Sequence[Right], at: datetime, ends_at: datetime | None = None) -> None:
    by: Actor = _BY
    Habilitation.objects.bulk_create(
        Habilitation(account=account, right=right.value, granted_at=at, granted_by=by.label, ended_at=ends_at)
        for right in rights
    )
