"""The way in: one page, one answer for all failures, cookies that change at each proof."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.http import urlencode

from parvis.identity.models import OneTimeCode, Session
from parvis.kit.actors import system
from parvis.parameters.services import change
from parvis.web.account.views.code import in_words
from parvis.web.frame import cookies, way
from tests.factories.identity import OWN_PASSWORD, code_received, newborn
from tests.factories.landlords import landlord, owner
from tests.web.account.visits import ANYTHING, inside, now, regular, sign_in

pytestmark = pytest.mark.django_db


def neutral(answer: HttpResponse) -> str:
    """A page without what differs between any two answers: the token of the form."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())


def test_the_page_is_read_without_a_single_statement(django_assert_num_queries: object) -> None:
    Client().get(reverse("sign-in"))  # what the office has to say is read every two seconds, for everybody
    with django_assert_num_queries(0):  # type: ignore[operator]
        answer = Client().get(reverse("sign-in"))
    html = answer.content.decode()
    assert html.count("<h1") == 1
    assert "style=" not in html
    assert 'autocomplete="username"' in html
    assert "art. 323-1" in html


def test_known_and_unknown_get_the_same_page() -> None:
    known, without = regular(), newborn(landlord().partner)
    pages = []
    for typed in (known.account.login_id, without.login_id, "LOG999999Z"):
        answer = sign_in(typed, "Faux-Mot-De-Passe-1")
        pages.append((answer.status_code, neutral(answer).replace(typed, "TYPED"), sorted(answer.headers)))
    assert pages[0] == pages[1] == pages[2]
    assert "Cet identifiant et ce mot de passe ne vont pas ensemble." in pages[0][1]


def test_they_get_the_same_page_when_paused_too() -> None:
    change("captcha_after", 5, by=system("test"), at=now())
    me, pages = regular(), []
    for typed in (me.account.login_id, "LOG999999Z"):
        for _ in range(5):
            sign_in(typed, "Faux")
        answer = sign_in(typed, "Faux")
        assert answer.status_code == 429
        pages.append(re.sub(r"jusqu’à [^,]+,", "", neutral(answer).replace(typed, "TYPED")))
    assert pages[0] == pages[1]
    assert "C’est une protection." in pages[0]


def test_a_repaired_identifier_is_shown_back() -> None:
    answer = sign_in("LOGO12345A", "Faux")
    assert "Nous lisons LOG012345A" in answer.content.decode()


@pytest.mark.parametrize("sent", ANYTHING)
def test_the_form_survives_anything(sent: str) -> None:
    answer = sign_in(sent, sent)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "<title>Erreur" in html
    assert "<script>alert" not in html


@pytest.mark.parametrize("sent", ANYTHING)
def test_the_code_form_survives_anything(sent: str) -> None:
    me, client = regular(), Client()
    sign_in(me.account.login_id, client=client)
    answer = client.post(reverse("sign-in-code", args=[me.account.reference]), {"code": sent})
    assert answer.status_code == 200
    assert "<title>Erreur" in answer.content.decode()
    assert OneTimeCode.objects.get().tries == 0


def test_a_code_is_asked_then_nothing_more_for_a_day_in_this_browser() -> None:
    me = regular()
    client = inside(me)
    client.post(reverse("sign-out"))
    answer = sign_in(me.account.login_id, client=client)
    assert answer["Location"] == reverse("welcome", args=[me.account.reference])
    assert "connexion/code" in sign_in(me.account.login_id)["Location"]


def test_pages_stay_closed_until_the_code_is_right() -> None:
    me, client = regular(), Client()
    sign_in(me.account.login_id, client=client)
    for name in ("landlord-home", "welcome", "usage-rules"):
        answer = client.get(reverse(name, args=[me.account.reference]))
        assert answer["Location"] == reverse("sign-in-code", args=[me.account.reference])


def test_a_code_read_here_and_typed_elsewhere_opens_nothing() -> None:
    me, here, elsewhere = regular(), Client(), Client()
    sign_in(me.account.login_id, client=here)
    digits = code_received(now())
    sign_in(me.account.login_id, client=elsewhere)
    address = reverse("sign-in-code", args=[me.account.reference])
    assert elsewhere.post(address, {"code": digits}).status_code == 200
    assert here.post(address, {"code": digits}).status_code == 302


