"""Which lines are which landlord; what a file may change about one, and what only a person may."""

from __future__ import annotations

import re

import pytest

from parvis.exchange.formats.columns import EMAIL_PATTERN
from parvis.exchange.models import SetAsideLine
from parvis.identity.models import Account, Credential, Partner
from parvis.identity.refusals import EmailNotUnderstood
from parvis.identity.rules import read_email
from parvis.kit.merging import rows
from parvis.landlords.models import Landlord, ThirdPartyNumber
from tests.exchange.inbox import AT, COMPANY, LANDLORD, OFFICE, TENANCY, Inbox, counts, told

pytestmark = pytest.mark.django_db
PARIS = OFFICE | {"caf_code": "751", "name": "Caf de Paris", "departments": "75"}
SIRET, OTHER_SIRET = "73282932000074", "31902366900074"


def number(tiers: str, base: dict[str, str] = COMPANY, **changes: str) -> dict[str, str]:
    """Another third-party number of the same party, unless changed."""
    caf = changes.get("caf_code", "441")
    return base | {"tiers_number": tiers, "user_number": f"{caf}{tiers}0A02"} | changes


def landlord_of(tiers: str, caf_code: str = "441") -> Landlord:
    return ThirdPartyNumber.objects.get(office_id=caf_code, number=tiers).landlord


def sentences(sequence: int) -> list[str]:
    return [f"{field}: {sentence}".replace("\u00a0", " ") for _, field, sentence in told(sequence)]


def test_the_same_siret_at_two_offices_is_one_landlord(furnished: Inbox) -> None:
    furnished.take(2, {"offices": [PARIS], "landlords": [number("0000001", caf_code="751")]})
    assert landlord_of("0000001", "751") == landlord_of("0004010")
    assert Landlord.objects.count() == 2


def test_the_same_nir_is_one_landlord_at_one_office_and_one_person_everywhere(furnished: Inbox) -> None:
    furnished.take(
        2, {"offices": [PARIS], "landlords": [number("0000001", LANDLORD), number("0000002", LANDLORD, caf_code="751")]}
    )
    here, there = landlord_of("0000001"), landlord_of("0000002", "751")
    assert here == landlord_of("0004647")
    assert there != here
    assert bytes(there.partner.person_index or b"") == bytes(here.partner.person_index or b"x")


def test_without_siret_nor_nir_each_number_is_a_landlord_of_its_own(furnished: Inbox) -> None:
    furnished.take(2, {"landlords": [number("0000001", siret=""), number("0000002", LANDLORD, nir="")]})
    assert landlord_of("0000001") not in (landlord_of("0004010"), landlord_of("0000002"))
    assert landlord_of("0000002").partner.person_index is None


def test_a_landlord_becomes_better_known(furnished: Inbox) -> None:
    furnished.take(2, {"landlords": [number("0000001", siret=""), number("0000002", LANDLORD, nir="")]})
    before = landlord_of("0000001"), landlord_of("0000002")
    furnished.take(
        3, {"landlords": [number("0000001", siret=OTHER_SIRET), number("0000002", LANDLORD, nir="253072B07300470")]}
    )
    assert counts(3, "landlords") == {"changed": 2}
    company, person = landlord_of("0000001"), landlord_of("0000002")
    assert (company, person) == before
    assert (company.siret, company.reference_key) == (OTHER_SIRET, f"S:{OTHER_SIRET}")
    assert person.partner.person_index is not None
    # The next line with that SIRET is the same landlord; a line without it takes nothing away.
    furnished.take(4, {"landlords": [number("0000003", siret=OTHER_SIRET), number("0000001", siret="")]})
    assert landlord_of("0000003") == company
    assert counts(4, "landlords") == {"added": 1, "unchanged": 1}


def test_a_number_never_moves_to_another_landlord(furnished: Inbox) -> None:
    furnished.take(2, {"landlords": [number("0000001", siret=OTHER_SIRET)]})
    furnished.take(3, {"landlords": [number("0000001", siret=SIRET), number("0004010", city="NANTES")]})
    (sentence,) = sentences(3)
    assert sentence.startswith(
        "tiers_number: Ce numéro tiers est celui d’un bailleur, et la ligne donne le SIRET ou le NIR d’un autre"
    )
    assert landlord_of("0000001").siret == OTHER_SIRET
    assert counts(3, "landlords") == {"changed": 1, "set_aside": 1}


def test_a_siret_may_be_corrected_for_all_numbers_of_the_landlord_together(furnished: Inbox) -> None:
    furnished.take(2, {"landlords": [number("0000001")]})
    furnished.take(3, {"landlords": [number("0000001", siret=OTHER_SIRET)]})
    (sentence,) = sentences(3)
    assert "mais pas pour les autres numéros tiers du même bailleur" in sentence
    furnished.take(4, {"landlords": [number("0000001", siret=OTHER_SIRET), number("0004010", siret=OTHER_SIRET)]})
    assert counts(4, "landlords") == {"changed": 2}
    assert landlord_of("0004010").reference_key == f"S:{OTHER_SIRET}"


def test_a_file_does_not_join_two_landlords(furnished: Inbox) -> None:
    furnished.take(2, {"landlords": [number("0000001", siret=""), number("0000002", siret="")]})
    both = [number("0000001", siret=OTHER_SIRET), number("0000002", siret=OTHER_SIRET)]
    furnished.take(3, {"landlords": both})
    (sentence,) = sentences(3)
    assert "un fichier ne peut pas les réunir" in sentence
    assert landlord_of("0000001") != landlord_of("0000002")
    assert counts(3, "landlords") == {"changed": 1, "set_aside": 1}


