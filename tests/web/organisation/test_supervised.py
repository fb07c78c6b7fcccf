"""The yearly review on its page; rights that slept, given back from the sheet."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from parvis.landlords.models import Habilitation, RightsReview, SuspendedRight
from tests.factories.landlords import Owner
from tests.factories.users import OFTEN, administrator, colleague, moment

pytestmark = pytest.mark.django_db


def _due() -> tuple[Owner, Owner, str]:
    me = administrator()
    paul = colleague(me, rights=OFTEN)
    RightsReview.objects.create(landlord=me.landlord, due_on=moment().date() - timedelta(days=2), told_at=moment())
    return me, paul, f"/c/{me.account.reference}/utilisateurs/"


def test_the_review_is_one_click() -> None:
    me, paul, users = _due()
    browser = me.browser()
    assert "C’est le moment de revoir les droits" in browser.get(users).content.decode()
    page = browser.get(f"{users}revue/").content.decode()
    assert "Paul Girard" in page
    assert "Revue attendue depuis le" in page
    seen = page.split('name="seen" value="')[1].split('"')[0]
    done = browser.post(f"{users}revue/", {"seen": seen}, follow=True).content.decode()
    assert "La prochaine revue est dans un an." in done
    assert "Dernière revue le" in done
    assert "C’est le moment" not in browser.get(users).content.decode()
    again = browser.post(f"{users}revue/", {"seen": seen}, follow=True).content.decode()
    assert "C’était déjà fait." in again
    assert paul.browser().get(f"/c/{paul.account.reference}/utilisateurs/revue/").status_code == 403


def test_it_stands_in_what_is_to_be_done_for_who_administers_until_it_is_confirmed() -> None:
    me, paul, users = _due()
    words, place = "Revoir les droits de votre organisme", f"{users}revue/"
    home = me.browser().get(reverse("landlord-home", args=[me.account.reference])).content.decode()
    assert words in home
    assert place in home
    assert words not in paul.browser().get(reverse("landlord-home", args=[paul.account.reference])).content.decode()
    other = administrator()
    assert words not in other.browser().get(reverse("landlord-home", args=[other.account.reference])).content.decode()
    RightsReview.objects.update(confirmed_at=moment())
    assert words not in me.browser().get(reverse("landlord-home", args=[me.account.reference])).content.decode()


def test_what_has_changed_meanwhile_is_looked_at_again() -> None:
    me, _, users = _due()
    page = me.browser().post(f"{users}revue/", {"seen": "x"}, follow=True).content.decode()
    assert "a changé entre-temps" in page
    assert RightsReview.objects.filter(confirmed_at=None).exists()


def test_sleeping_rights_are_given_back_from_the_sheet() -> None:
    me, paul, users = _due()
    Habilitation.objects.filter(account=paul.account, right="declare").update(ended_at=moment())
    SuspendedRight.objects.create(
        account=paul.account, right="declare", by_office=False, suspended_at=moment(), suspended_by="clockwork"
    )
    browser, sheet = me.browser(), f"{users}{paul.account.reference}/"
    assert "Rendre ces droits" in browser.get(sheet).content.decode()
    done = browser.post(f"{sheet}rendre/", follow=True).content.decode()
    assert "La personne retrouve ses droits." in done
    assert "Rendre ces droits" not in done
    assert "C’était déjà fait." in browser.post(f"{sheet}rendre/", follow=True).content.decode()
    other = administrator()
    strange = f"/c/{other.account.reference}/utilisateurs/{paul.account.reference}/rendre/"
    assert other.browser().post(strange).status_code == 404
