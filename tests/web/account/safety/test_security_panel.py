"""« Sécurité » beside the choice of accounts; and what is said of what was typed in the account one leaves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from parvis.audit.models import Entry
from parvis.declarations.models import CampaignEntry
from parvis.declarations.services import july
from parvis.identity import events
from parvis.identity.models import Account, Credential, Session
from parvis.tenancies.models import Tenancy
from parvis.web.account.security import near_day
from tests.factories import declarations
from tests.factories.identity import code_received
from tests.factories.landlords import Owner, landlord, owner
from tests.factories.tenancies import many_tenancies
from tests.web.account.visits import inside, now, regular, said, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("some_without_administrator")]
NOON = datetime(2026, 7, 21, 10, 0, tzinfo=UTC)


def panel(client: Client, **query: str) -> str:
    """What « Sécurité » says."""
    html = said(client.get(reverse("accounts"), query))
    return html.split("Sécurité</h2>")[1].split("</section>")[0]


def with_two() -> Owner:
    """A manager of two organisations."""
    me = regular(of=landlord(company_name="Alliance Familiale"))
    owner(landlord(company_name="SCI Tilleul"), credential=me.account.credential)
    return me


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (0, "aujourd’hui"),
        (-13, "hier"),
        (-12, "aujourd’hui"),
        (12, "demain"),
        (-48, "le 19 juillet 2026"),
        (24 * 12, "le 2 août 2026"),
    ],
)
def test_days_are_told_as_people_do(hours: int, words: str) -> None:
    assert near_day(NOON + timedelta(hours=hours), at=NOON) == words


def test_the_code_just_typed_and_the_next_one_are_told() -> None:
    words = panel(inside(with_two()))
    assert "Identité vérifiée par code aujourd’hui à" in words
    assert "Prochain code\u00a0: demain à" in words
    assert "Aucun autre accès n’est connu." in words


def test_on_a_shared_computer_the_next_code_is_asked_at_the_next_sign_in() -> None:
    me, client = with_two(), Client()
    sign_in(me.account.login_id, client=client)
    page = reverse("sign-in-code", args=[me.account.reference])
    client.post(page, {"code": code_received(now()), "shared": "on"})
    assert "Prochain code\u00a0: à la prochaine connexion." in panel(client)


def test_the_last_access_tells_its_day_and_its_browser() -> None:
    me = with_two()
    client = inside(me)
    client.post(reverse("sign-out"))
    yesterday = now() - timedelta(days=1)
    Account.objects.filter(credential=me.account.credential).update(last_signed_in_at=yesterday)
    code = events.SIGNED_IN.code
    for who, at, browser in (
        (me.account, yesterday - timedelta(minutes=1), "Firefox sur Windows"),
        (owner().account, yesterday, "Un autre"),
    ):
        Entry.objects.create(
            at=at, event=code, actor_kind="partner", actor_label=who.login_id, subject=who.login_id,
            account_id=who.pk, partner_id=who.partner_id, details={"browser": browser},
        )  # fmt: skip
    sign_in(me.account.login_id, client=client)
    words = panel(client)
    assert "Dernier accès\u00a0: hier à" in words
    assert ", Firefox sur Windows." in words


def test_a_visit_going_on_elsewhere_is_the_last_access() -> None:
    me = with_two()
    client = inside(me)
    inside(me)
    Session.objects.filter(credential=me.account.credential).order_by("-pk").update(browser="Safari sur iPhone")
    assert ", Safari sur iPhone." in panel(client)


def test_a_visit_that_has_not_typed_its_code_is_no_access() -> None:
    me = with_two()
    client = inside(me)
    Credential.objects.filter(pk=me.account.credential_id).update(version=1)
    sign_in(me.account.login_id)
    assert "Aucun autre accès n’est connu." in panel(client)


def test_it_was_not_me_leads_to_the_page_that_closes_everything_whatever_was_searched() -> None:
    me = with_two()
    client = inside(me)
    link = f'href="{reverse("profile-freeze", args=[me.account.reference])}">Ce n’était pas moi</a>'
    assert link in panel(client)
    assert link in panel(client, q="rien de tel")
    assert "Bloquer" in said(client.get(reverse("profile-freeze", args=[me.account.reference])))


def typed_in(me: Owner) -> CampaignEntry:
    """One rent of the campaign of the day typed, and not sent."""
    many_tenancies(me.landlord, 2)
    year = now().year - (now().month < 7)
    declarations.campaign(year)
    tenancy = Tenancy.objects.filter(landlord=me.landlord).earliest("pk")
    july.save_rent(me.actor, tenancy.reference, year=year, typed="510", previous_typed="500", at=now())
    return CampaignEntry.objects.get(tenancy=tenancy, year=year)


def test_what_was_typed_and_not_sent_in_the_account_one_leaves_is_said_to_be_kept() -> None:
    me = with_two()
    other = Account.objects.exclude(pk=me.account.pk).get(credential=me.account.credential)
    kept = "Votre saisie sur Alliance Familiale est enregistrée, non transmise. Vous la retrouverez à votre retour."
    there, client = reverse("welcome", args=[other.reference]), me.browser()
    assert kept not in said(client.get(there, {"depuis": me.account.reference}))
    assert typed_in(me).state in ("drafted", "to_confirm", "to_correct")
    assert kept in said(client.get(there, {"depuis": me.account.reference}))
    back = said(client.get(reverse("welcome", args=[me.account.reference]), {"depuis": other.reference}))
    assert "non transmise" not in back


def test_nothing_is_said_of_what_a_stranger_typed() -> None:
    me, stranger = with_two(), owner(landlord(company_name="Inconnu"))
    typed_in(stranger)
    html = said(
        me.browser().get(reverse("welcome", args=[me.account.reference]), {"depuis": stranger.account.reference})
    )
    assert "non transmise" not in html