def test_a_person_whose_accounts_are_joined_keeps_their_nir(furnished: Inbox) -> None:
    furnished.take(2, {"offices": [PARIS], "landlords": [number("0000002", LANDLORD, caf_code="751")]})
    shared = Credential.objects.create(email="jl@moreau.example", email_proved_at=AT)
    for rank, partner in enumerate(Partner.objects.exclude(person_index=None)):
        Account.objects.filter(partner=partner).delete()
        Account.objects.create(
            partner=partner,
            credential=shared,
            login_id=f"LOG00000{rank}A",
            reference=f"R{rank}",
            user_number="1",
            created_at=AT,
        )
    furnished.take(3, {"landlords": [LANDLORD | {"nir": "253072B07300470"}]})
    (sentence,) = sentences(3)
    assert "dont les comptes sont réunis par ce NIR" in sentence


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (LANDLORD | {"nature": "M", "company_name": "Moreau"}, "nature: Ce numéro tiers est celui d’un bailleur d’une autre nature"),
        (number("0000009", user_number=COMPANY["user_number"]), "user_number: Ce numéro d’utilisateur est déjà celui d’un autre"),
        (number("0000009", caf_code="999"), "caf_code: La caisse « 999 » n’est pas connue ici : livrez-la dans offices.csv."),
    ],
)  # fmt: skip
def test_what_contradicts_the_known_is_set_aside(furnished: Inbox, line: dict[str, str], sentence: str) -> None:
    furnished.take(2, {"landlords": [line]})
    assert [told[: len(sentence)] for told in sentences(2)] == [sentence]


def test_a_user_number_given_twice_goes_to_the_first_line(furnished: Inbox) -> None:
    furnished.take(
        2, {"landlords": [number("0000001", siret=""), number("0000002", siret="", user_number="44100000010A02")]}
    )
    (sentence,) = sentences(2)
    assert "donné deux fois dans ce fichier" in sentence
    assert counts(2, "landlords") == {"added": 1, "set_aside": 1}


@pytest.mark.parametrize(
    "column",
    ["siret", "nir", "iban", "bic", "user_number", "nature", "tiers_number", "postcode", "country", "email", "channel"],
)
def test_no_sentence_repeats_a_secret_of_shifted_columns(furnished: Inbox, column: str) -> None:
    for sequence, secret in enumerate(("295109912611100", "2 95 10 99 126 111 93", "FR7630006000011234567890188"), 2):
        line = COMPANY if column == "siret" else LANDLORD
        furnished.take(sequence, {"landlords": [line | {column: secret}]})
        kept = SetAsideLine.objects.get(file__delivery__sequence=sequence)
        assert kept.field == column
        assert column in kept.sentence or column.upper() in kept.sentence
        assert secret[:6] not in kept.sentence + kept.line_key


def test_bank_details_and_address_change(furnished: Inbox) -> None:
    iban = "FR7630006000011234567890189"
    furnished.take(
        2, {"landlords": [LANDLORD | {"iban": iban, "bic": "BDFEFRPP", "account_holder": "Moreau Jean-Luc"}]}
    )
    before = ThirdPartyNumber.objects.get(number="0004647")
    assert (before.iban_last4, before.bic) == ("0189", "BDFEFRPP")
    furnished.take(3, {"landlords": [LANDLORD | {"iban": "", "city": "NANTES"}]})
    after = ThirdPartyNumber.objects.get(number="0004647")
    assert (after.iban, after.iban_index, after.iban_last4, after.city) == (None, None, "", "NANTES")
    assert counts(3, "landlords") == {"changed": 1}


def test_accounts_are_born_for_those_who_have_a_tenancy_with_a_right(furnished: Inbox) -> None:
    born = Account.objects.get()
    assert (born.partner, born.claimed_email) == (landlord_of("0004647").partner, "jl.moreau@bailleur.example")
    exchange = number("0000001", siret="", channel="exchange")
    paper = number("0000002", siret="", channel="paper")
    without_aid = number("0000003", siret="")
    ended = number("0000004", siret="")
    lines = [
        TENANCY | {"tenancy_ref": "A", "tiers_number": "0000001"},
        TENANCY | {"tenancy_ref": "B", "tiers_number": "0000002"},
        TENANCY | {"tenancy_ref": "C", "tiers_number": "0000003", "aid_from": ""},
        TENANCY | {"tenancy_ref": "D", "tiers_number": "0000004", "end_on": "2026-07-31"},
    ]
    furnished.take(2, {"landlords": [exchange, paper, without_aid, ended], "tenancies": lines})
    assert set(Account.objects.values_list("partner", flat=True)) == {born.partner_id, landlord_of("0000002").pk}


ADDRESSES = [
    "jl.moreau@bailleur.example", "C.M+loyers@Sous.Domaine.example", "o'neil@x.fr", "jean..luc@x.fr", ".jean@x.fr", "jean.@x.fr",
    "rené@x.fr", "jean@x.f", "jean@x", "jean@-x.fr", "jean@x-.fr", "jean@x..fr", "a@b@x.fr", "x" * 64 + "@x.fr", "x" * 65 + "@x.fr",
    "jean@" + "x" * 64 + ".fr", "jean@x.1r", "jean@x.r1", "jean@exämple.fr", '"jean"@x.fr', "jean,luc@x.fr", "jean@[10.0.0.1]",
]  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_goes_in_exactly_where_it_can_be_written_to(address: str) -> None:
    try:
        wanted = read_email(address) == address.lower()
    except EmailNotUnderstood:
        wanted = False
    pattern = f"^({EMAIL_PATTERN})$"
    assert rows("SELECT %s ~ %s", [address, pattern]) == [(wanted,)]
    assert bool(re.fullmatch(EMAIL_PATTERN, address)) is wanted