def test_wrong_codes_say_how_many_tries_are_left_then_when_to_ask_again() -> None:
    me, client = regular(), Client()
    sign_in(me.account.login_id, client=client)
    address = reverse("sign-in-code", args=[me.account.reference])
    wrong = f"{(int(code_received(now())) + 1) % 1_000_000:06d}"
    pages = [client.post(address, {"code": wrong}).content.decode() for _ in range(5)]
    assert "Il vous reste 4\u00a0essais." in pages[0]
    assert "Il vous reste 1\u00a0essai." in pages[3]
    assert "Trop d’essais. Un nouveau code pourra être demandé à" in pages[4]


def test_asking_again_too_soon_says_so() -> None:
    me, client = regular(), Client()
    sign_in(me.account.login_id, client=client)
    answer = client.post(reverse("sign-in-code-again", args=[me.account.reference]), follow=True)
    assert "Vous pourrez demander un nouveau code dans" in answer.content.decode()
    OneTimeCode.objects.update(asked_at=now() - timedelta(minutes=2))
    answer = client.post(reverse("sign-in-code-again", args=[me.account.reference]), follow=True)
    assert "Nouveau code envoyé à" in answer.content.decode()


def test_a_fixed_cookie_opens_nothing_after_sign_in() -> None:
    me, victim, thief = regular(), Client(), Client()
    sign_in(regular().account.login_id, client=thief)
    victim.cookies[cookies.SESSION] = thief.cookies[cookies.SESSION].value
    sign_in(me.account.login_id, client=victim)
    assert victim.cookies[cookies.SESSION].value != thief.cookies[cookies.SESSION].value
    assert thief.get(reverse("sign-in-code", args=[me.account.reference])).status_code == 404


def test_the_page_asked_for_is_found_again_after_both_pages() -> None:
    me, client = regular(), Client()
    wanted = reverse("usage-rules", args=[me.account.reference])
    code_page = sign_in(me.account.login_id, client=client, query=f"?suite={wanted}")["Location"]
    assert client.post(code_page, {"code": code_received(now())})["Location"] == wanted


def test_the_page_of_all_accounts_asked_for_is_found_again() -> None:
    me, client = regular(), Client()
    wanted = reverse("rents-across-file", args=[uuid4()])
    place = client.get(wanted)["Location"]
    assert place == f"{reverse('sign-in')}?{urlencode({'suite': wanted})}"
    code_page = sign_in(me.account.login_id, client=client, query=f"?suite={wanted}")["Location"]
    assert client.post(code_page, {"code": code_received(now())})["Location"] == wanted


@pytest.mark.parametrize(
    "suite",
    ["https://pirate.example/c/x/", "//pirate.example/c/", "/c/\\pirate.example", "javascript:alert(1)", "/aide/",
     "/c/../aide/", "/comptes/loyers-a-declarer/../../aide/", "/c/AUTRECOMPTE1/", "/c/" + "x" * 400],
)  # fmt: skip
def test_nobody_is_sent_elsewhere(suite: str) -> None:
    me = regular()
    answer = inside(me).post(
        reverse("sign-in") + f"?suite={suite}", {"identifier": me.account.login_id, "password": OWN_PASSWORD}
    )
    assert answer["Location"] == reverse("welcome", args=[me.account.reference])


def test_the_end_of_a_session_is_said_and_leads_back() -> None:
    me = regular()
    client = inside(me)
    Session.objects.update(ends_at=now())
    answer = client.get(reverse("welcome", args=[me.account.reference]), follow=True)
    html = answer.content.decode()
    assert "Vous avez été déconnecté après 30 minutes sans activité." in html
    assert "suite=" in answer.redirect_chain[0][0]


@pytest.mark.parametrize(
    ("asked", "found"), [("?annee=2025&q=Zo%C3%A9", "?annee=2025&q=Zo%C3%A9"), ("?q=" + "x" * 300, "")]
)
def test_one_comes_back_to_the_page_as_it_was_searched(asked: str, found: str) -> None:
    me = regular()
    client, page = inside(me), reverse("welcome", args=[me.account.reference])
    Session.objects.update(ends_at=now())
    sign_in = client.get(page + asked)["Location"]
    answer = client.post(sign_in, {"identifier": me.account.login_id, "password": OWN_PASSWORD})
    assert answer["Location"] == page + found


