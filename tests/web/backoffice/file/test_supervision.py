"""What an agent takes from a user and gives back, on its pages; the square of roles and offices."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from parvis.agents.posts import Role
from parvis.correspondence.models import Message
from parvis.identity.models import Credential, Session
from parvis.kit.actors import Duty, Right
from parvis.landlords.models import Habilitation, RightsReview, SuspendedRight, ThirdPartyNumber
from parvis.landlords.rules import Wish
from parvis.landlords.services.users.rights import change_rights
from tests.factories.agents import SQUARE, Colleague, colleague
from tests.factories.landlords import Owner, office
from tests.factories.users import OFTEN, administrator, moment, seen
from tests.factories.users import colleague as user_of
from tests.web.backoffice.file.opening import file_of, opened

pytestmark = pytest.mark.django_db
WHY = {"reason": "Contrôle du 12 mars, demandé par la direction"}
PAGES = {
    "suspendre-un-droit": Duty.SUSPEND_ACCOUNTS, "rendre-un-droit": Duty.SUSPEND_ACCOUNTS,
    "retirer-la-delegation": Duty.SUSPEND_ACCOUNTS, "rendre-la-delegation": Duty.SUSPEND_ACCOUNTS,
    "nouveau-mot-de-passe": Duty.SUSPEND_ACCOUNTS, "administrateur": Duty.REPLACE_ADMINISTRATORS,
    "confirmer": Duty.REPLACE_ADMINISTRATORS,
}  # fmt: skip


def _officer() -> Colleague:
    return colleague((Role.RIGHTS_OFFICER, "441"))


def _act(of: Owner, act: str) -> str:
    return f"{file_of(of)}comptes/{of.account.reference}/{act}/"


def _two() -> tuple[Owner, Owner]:
    me = administrator()
    return me, user_of(me, rights=OFTEN)


@pytest.mark.parametrize(("role", "at"), SQUARE)
@pytest.mark.parametrize("act", list(PAGES))
def test_acts_are_for_officers_of_the_office(act: str, role: Role, at: str) -> None:
    _, paul = _two()
    browser = colleague((role, at)).browser()
    browser.post(file_of(paul) + "motif/", {"reason": "call", "note": ""})
    expected = 403 if role is not Role.RIGHTS_OFFICER else 200 if at in ("441", "") else 404
    assert browser.get(_act(paul, act)).status_code == expected
    assert browser.post(_act(paul, act), {**WHY, "choice": "x"}).status_code == expected or act in (
        "nouveau-mot-de-passe",
        "administrateur",
        "confirmer",
    )
    assert not SuspendedRight.objects.exists()


def test_an_office_they_do_not_act_for_is_not_offered() -> None:
    me, paul = _two()
    ThirdPartyNumber.objects.create(
        office=office("751", "Caf de Paris"), number="7654321", landlord=me.landlord,
        user_number=f"751{me.landlord.third_party_numbers.get().user_number[3:]}", address_1="1 rue", postcode="75001", city="PARIS",
    )  # fmt: skip
    browser = opened(colleague((Role.RIGHTS_OFFICER, "")), paul)
    assert 'value="751"' in browser.get(_act(paul, "retirer-la-delegation")).content.decode()
    change_rights(
        paul.account.reference, Wish(OFTEN, frozenset({"441"})), seen=seen(me, paul), by=me.actor, at=moment()
    )
    assert 'value="751"' not in browser.get(_act(paul, "retirer-la-delegation")).content.decode()


@pytest.mark.parametrize("act", list(PAGES))
def test_no_reason_no_act(act: str) -> None:
    _, paul = _two()
    page = opened(_officer(), paul).post(_act(paul, act), {"choice": "declare"}).content.decode()
    assert "Dites pourquoi" in page
    assert not Message.objects.filter(account_id=paul.account.pk).exists()


def test_a_right_is_suspended_and_given_back() -> None:
    me, paul = _two()
    browser = opened(_officer(), paul)
    page = browser.get(file_of(paul) + f"comptes/{paul.account.reference}/").content.decode()
    assert _act(paul, "suspendre-un-droit") in page
    assert _act(paul, "rendre-un-droit") not in page
    form = {**WHY, "choice": "declare"}
    assert "est suspendu" in browser.post(_act(paul, "suspendre-un-droit"), form, follow=True).content.decode()
    assert "Choisissez dans la liste." in browser.post(_act(paul, "suspendre-un-droit"), form).content.decode()
    assert WHY["reason"] in browser.get(_act(paul, "rendre-un-droit")).content.decode()
    sheet = me.browser().get(f"/c/{me.account.reference}/utilisateurs/{paul.account.reference}/").content.decode()
    assert "Suspendu par votre caisse" in sheet
    refused = paul.browser().get(f"/c/{paul.account.reference}/declarer/")
    assert refused.status_code in (403, 404)
    assert "est rendu" in browser.post(_act(paul, "rendre-un-droit"), form, follow=True).content.decode()
    assert Habilitation.objects.filter(account=paul.account, right="declare", ended_at=None).exists()


def test_a_delegation_is_withdrawn_and_given_back() -> None:
    me, paul = _two()
    ThirdPartyNumber.objects.create(
        office=office("751", "Caf de Paris"), number="7654321", landlord=me.landlord, user_number="75100000000999",
        address_1="1 rue", postcode="75001", city="PARIS",
    )  # fmt: skip
    browser = opened(_officer(), paul)
    form = {**WHY, "choice": "441"}
    assert "751" not in browser.get(_act(paul, "retirer-la-delegation")).content.decode().split("<form")[-1]
    done = browser.post(_act(paul, "retirer-la-delegation"), form, follow=True).content.decode()
    assert "La délégation est retirée." in done
    sheet = me.browser().get(f"/c/{me.account.reference}/utilisateurs/{paul.account.reference}/").content.decode()
    assert "Délégation retirée" in sheet
    assert "est rendue" in browser.post(_act(paul, "rendre-la-delegation"), form, follow=True).content.decode()


def test_a_removed_administrator_comes_back() -> None:
    me = administrator()
    paul = administrator(me, first_name="Paul", last_name="Girard")
    browser = opened(_officer(), me)
    assert _act(paul, "administrateur") not in browser.get(file_of(me)).content.decode()
    change_rights(paul.account.reference, Wish(OFTEN), seen=seen(me, paul), by=me.actor, at=moment())
    assert _act(paul, "administrateur") in browser.get(file_of(me)).content.decode()
    assert "administre à nouveau" in browser.post(_act(paul, "administrateur"), WHY, follow=True).content.decode()
    assert Habilitation.objects.filter(account=paul.account, right=Right.ADMINISTER, ended_at=None).exists()


def test_a_new_password_is_asked_of_all_who_share_it() -> None:
    _, paul = _two()
    Credential.objects.filter(pk=paul.account.credential_id).update(
        password_changed_at=datetime.now(UTC) - timedelta(days=90)
    )
    paul.browser()
    browser = opened(_officer(), paul)
    done = browser.post(_act(paul, "nouveau-mot-de-passe"), WHY, follow=True).content.decode()
    assert "choisira un nouveau mot de passe" in done
    assert not Session.objects.filter(credential=paul.account.credential_id).exists()
    assert Message.objects.get(template="identity/emails/password_demanded").to_email == paul.account.credential.email
    again = browser.post(_act(paul, "nouveau-mot-de-passe"), WHY, follow=True).content.decode()
    assert "déjà demandé" in again
    paul.account.credential.refresh_from_db()
    theirs = paul.browser()
    answer = theirs.get(f"/c/{paul.account.reference}/", follow=True)
    assert "votre caisse demande que vous en choisissiez un autre" in answer.content.decode()
    where = answer.redirect_chain[-1][0]
    chosen = {"password": "Un-Chemin-Nouveau-26!", "password_again": "Un-Chemin-Nouveau-26!"}
    assert theirs.post(where, chosen).status_code == 302
    assert "Un-Chemin" not in (page := theirs.get(f"/c/{paul.account.reference}/").content.decode())
    assert "en choisissiez un autre" not in page
    assert theirs.get(f"/c/{paul.account.reference}/").status_code == 200


def test_who_has_no_password_of_their_own_is_asked_for_none() -> None:
    _, paul = _two()
    page = opened(_officer(), paul).post(_act(paul, "nouveau-mot-de-passe"), WHY).content.decode()
    assert "pas encore choisi son mot de passe" in page


@pytest.mark.parametrize(("role", "at"), SQUARE)
def test_late_reviews_are_listed_for_officers_of_the_office(role: Role, at: str) -> None:
    me, _ = _two()
    then = moment() - timedelta(days=60)
    RightsReview.objects.create(landlord=me.landlord, due_on=then.date(), told_at=then)
    answer = colleague((role, at)).browser().get("/agents/revues/")
    assert answer.status_code == (200 if role is Role.RIGHTS_OFFICER else 403)
    assert (me.landlord.name in answer.content.decode()) is (role is Role.RIGHTS_OFFICER and at != "751")


@pytest.mark.parametrize("place", ["x", "-1", "9" * 30])
def test_a_place_made_up_is_not_found(place: str) -> None:
    assert _officer().browser().get(f"/agents/revues/?apres={place}").status_code == 404


def test_a_new_administrator_is_confirmed_by_two_agents() -> None:
    me = administrator()
    first, second = _officer(), _officer()
    one, two = opened(first, me), opened(second, me)
    sheet = f"{file_of(me)}comptes/{me.account.reference}/"
    assert "Confirmer l’administrateur" not in one.get(sheet).content.decode()
    Habilitation.objects.filter(account=me.account).update(granted_at=moment() - timedelta(hours=1))
    assert "Confirmer l’administrateur" in one.get(sheet).content.decode()
    assert "attend un second agent" not in two.get("/agents/alarmes/").content.decode()
    assert "Sans confirmation" in one.get(_act(me, "confirmer")).content.decode()
    assert (
        "Un autre agent doit maintenant confirmer."
        in one.post(_act(me, "confirmer"), WHY, follow=True).content.decode()
    )
    assert "Il faut deux agents" in one.post(_act(me, "confirmer"), WHY).content.decode()
    assert "attend un second agent" not in one.get("/agents/alarmes/").content.decode()
    elsewhere = colleague((Role.RIGHTS_OFFICER, "751")).browser()
    assert "attend un second agent" not in elsewhere.get("/agents/alarmes/").content.decode()
    waiting = two.get("/agents/alarmes/").content.decode()
    assert "attend un second agent" in waiting
    assert _act(me, "confirmer") in waiting
    assert f"par {first.agent.login}" in two.get(_act(me, "confirmer")).content.decode()
    done = two.post(_act(me, "confirmer"), WHY, follow=True).content.decode()
    assert "L’administrateur est confirmé" in done
    assert "Confirmer l’administrateur" not in done
    assert "attend un second agent" not in two.get("/agents/alarmes/").content.decode()
