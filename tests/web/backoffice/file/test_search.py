"""An agent finds a landlord by anything a caller may say."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from parvis.agents.posts import Role
from parvis.audit.models import Entry
from parvis.identity.models import Account, Credential, Nature, Partner
from parvis.kit.encryption import blind_index
from parvis.landlords.models import Landlord, ThirdPartyNumber
from parvis.landlords.selectors.for_agents.asked import read_asked
from parvis.landlords.selectors.for_agents.finding import find
from tests.factories import declarations
from tests.factories.agents import colleague
from tests.factories.landlords import Owner, landlord, owner
from tests.factories.tenancies import july_rent, tenancy

pytestmark = pytest.mark.django_db
NIR = "2710199999996" + "23"
SIRET = "35600000000048"


@pytest.fixture
def wanted() -> Owner:
    """An organisation of many words, an account of its own, and some others that must not be found."""
    for name in ("Foncière du Chêne", "Habitat Rhône", "Sci Martinet"):
        landlord(company_name=name)
    made = landlord(company_name="S.C.I. L’Étoile-Filante & Fils")
    Landlord.objects.filter(pk=made.pk).update(siret=SIRET)
    return owner(made)


def found(browser: Client, typed: str) -> str:
    return browser.post("/agents/recherche/", {"asked": typed}).content.decode()


def test_nothing_is_listed_before_something_is_asked(wanted: Owner) -> None:
    browser = colleague((Role.RECEPTION, "441")).browser()
    page = browser.get("/agents/recherche/").content.decode()
    assert "Étoile" not in page
    for typed in ("", "  ", "ab", "é", "--", "%_%", "..."):
        assert "Étoile" not in found(browser, typed)
    assert "Tapez un nom ou un numéro." in found(browser, "")
    assert "Tapez au moins 3 lettres ou chiffres." in found(browser, "é.")


@pytest.mark.parametrize(
    "typed",
    [
        "S.C.I. L’Étoile-Filante & Fils", "sci l'etoile filante", "ETOILE", "filan", "fils étoile", "letoilefilante",
        "sciletoile", SIRET, "356 000 000 00048", "356000000", " Étoile\u00a0Filante ",
    ],
)  # fmt: skip
def test_by_its_name_or_its_siret(wanted: Owner, typed: str) -> None:
    page = found(colleague((Role.RECEPTION, "441")).browser(), typed)
    assert "Étoile-Filante" in page
    assert "1\u00a0résultat" in page
    assert "Martinet" not in page


def test_by_every_number_of_it(wanted: Owner) -> None:
    browser = colleague((Role.RECEPTION, "441")).browser()
    number, account = wanted.third_party_number, wanted.account
    rented = tenancy(wanted.landlord)
    july_rent(rented, declarations.YEAR - 1, 52_400)
    declarations.campaign()
    declarations.typed(wanted, rented, "525")
    (receipt,) = declarations.sent(wanted)
    sent = receipt.declarations.get(kind="july_rent")
    assert account.credential.email
    ThirdPartyNumber.objects.filter(pk=number.pk).update(user_number="44100046471D91")
    for typed, how in [
        ("44100046471d91", "n° d’utilisateur"),
        ("441 0004647 1D91", "n° d’utilisateur"),
        ("44100046471", "n° d’utilisateur"),
        (number.number, "n° tiers"),
        (number.number.lstrip("0").zfill(4), "n° tiers"),
        (f"441 {number.number}", "n° tiers"),
        (account.login_id.lower(), "identifiant"),
        (account.login_id.replace("LOG0", "LOGO"), "identifiant"),
        (account.login_id[:8], "identifiant"),
        (account.credential.email.upper(), "adresse mail"),
        (account.credential.email.split("@")[0], "adresse mail"),
        (rented.claimant_number, "n° allocataire"),
        (receipt.number.lower(), "n° d’accusé"),
        (str(sent.reference), "n° de déclaration"),
        ("Claire Martin", "nom d’un utilisateur"),
        ("martin cl", "nom d’un utilisateur"),
    ]:
        page = found(browser, typed)
        assert "Étoile-Filante" in page, typed
        assert how in page, typed
        assert account.credential.email not in page.split("</form>", 2)[-1]


def test_by_a_nir_which_is_never_shown() -> None:
    partner = Partner.objects.create(nature=Nature.INDIVIDUAL, person_index=blind_index("255081416802538", "nir"))
    someone = Landlord.objects.create(partner=partner, reference_key="N:1", first_name="Élodie", last_name="Vasseur")
    near = owner().landlord.third_party_numbers.get()
    ThirdPartyNumber.objects.create(
        office=near.office, number="7654321", landlord=someone, user_number="44100007654321", address_1="1 rue",
        postcode="44000", city="NANTES",
    )  # fmt: skip
    browser = colleague((Role.RECEPTION, "441")).browser()
    for typed in ("2 55 08 14 168 025 38", "2550814168025", "255081416802538", "2.55.08.14.168.025-38"):
        page = found(browser, typed)
        assert "Élodie Vasseur" in page, typed
        assert typed not in page
        assert "2550814168025" not in re.sub(r"[\W_]", "", page)
    for typed in ("255081416802539", "Vasseur 2 55 08 14 168 025 38", "255082A168025", "x" * 200 + " 255081416802538"):
        page = found(browser, typed)
        assert "Élodie Vasseur" not in page
        assert "2550814168025" not in re.sub(r"[\W_]", "", page), "a mistyped one is one too"
        assert "255082A168025" not in page
    for typed in (SIRET, "44100007654321", "Vasseur 12"):
        assert f'value="{typed}"' in found(browser, typed), "what is no NIR stays to be mended"
    noted = Entry.objects.filter(event="agents.searched").values_list("details", flat=True)
    assert "2550814168025" not in str(list(noted))


def test_what_belongs_to_other_offices_is_not_found(wanted: Owner) -> None:
    rented = tenancy(wanted.landlord)
    abroad = colleague((Role.RECEPTION, "261")).browser()
    national = colleague().browser()
    for typed in ("etoile", SIRET, wanted.account.login_id, wanted.third_party_number.number, rented.claimant_number):
        assert "Aucun résultat." in found(abroad, typed), typed
        assert "Étoile-Filante" in found(national, typed), typed


def test_the_likeliest_comes_first() -> None:
    for name in ("Résidence Martin", "Martin", "Martinez Habitat", "Martin Frères"):
        landlord(company_name=name)
    page = found(colleague().browser(), "martin")
    order = [page.index(f">{name}</a>") for name in ("Martin", "Martin Frères", "Martinez Habitat", "Résidence Martin")]
    assert order[0] == min(order)
    assert order[1] < order[3]
    assert "4\u00a0résultats, le plus probable d’abord" in page


def test_no_more_than_a_page_is_listed() -> None:
    for index in range(30):
        landlord(company_name=f"Foyer {index:02d}")
    page = found(colleague().browser(), "foyer")
    assert page.count("Foyer ") == 25
    assert "précisez" in page


@pytest.mark.parametrize(
    "typed", ["x" * 10_000, "a\0bc", "'; DROP TABLE--", "<script>", "日本語の家", "abc & | ! :*", "((((abc", "_%_%abc"]
)
def test_whatever_is_typed_is_answered(wanted: Owner, typed: str) -> None:
    answer = colleague().browser().post("/agents/recherche/", {"asked": typed})
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode()
    assert "Étoile" not in answer.content.decode()


def test_a_claimed_address_and_a_number_of_the_office_are_found() -> None:
    made = landlord(company_name="Bail Clair")
    Account.objects.create(
        reference="claimed00001", login_id="LOG999999Z", user_number="1", partner=made.partner,
        credential=Credential.objects.create(), created_at=datetime.now(UTC), claimed_email="promis@bail.example",
    )  # fmt: skip
    browser = colleague().browser()
    assert "Bail Clair" in found(browser, "promis@bail.example")
    assert "Bail Clair" in found(browser, "gestion@alliance.example")


@pytest.mark.parametrize("role", list(Role))
def test_every_role_may_search_its_own_offices_only(wanted: Owner, role: Role) -> None:
    office = "" if role is Role.NATIONAL_ADMINISTRATOR else "441"
    assert "Étoile-Filante" in found(colleague((role, office)).browser(), "etoile")
    if office:
        assert "Étoile-Filante" in found(colleague((role, "")).browser(), "etoile")
        assert "Étoile-Filante" not in found(colleague((role, "751")).browser(), "etoile")
    assert Client().post("/agents/recherche/", {"asked": "etoile"}).status_code == 302


def test_each_way_of_looking_has_its_index(wanted: Owner) -> None:
    """Told that whole tables are dear to read, the planner finds an index for every branch."""
    national, number = colleague().actor, wanted.third_party_number
    typed = ("l'étoile fil", "martin cl", SIRET, "356000000", NIR, "44100046471D91", number.number, "LOG0000", "claire@parvis.example",
             "claire.martin")  # fmt: skip
    for text in typed:
        asked = read_asked(text)
        assert asked is not None
        with CaptureQueriesContext(connection) as asking:
            find(national, asked)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("EXPLAIN " + asking[-1]["sql"])
            plan = "\n".join(row[0] for row in cursor.fetchall())
        whole = [line for line in plan.splitlines() if "Seq Scan" in line and "landlords_office" not in line]
        assert whole == [], f"{text}: {plan}"