def test_a_session_that_ended_leaves_what_was_typed_on_the_device() -> None:
    me = regular()
    client = inside(me)
    Session.objects.update(ends_at=now())
    assert client.get(reverse("welcome", args=[me.account.reference]))["Clear-Site-Data"] == '"cache"'


def test_signing_out_is_a_post_ends_the_session_and_clears_the_browser() -> None:
    me = regular()
    client = inside(me)
    assert client.get(reverse("sign-out")).status_code == 302
    assert client.get(reverse("usage-rules", args=[me.account.reference])).status_code == 200
    answer = client.post(reverse("sign-out"))
    assert answer["Clear-Site-Data"] == '"cache", "storage"', "nothing of what was typed stays on the device"
    assert not Session.objects.exists()
    assert client.get(reverse("usage-rules", args=[me.account.reference])).status_code == 404
    assert client.post(reverse("sign-out")).status_code == 302


def test_staying_is_for_those_who_are_there() -> None:
    assert Client().post(reverse("keep-alive")).status_code == 403
    client = inside(regular())
    Session.objects.update(ends_at=now() + timedelta(minutes=2))
    assert client.post(reverse("keep-alive")).status_code == 204
    assert Session.objects.get().ends_at > now() + timedelta(minutes=29)


def test_a_theme_is_kept_and_leads_back_to_ones_page_only() -> None:
    client = Client()
    answer = client.post(reverse("theme"), {"theme": "dark"}, headers={"referer": "http://testserver/aide/?q=code"})
    assert answer["Location"] == "http://testserver/aide/?q=code"
    assert client.cookies["theme"].value == "dark"
    assert 'data-theme="dark"' in client.get(reverse("sign-in")).content.decode()
    answer = client.post(reverse("theme"), {"theme": '"><script>'}, headers={"referer": "https://pirate.example/"})
    assert answer["Location"] == reverse("home")
    assert client.cookies["theme"].value == "dark"


def test_forms_without_their_token_are_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    for name in ("sign-in", "sign-out", "keep-alive", "theme"):
        assert client.post(reverse(name), {"identifier": "x", "password": "x"}).status_code == 403


@pytest.mark.parametrize("reference", ["%00", "%E2%80%AE", "%27", "x" * 300])
def test_an_address_that_names_no_account_is_not_found(reference: str) -> None:
    assert owner().browser().get(f"/c/{reference}/").status_code == 404


def test_the_page_asked_for_is_one_of_ours() -> None:
    request = RequestFactory().get("/", {"suite": "/c/ABC/bailleur/?page=2"})
    assert way.wanted(request) == "/c/ABC/bailleur/?page=2"  # type: ignore[arg-type]


def test_a_shared_computer_is_not_remembered() -> None:
    me, client = regular(), Client()
    sign_in(me.account.login_id, client=client)
    address = reverse("sign-in-code", args=[me.account.reference])
    assert "une fois par jour" in client.get(address).content.decode()
    client.post(address, {"code": code_received(now()), "shared": "on"})
    assert cookies.BROWSER not in client.cookies
    assert client.get(reverse("welcome", args=[me.account.reference])).status_code == 200
    client.post(reverse("sign-out"))
    assert "connexion/code" in sign_in(me.account.login_id, client=client)["Location"]


@pytest.mark.parametrize(
    ("minutes", "says"),
    [(0, "à chaque connexion"), (1_440, "une fois par jour"), (2_880, "tous les 2\u00a0jours"), (90, "toutes les 90\u00a0minutes"),
     (60, "une fois par heure"), (120, "toutes les 2\u00a0heures")],
)  # fmt: skip
def test_the_delay_of_codes_is_said_as_people_say_it(minutes: int, says: str) -> None:
    assert in_words(minutes) == says


@pytest.mark.parametrize("typed", ["12345", "1234567", "1"])
def test_what_cannot_be_a_code_costs_no_try(typed: str) -> None:
    me, client = regular(), Client()
    sign_in(me.account.login_id, client=client)
    html = client.post(reverse("sign-in-code", args=[me.account.reference]), {"code": typed}).content.decode()
    assert f"Un code a 6\u00a0chiffres\u00a0: il y en a {len(typed)}." in html
    assert OneTimeCode.objects.get().tries == 0
