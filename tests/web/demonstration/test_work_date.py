"""The page that makes a whole demonstration live at another date."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import Client
from django.urls import reverse

from parvis.audit.models import Entry
from parvis.correspondence.models import Message, MessageState
from parvis.correspondence.worker import Worker
from parvis.identity.models import Session, Throttle
from parvis.identity.services import sessions
from parvis.kit import clock
from tests.factories import correspondence as make
from tests.factories import declarations as declared
from tests.factories import identity
from tests.factories.landlords import owner
from tests.house.routes import Route, every_route
from tests.web.landlord.july import five

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 7, 21, 7, 12, tzinfo=UTC)
MINE = [route for route in every_route() if route.needs == ("account",)]


@pytest.fixture(autouse=True)
def demonstration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "MAY_LIVE_ELSEWHEN", True)


def page(client: Client | None = None, /, **typed: str) -> str:
    """The page, or what it answers to what was typed, redirects followed."""
    client = client or Client()
    ask = client.post if typed else client.get
    answer = ask(reverse("work-date"), typed or None, follow=True)
    assert answer.status_code == 200
    return answer.content.decode().replace("\u00a0", " ")


def near(moment: datetime) -> bool:
    return abs(clock.now() - moment) < timedelta(seconds=30)


def shifts() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM kit_work_date")
        return int(cursor.fetchone()[0])


def fields_of(html: str, label: str) -> dict[str, str]:
    """What the button of that name sends."""
    (form,) = [form for form in re.findall(r"<form.*?</form>", html, re.S) if f"{label}</button>" in form]
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form)
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def test_a_date_typed_is_where_everything_lives() -> None:
    shown = page(day="1er octobre 2026", hour="9 h 30")
    assert "Nous sommes le 1er octobre 2026, il est 9 h 30." in shown
    assert "au 01/10/2026" in shown
    assert near(datetime(2026, 10, 1, 7, 30, tzinfo=UTC))
    entry = Entry.objects.get(event="identity.work_date_changed")
    assert entry.details["to"].startswith("2026-10-01T09:30")


def test_every_page_says_the_date_and_leads_to_the_one_that_changes_it() -> None:
    clock.live_at(MORNING)
    for name in ("home", "sign-in", "demonstration"):
        html = Client().get(reverse(name)).content.decode()
        assert "au 21/07/2026" in html
        assert f'href="{reverse("work-date")}"' in html


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Aller à l’ouverture de la campagne", datetime(2026, 7, 1, 7, 0, tzinfo=UTC)),
        ("Aller à la veille de la date conseillée", datetime(2026, 9, 29, 7, 0, tzinfo=UTC)),
        ("Avancer de 3 jours", MORNING + timedelta(days=3, minutes=1)),
        ("Revenir au début de la démonstration", MORNING),
    ],
)
def test_a_useful_date_is_one_click_away_and_a_second_click_goes_nowhere_else(label: str, expected: datetime) -> None:
    five()
    clock.live_at(MORNING)
    sent = fields_of(page(), label)
    for _ in range(2):
        page(**sent)
        assert near(expected)
    assert shifts() == 1


def test_the_real_date_comes_back() -> None:
    clock.live_at(MORNING - timedelta(days=90))
    page(**fields_of(page(), "Revenir à la vraie date"))
    assert near(datetime.now(UTC))
    assert shifts() == 0


def test_without_a_campaign_its_dates_are_not_offered() -> None:
    shown = page()
    assert "campagne</button>" not in shown
    assert "Avancer de 3 jours</button>" in shown


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"day": ""}, "Remplissez « Date »."),
        ({"day": "   "}, "Remplissez « Date »."),
        ({"day": "bientôt"}, "Écrivez une date comme 01/07/2026 ou 1er juillet 2026."),
        ({"day": "31/02/2026"}, "Ce jour n’existe pas dans le calendrier."),
        ({"day": "01/07/2026", "hour": "25 h"}, "Écrivez une heure comme 9 h 30 ou 14:05, ou laissez vide."),
        ({"day": "01/07/1926"}, "C’est un peu loin. Choisissez une date entre le "),
        ({"day": "01/07/9999"}, "C’est un peu loin. Choisissez une date entre le "),
        ({"day": "\x00"}, "Erreur"),
        ({"day": "1" * 10_000}, "Erreur"),
        ({"day": "<script>x</script>"}, "Écrivez une date comme"),
        ({"day": "'; DROP TABLE kit_work_date; --"}, "Écrivez une date comme"),
    ],
)
def test_what_cannot_be_is_told_kindly_and_nothing_moves(typed: dict[str, str], sentence: str) -> None:
    shown = page(**typed)
    assert sentence in shown
    assert "<script>x" not in shown
    assert shifts() == 0
    assert not Entry.objects.filter(event="identity.work_date_changed").exists()


def test_a_letter_due_in_three_days_leaves_once_one_is_there() -> None:
    clock.live_at(make.AT)
    waiting = make.letter(due_at=make.AT + timedelta(days=3))
    assert not Worker().run_one(at=clock.now())
    page(**fields_of(page(), "Aller au départ du prochain message"))
    assert Worker().run_one(at=clock.now())
    assert Message.objects.get(pk=waiting.pk).state == MessageState.SENT
    assert list(settings.LETTERS.glob("*.pdf"))


def test_a_reminder_waits_for_its_day_there_too() -> None:
    clock.live_at(make.AT)
    make.email(due_at=make.AT + timedelta(days=40))
    page(**fields_of(page(), "Avancer de 3 jours"))
    assert not Worker().run_one(at=clock.now())
    page(day="01/10/2026")
    assert Worker().run_one(at=clock.now())
    assert len(mail.outbox) == 1


def test_a_visit_that_the_jump_ends_is_told_so_even_after_its_traces_are_swept() -> None:
    me, other = owner(), owner()
    browser, elsewhere = me.browser(), other.browser()
    later = clock.now() + timedelta(days=40)
    answer = browser.post(reverse("work-date"), {"day": f"{later:%d/%m/%Y}"})
    assert answer["Location"] == f"{reverse('sign-in')}?fin=1"
    assert "Ce saut dans le temps a terminé votre connexion." in browser.get(answer["Location"]).content.decode()
    old_page = browser.get(reverse("welcome", args=[me.account.reference]))
    assert old_page["Location"].startswith(f"{reverse('sign-in')}?fin=1"), "going back is no page that was not found"
    sessions.forget_ended(at=clock.now())
    refused = elsewhere.get(reverse("welcome", args=[other.account.reference]))
    assert refused["Location"].startswith(f"{reverse('sign-in')}?fin=1")


def test_a_short_jump_ends_nobody() -> None:
    me = owner()
    browser = me.browser()
    soon = (clock.now() + timedelta(minutes=3)).astimezone(clock.PARIS)
    page(browser, day=f"{soon:%d/%m/%Y}", hour=f"{soon:%H:%M}")
    assert browser.get(reverse("welcome", args=[me.account.reference])).status_code == 200


@pytest.mark.parametrize("route", MINE, ids=str)
def test_no_page_breaks_before_what_was_written(route: Route) -> None:
    me, (rented, *_) = five()
    declared.typed(me, rented, "525")
    declared.sent(me)
    browser = me.browser()
    page(browser, day="10/06/2025", hour="midi")
    assert near(datetime(2025, 6, 10, 10, 0, tzinfo=UTC))
    answer = browser.get(reverse(route.name, args=[me.account.reference]), follow=True)
    # Who may not consult files is told so, in the past as well.
    assert answer.status_code == (403 if route.name == "file-lookup" else 200)
    assert not answer.redirect_chain or "fin=1" not in answer.redirect_chain[-1][0]


@pytest.mark.parametrize("name", ["home", "sign-in", "demonstration", "work-date", "mailbox", "accounts"])
def test_no_public_page_breaks_before_what_was_written(name: str) -> None:
    browser = owner().browser()
    page(browser, day="10/06/2025")
    assert browser.get(reverse(name)).status_code in (200, 302)


def test_one_still_signs_in_and_types_a_code_in_the_past() -> None:
    clock.live_at(MORNING)
    who = identity.member()
    page(day="10/06/2026")
    browser = Client()
    typed = {"identifier": who.login_id, "password": identity.OWN_PASSWORD}
    answer = browser.post(reverse("sign-in"), typed)
    assert answer["Location"] == reverse("sign-in-code", args=[who.reference])


def test_going_back_lengthens_no_visit_and_no_pause() -> None:
    owner().browser()
    before = Session.objects.get()
    page(day="10/06/2025")
    after = Session.objects.get()
    assert after.ends_at - after.created_at == before.ends_at - before.created_at
    assert after.ends_at < clock.now() + timedelta(hours=1)
    assert not Throttle.objects.exists()


def test_an_ordinary_instance_has_no_such_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "MAY_LIVE_ELSEWHEN", False)
    assert Client().get(reverse("work-date")).status_code == 404
    assert Client().post(reverse("work-date"), {"day": "01/07/2026"}).status_code == 404
    assert shifts() == 0


def test_the_command_moves_too_and_says_how_to_write_a_date() -> None:
    settings.VAR.mkdir(parents=True, exist_ok=True)
    call_command("live_at", "2026-09-25T14:30")
    assert near(datetime(2026, 9, 25, 12, 30, tzinfo=UTC))
    call_command("live_at", "2026-09-20")
    assert near(datetime(2026, 9, 20, 12, 30, tzinfo=UTC))
    with pytest.raises(CommandError, match="2026-09-25T14:30"):
        call_command("live_at", "vendredi")
