"""The landlord's home: the campaign in each of its phases, what is to do, what was received."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from parvis.declarations.models import CampaignCount, RentCampaign
from parvis.declarations.selectors import CampaignCard
from parvis.kit import clock
from parvis.kit.actors import Right
from parvis.landlords.models import ProcessingTime
from parvis.parameters import kept
from parvis.tenancies.models import Tenancy, Transfer
from parvis.web.landlord.words import campaign_words
from tests.factories.changes import bank_typed
from tests.factories.landlords import Owner, office, owner
from tests.factories.tenancies import many_tenancies, payment, tenancy

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
LAST_MONTH = (TODAY.replace(day=1) - timedelta(days=1)).replace(day=1)


def home(me: Owner) -> str:
    answer = me.browser().get(reverse("landlord-home", args=[me.account.reference]))
    assert answer.status_code == 200
    return str(answer.content.decode())


def campaign(me: Owner, *, ends_in: int = 70, **counts: int) -> None:
    RentCampaign.objects.create(
        year=2026,
        opens_on=TODAY - timedelta(days=100),
        deadline_on=TODAY + timedelta(days=ends_in),
        suspension_on=TODAY + timedelta(days=ends_in + 100),
    )
    CampaignCount.objects.create(landlord=me.landlord, year=2026, **counts)


def test_the_open_campaign_says_how_far_one_is_and_what_is_left() -> None:
    me = owner()
    campaign(me, to_declare=10, drafted=2, to_confirm=1, to_correct=1, rejected=2, submitted=40, integrated=1)
    page = home(me)
    for words in (
        "Campagne ouverte", "<b>41</b>", "loyers déclarés sur 57", "41 transmis", "3 saisis, non transmis", "1 à corriger", "12 à saisir",
        "70 jours", "Comptez 4\u00a0minutes.", "Déclarer les 16\u00a0loyers", "Corriger 2\u00a0loyers refusés",
        "Corriger 1\u00a0loyer à corriger",
        "Vérifier 1\u00a0loyer inhabituel", "Transmettre 2\u00a0loyers saisis", "Saisir 10\u00a0loyers à déclarer",
    ):  # fmt: skip
        assert words in page, words


def test_nothing_is_invented_when_there_is_nothing_to_do() -> None:
    me = owner()
    campaign(me, integrated=2)
    page = home(me)
    assert "Tous vos loyers sont transmis." in page
    assert "Rien à faire pour l’instant." in page
    assert "pour terminer" not in page


def test_without_a_campaign_the_home_stands() -> None:
    page = home(owner())
    assert "Rien à faire pour l’instant." in page
    assert "Campagne" not in page


def card(**changes: Any) -> CampaignCard:
    values: dict[str, Any] = {
        "year": 2026, "opens_on": date(2026, 7, 1), "deadline_on": date(2026, 9, 30), "suspension_on": date(2027, 1, 15),
        "to_declare": 2, "drafted": 0, "to_confirm": 0, "submitted": 0, "integrated": 0, "rejected": 0, **changes,
    }  # fmt: skip
    return CampaignCard(**values)


@pytest.mark.parametrize(
    ("today", "changes", "phase", "days_left"),
    [
        (date(2026, 6, 30), {}, "coming", None),
        (date(2026, 7, 1), {}, "open", 91),
        (date(2026, 9, 20), {}, "last_days", 10),
        (date(2026, 9, 30), {}, "last_days", None),
        (date(2026, 10, 1), {}, "closed", None),
        (date(2027, 1, 14), {}, "closed", None),
        (date(2027, 1, 15), {}, "suspended", None),
        (date(2026, 9, 20), {"to_declare": 0, "submitted": 2}, "done", None),
        (date(2026, 10, 20), {"to_declare": 0, "integrated": 2}, "done", None),
        (date(2026, 9, 20), {"to_declare": 0}, "nothing", None),
    ],
)
def test_the_campaign_has_its_phases(today: date, changes: dict[str, int], phase: str, days_left: int | None) -> None:
    words = campaign_words(card(**changes), today)
    assert (words.phase, words.days_left) == (phase, days_left)


@pytest.mark.parametrize(
    ("ends_in", "words"),
    [(11, "Campagne ouverte"), (6, "Plus que 6\u00a0jours"), (1, "Plus que 1\u00a0jour"), (0, "Dernier jour")],
)
def test_the_last_days_are_counted_in_words(ends_in: int, words: str) -> None:
    me = owner()
    campaign(me, ends_in=ends_in, to_declare=2)
    page = home(me)
    assert re.search(rf"{words}\s*<", page), words
    assert ("Dernier jour" in page, "Plus que" in page) == (words == "Dernier jour", words.startswith("Plus"))


def test_former_files_can_still_be_read_when_nobody_is_left() -> None:
    me = owner()
    tenancy(me.landlord, end_on=date(2026, 1, 31))
    page = home(me)
    assert "Aucun de vos locataires ne reçoit d’aide en ce moment." in page
    assert "Vos anciens dossiers restent consultables." in page
    assert reverse("former-tenants", args=[me.account.reference]) in page


def test_after_the_advised_date_the_card_says_what_still_can_be_done() -> None:
    assert "15 janvier" in campaign_words(card(), date(2026, 10, 1)).sentence
    assert "peut reprendre, avec rappel" in campaign_words(card(), date(2027, 2, 1)).sentence


def test_the_home_says_what_was_received_and_what_should_come_next() -> None:
    me = owner()
    mine = tenancy(me.landlord)
    payment(mine, LAST_MONTH, 11_173)
    page = home(me)
    assert "Versements reçus" in page
    assert "111,73\u00a0€" in page
    assert "Prochain versement" in page
    assert "pour 1\u00a0locataire. Montant provisoire, d’après le versement du " in page
    assert "oir pourquoi" not in page, "an estimate has no reason of its own"


def test_an_announced_payment_says_how_far_it_is_from_the_last_one_and_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 8, 20, 8, tzinfo=UTC))
    me = owner()
    mine = tenancy(me.landlord)
    payment(mine, date(2026, 7, 1), 11_173, paid_on=date(2026, 8, 5))
    assert "par rapport à la dernière fois" not in home(me), "an estimate is made of the last time"
    payment(mine, date(2026, 8, 1), 22_373, paid_on=date(2026, 9, 5))
    page = home(me)
    assert "+112,00\u00a0€ par rapport à la dernière fois" in page
    announced = Transfer.objects.get(paid_on=date(2026, 9, 5))
    assert reverse("payments-statement", args=[me.account.reference, announced.reference]) in page


def test_an_iban_that_was_typed_waits_for_its_code_among_what_is_to_do() -> None:
    me = owner()
    change, _ = bank_typed(me, at=clock.now())
    place = reverse("bank-change-code", args=[me.account.reference, change.opaque])
    assert place in home(me)
    assert place not in home(owner(me.landlord)), "the code went to who typed the IBAN"
    late = owner()
    bank_typed(late, at=clock.now() - timedelta(hours=2))
    assert "Confirmer votre IBAN" not in home(late)


def test_the_help_panel_leads_to_guides_and_useful_addresses() -> None:
    page = home(owner())
    for words in ("Guides et fiches pratiques", "Liens utiles"):
        assert words in page


def test_amounts_need_the_right_to_payments() -> None:
    me = owner(rights=frozenset({Right.CONSULT, Right.DECLARE}))
    payment(tenancy(me.landlord), LAST_MONTH, 11_173)
    page = home(me)
    assert "111,73" not in page
    assert "Versements reçus" not in page
    assert "Prochain versement" not in page


def test_who_may_not_declare_is_asked_nothing() -> None:
    me = owner(rights=frozenset({Right.CONSULT}))
    campaign(me, to_declare=2)
    page = home(me)
    assert "Rien à faire pour l’instant." in page
    assert "demandez le droit « Déclarer »" in page.replace("\u00a0", " ")


def test_the_panels_speak_of_the_landlord_and_its_office() -> None:
    me = owner()
    ProcessingTime.objects.create(
        office=office(), topic="housing_aid_claim", min_weeks=4, max_weeks=5, measured_on=date(2026, 6, 23)
    )
    page = home(me)
    for words in (me.account.user_number, "02 40 00 00 00", "gestion@alliance.example", "Demande d’aide au logement",
                  "4 à 5\u00a0sem.", "23/06/2026", "Vous n’avez encore rien transmis.", "/delais/?caisse=441"):  # fmt: skip
        assert words in page, words


def test_the_home_costs_the_same_for_one_and_for_many() -> None:
    me, large = owner(), owner()
    campaign(me, to_declare=1)
    payment(tenancy(me.landlord), LAST_MONTH, 11_100)
    many_tenancies(large.landlord, 30)
    payment(Tenancy.objects.filter(landlord=large.landlord)[0], LAST_MONTH, 11_100)
    kept.kept()  # what the office has changed is read every two seconds, whoever asks
    counts = []
    for each in (me, large):
        browser = each.browser()
        with CaptureQueriesContext(connection) as queries:
            browser.get(reverse("landlord-home", args=[each.account.reference]))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 17, "whoever administers an organisation is asked of its review besides"
