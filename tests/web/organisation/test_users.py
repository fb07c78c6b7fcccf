"""« Utilisateurs et droits » : who is there, found by any word, each with a sheet; nobody else's."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.urls import reverse

from parvis.identity.models import Account, AccountState, Nature, Partner
from parvis.kit.clock import PARIS
from parvis.landlords.models import Habilitation, Landlord, Membership
from tests.factories.identity import newborn
from tests.factories.landlords import Owner, landlord, owner
from tests.factories.users import colleague

pytestmark = pytest.mark.django_db


def page(me: Owner, query: str = "") -> str:
    return me.browser().get(reverse("users", args=[me.account.reference]) + query).content.decode()


def sheet(me: Owner, of: Owner) -> Any:
    return me.browser().get(reverse("user", args=[me.account.reference, of.account.reference]))


def test_the_list_shows_everybody_with_role_rights_and_state() -> None:
    me = owner()
    colleague(me)
    deputy = colleague(me, "Zoé", "Abel")
    Membership.objects.create(account=deputy.account, is_deputy=True)
    colleague(me, "Léa", "Bloch", state=AccountState.DISABLED, disabled_at=datetime.now(UTC))
    newborn(me.landlord.partner)
    shown = page(me)
    for words in ("Paul Girard", "Suppléant", "Désactivé", "Jamais connecté", "Administrateur", "Actif"):
        assert words in shown
    assert "3\u00a0personnes ont accès à Alliance Familiale" in shown
    assert shown.index("Zoé Abel") < shown.index("Léa Bloch") < shown.index("Paul Girard")


def test_the_list_says_until_when_a_right_lasts() -> None:
    me = owner()
    paul = colleague(me)
    end = datetime(2099, 9, 19, tzinfo=PARIS)
    Habilitation.objects.filter(account=paul.account).update(ended_at=end)
    shown = page(me)
    assert "jusqu’au 18/09/2099" in shown
    assert shown.count("jusqu’au") == 1


@pytest.mark.parametrize("name", ["user-close", "user-rights"])
def test_nobody_is_offered_to_change_or_close_their_own_access(name: str) -> None:
    me = owner()
    answer = me.browser().get(reverse(name, args=[me.account.reference, me.account.reference]))
    html = answer.content.decode()
    assert "Vous ne pouvez pas" in html
    assert 'name="seen"' not in html
    paul = colleague(me)
    html = me.browser().get(reverse(name, args=[me.account.reference, paul.account.reference])).content.decode()
    assert 'name="seen"' in html


def test_people_are_found_by_any_word_without_accents_and_signs_mean_nothing() -> None:
    me = owner()
    colleague(me, "Zoé", "Lefèvre")
    colleague(me)
    assert "Zoé Lefèvre" in page(me, "?q=lefevre+ZOE")
    assert "Paul Girard" not in page(me, "?q=lefevre")
    assert "Zoé Lefèvre" in page(me, f"?q={me.account.login_id[:3]}")
    for odd in ("%25", "_", "%00", "' OR 1=1", "<script>", "x" * 10_000, "语"):
        assert "Personne ne correspond." in page(me, "?q=" + odd) or odd == "%00"


def test_pages_go_forth_and_back_without_gap_or_repeat() -> None:
    me = owner()
    for number in range(55):
        colleague(me, "Agent", f"A{number:03d}")
    address = reverse("users", args=[me.account.reference])
    browser, seen, url = me.browser(), [], address
    for _ in range(3):
        response = browser.get(url).content.decode()
        seen += [f"A{number:03d}" for number in range(55) if f"Agent A{number:03d}" in response]
        following = response.partition('rel="next"')[0].rpartition('href="')[2].split('"')[0]
        url = address + following
    assert seen == [f"A{number:03d}" for number in range(55)]
    last = browser.get(address + "?apres=" + _reference("A049", me)).content.decode()
    assert ("A050" in last, "A049" in last) == (True, False)
    back = browser.get(address + "?avant=" + _reference("A030", me)).content.decode()
    assert [name in back for name in ("A004", "A005", "A029", "A030")] == [False, True, True, False]


def _reference(last_name: str, me: Owner) -> str:
    return Account.objects.get(last_name=last_name, partner=me.landlord.pk).reference


@pytest.mark.parametrize("place", ["?apres=zzz", "?apres=%00", "?avant=' OR 1", "?apres=" + "A" * 5000])
def test_a_place_that_is_nowhere_shows_the_beginning(place: str) -> None:
    me = owner()
    assert "Claire Martin" in page(me, place)


def test_the_sheet_tells_rights_and_offices_and_one_s_own_says_so() -> None:
    me = owner()
    paul = colleague(me, job_title="Comptable")
    Membership.objects.create(account=paul.account, offices=["441"])
    shown = sheet(me, paul).content.decode()
    for words in ("Paul Girard", "Comptable", "Caf de la Loire-Atlantique", "Consulter", paul.account.login_id):
        assert words in shown
    assert "votre propre fiche" in sheet(me, me).content.decode()


def test_somebody_else_s_users_do_not_exist() -> None:
    me, other = owner(), owner(landlord(company_name="Autre"))
    assert sheet(me, other).status_code == 404
    assert other.account.login_id not in page(me)
    browser = me.browser()
    for odd in ("zzz", "%00", "A" * 3000, "语言"):
        assert browser.get(reverse("users", args=[me.account.reference]) + odd + "/").status_code == 404


def test_only_administrators_see_it_and_the_menu_says_so() -> None:
    me = owner()
    paul = colleague(me)
    assert paul.browser().get(reverse("users", args=[paul.account.reference])).status_code == 403
    assert "Utilisateurs et droits" in page(me)
    welcome = paul.browser().get(reverse("welcome", args=[paul.account.reference])).content.decode()
    assert "Utilisateurs et droits" not in welcome


def test_an_individual_has_no_users() -> None:
    of = landlord()
    Partner.objects.filter(pk=of.pk).update(nature=Nature.INDIVIDUAL)
    me = owner(Landlord.objects.get(pk=of.pk))
    assert me.browser().get(reverse("users", args=[me.account.reference])).status_code == 404


def test_three_users_or_thirty_cost_the_same(django_assert_max_num_queries: Any) -> None:
    me = owner()
    for number in range(30):
        colleague(me, "Agent", f"A{number:03d}")
    browser = me.browser()
    browser.get(reverse("users", args=[me.account.reference]))
    with django_assert_max_num_queries(9):
        browser.get(reverse("users", args=[me.account.reference]))
