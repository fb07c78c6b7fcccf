"""The pages of « Consulter dossier »: what they ask, say, keep to themselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.kit.actors import Right
from parvis.landlords.models import Membership
from parvis.tenancies.models import FileLook
from tests.factories.files import file_look, looker
from tests.factories.landlords import Owner, landlord, owner
from tests.factories.tenancies import payment, tenancy

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
LAST_MONTH = (TODAY.replace(day=1) - timedelta(days=1)).replace(day=1)


def address(me: Owner, name: str = "file-lookup", *more: Any) -> str:
    return reverse(name, args=[me.account.reference, *more])


def words(answer: Any) -> str:
    return str(answer.content.decode()).replace("\u00a0", " ")


def ask(me: Owner, on: Client | None = None, /, **fields: str) -> Any:
    asked = {"office": "441", "number": "2000001", "reason": "lease", "note": "", **fields}
    return (on or me.browser()).post(address(me), asked)


def test_a_number_and_a_reason_open_the_file_for_who_asked() -> None:
    me = looker()
    rented = tenancy(landlord(), aid_type="APL")
    payment(rented, LAST_MONTH, 12_345)
    browser = me.browser()
    answer = browser.post(
        address(me), {"office": "441", "number": rented.claimant_number, "reason": "arrears"}, follow=True
    )
    page = words(answer)
    made = FileLook.objects.get()
    assert answer.redirect_chain == [(address(me, "file-look", made.reference), 302)]
    for said in (
        "Lina Moreau", rented.claimant_number, rented.address_1, "44220 COUERON", "Apl", "Versée", "Direct, au bailleur",
        "24 octobre 2021", "Impayé de loyer",
    ):  # fmt: skip
        assert said in page, said
    for kept in ("525,00", "123,45", "€", "IBAN", "Alliance Familiale</dd>"):
        assert kept not in page, kept


def test_the_letter_o_is_read_as_a_zero_and_the_page_says_so() -> None:
    me = looker()
    rented = tenancy(me.landlord)
    browser = me.browser()
    number = rented.claimant_number.replace("0", "O")
    page = words(browser.post(address(me), {"office": "441", "number": f" {number} ", "reason": "lease"}, follow=True))
    assert "Nous avons lu le chiffre 0 à la place de la lettre O." in page
    assert "Lina Moreau" in page


def test_what_is_not_found_is_said_in_one_sentence_and_written() -> None:
    me = looker()
    browser = me.browser()
    page = words(browser.get(ask(me, browser, number="9999999").headers["Location"]))
    assert "Aucun dossier logement de cette caisse ne porte le n°" in page
    assert not FileLook.objects.get().was_found


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"office": "999"}, "Choisissez une des réponses proposées."),
        ({"office": ""}, "Choisissez « Caisse »."),
        ({"number": ""}, "Remplissez « N° allocataire »."),
        ({"number": "12"}, "Vous en avez tapé 2."),
        ({"number": "' OR 1=1"}, "seulement avec des chiffres"),
        ({"number": "2000001\x00"}, "caractères invisibles"),
        ({"number": "1" * 10_000}, "40 caractères au maximum."),
        ({"number": "<b>1</b>"}, "seulement avec des chiffres"),
        ({"reason": ""}, "Choisissez pourquoi vous consultez ce dossier."),
        ({"reason": "curiosity"}, "Choisissez une des réponses proposées."),
        ({"reason": "other"}, "Dites en quelques mots pourquoi vous consultez ce dossier."),
        ({"reason": "other", "note": "x" * 201}, "200 caractères au maximum."),
    ],
)
def test_what_cannot_be_read_is_said_and_nothing_is_written(fields: dict[str, str], sentence: str) -> None:
    answer = ask(looker(), None, **fields)
    assert answer.status_code == 200
    assert sentence in words(answer)
    assert not FileLook.objects.exists()


def test_the_limit_of_the_hour_has_its_sentence() -> None:
    me = looker()
    browser = me.browser()
    for number in range(30):
        assert ask(me, browser, number=f"{3_000_000 + number}").status_code == 302
    page = words(ask(me, browser, number="2000001"))
    assert "Vous avez atteint la limite de 30 consultations en une heure." in page
    assert FileLook.objects.count() == 30


@pytest.mark.parametrize("name", ["file-lookup", "file-look"])
def test_without_the_right_the_page_says_which_one_is_missing(name: str) -> None:
    me = looker(rights=frozenset(Right) - {Right.CONSULT_FILES})
    more = [file_look(me, tenancy(me.landlord))] if name == "file-look" else []
    answer = me.browser().get(address(me, name, *more))
    assert answer.status_code == 403
    assert "« Consulter dossier »" in words(answer)
    assert "Lina" not in words(answer)


def test_a_landlord_that_was_not_allowed_is_shown_nothing_whatever_the_rights() -> None:
    me = owner()
    for answer in (me.browser().get(address(me)), ask(me)):
        assert answer.status_code == 403
    assert not FileLook.objects.exists()


def test_a_look_of_a_colleague_a_stranger_or_nobody_is_not_found() -> None:
    me = looker()
    colleague, stranger = looker(me.landlord), looker()
    rented = tenancy(me.landlord)
    theirs = [file_look(who, rented) for who in (colleague, stranger)]
    for reference in (*theirs, uuid4()):
        assert me.browser().get(address(me, "file-look", reference)).status_code == 404


def test_an_old_look_says_that_it_is_closed() -> None:
    me = looker()
    reference = file_look(me, tenancy(me.landlord), at=datetime.now(UTC) - timedelta(minutes=16))
    page = words(me.browser().get(address(me, "file-look", reference)))
    assert "Cette consultation n’est plus lisible." in page
    assert "Lina" not in page


def test_a_user_limited_to_an_office_is_offered_that_one_alone() -> None:
    me = looker()
    Membership.objects.create(account=me.account, offices=["751"])
    assert "Aucune caisse ne vous connaît" in words(me.browser().get(address(me)))


def test_the_menu_has_the_entry_for_who_holds_the_right() -> None:
    for rights, shown in ((frozenset(Right), True), (frozenset({Right.CONSULT}), False)):
        me = looker(rights=rights)
        assert (f'href="{address(me)}"' in words(me.browser().get(address(me, "landlord-home")))) is shown


def test_an_administrator_reads_all_looks_and_a_user_their_own() -> None:
    boss = looker()
    user = looker(boss.landlord, rights=frozenset({Right.CONSULT_FILES}))
    rented = tenancy(boss.landlord)
    file_look(boss, rented, claimant_number="2000011")
    file_look(user, rented, claimant_number="2000022")
    page = words(boss.browser().get(address(boss, "file-looks")))
    assert "2000011" in page
    assert "2000022" in page
    assert user.account.login_id in page
    own = words(user.browser().get(address(user, "file-looks")))
    assert "2000011" not in own
    assert "2000022" in own
    assert "2000022" not in words(boss.browser().get(address(boss, "file-looks") + "?q=200+0011"))
    nobody = owner(boss.landlord, rights=frozenset({Right.CONSULT}))
    assert nobody.browser().get(address(nobody, "file-looks")).status_code == 403


@pytest.mark.parametrize("query", ["?q=%00", "?q=" + "9" * 5000, "?q=%25", "?q=é", "?apres=x", "?avant=%00", "?q='--"])
def test_an_address_that_cannot_be_read_still_gives_the_history(query: str) -> None:
    me = looker()
    file_look(me, tenancy(me.landlord))
    for name in ("file-looks", "file-looks-csv"):
        assert me.browser().get(address(me, name) + query).status_code == 200


def test_the_history_opens_in_a_spreadsheet_that_executes_nothing() -> None:
    me = looker()
    file_look(me, tenancy(me.landlord), claimant_number="2000011", note="=HYPERLINK()")
    answer = me.browser().get(address(me, "file-looks-csv"))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="consultations-de-dossiers.csv"'
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Jour;Heure;N° allocataire")
    assert "2000011" in lines[1]
    assert ";'=HYPERLINK()" in lines[1]
