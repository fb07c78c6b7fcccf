"""The pages of the feeds, as an operator reads them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client

from parvis.agents.posts import DUTIES, Role
from parvis.audit.models import Entry
from parvis.exchange.formats import FORMATS
from parvis.exchange.models import Delivery, DeliveryFile, OutgoingDelivery
from parvis.exchange.selectors.health import Feed
from parvis.exchange.services import outbound
from parvis.kit.actors import Duty, system
from parvis.parameters import services as parameters
from parvis.parameters.catalogue import FEED_EVERY
from parvis.upkeep.models import TaskRun
from tests.exchange.inbox import AT, BASE, COMPANY, TENANCY, Inbox
from tests.exchange.test_outbound import declared
from tests.factories.agents import SQUARE, colleague

pytestmark = pytest.mark.django_db
FEEDS, RECEIVED, SENT = "/agents/flux/", "/agents/flux/recues/", "/agents/flux/envoyees/"
PAGES = (FEEDS, RECEIVED, SENT)


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    made = Inbox(tmp_path)
    assert made.take(1, dict(BASE)).state == "loaded"
    return made


def text(client: Client, address: str) -> str:
    page = client.get(address)
    assert page.status_code == 200, address
    return page.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")


def test_every_kind_of_file_has_its_alarm() -> None:
    assert set(FEED_EVERY) == set(FORMATS)


def test_before_anything_came_the_pages_say_so() -> None:
    browser = colleague().browser()
    assert "Rien n’est encore arrivé" in text(browser, FEEDS)
    assert "Aucune livraison" in text(browser, RECEIVED)
    assert "Rien n’est encore parti" in text(browser, SENT)
    assert "n° 000001" in text(browser, FEEDS), "the number that comes next"


def test_each_feed_says_what_came_and_what_is_late(inbox: Inbox) -> None:
    page, _, leaving = text(colleague().browser(), FEEDS).partition("Ce qui part")
    assert "Arrêté depuis" in page, "landlords came months ago"
    assert "Voir les rejets" not in page
    assert "2 reçues, 2 entrées" in page
    assert "Des messages dus ne partent pas." in leaving, "letters wait since then"
    assert "Jamais venu" in page
    assert "2 reçues" in page
    for kind in FEED_EVERY:
        parameters.change(f"feed_every_{kind}", 0, by=system("tests"), at=AT)
    assert "Arrêté" not in text(colleague().browser(), FEEDS).partition("Ce qui part")[0]


@pytest.mark.parametrize(("days", "state"), [(0, "on_time"), (1, "late"), (1.9, "late"), (2, "stopped")])
def test_a_feed_late_by_as_long_again_has_stopped(days: float, state: str, inbox: Inbox) -> None:
    last = DeliveryFile.objects.filter(kind="landlords").latest("pk")
    every = timedelta(days=2)
    assert Feed("landlords", "Tiers", last, AT, timedelta(days=days), is_held=False, every=every).state == state
    assert Feed("landlords", "Tiers", last, AT, timedelta(days=days), is_held=True, every=every).state == "held"


def test_mails_and_letters_have_their_line(inbox: Inbox) -> None:
    page = text(colleague().browser(), FEEDS)
    assert "Mails et courriers" in page
    assert "Aucun depuis 24 heures" in page


def test_landlords_see_amounts_of_a_day(inbox: Inbox) -> None:
    inbox.take(2, {"payments": []})
    Delivery.objects.filter(sequence=2).update(produced_at=datetime(2026, 7, 31, 22, 30, tzinfo=UTC))
    assert "Les bailleurs voient : « Montants à jour au 01/08/2026. »" in text(colleague().browser(), FEEDS)


def test_what_left_is_told_with_its_lines_and_what_was_refused(inbox: Inbox) -> None:
    assert "Lignes parties" not in text(colleague().browser(), FEEDS)
    OutgoingDelivery.objects.create(
        sequence=1, produced_at=AT, written_at=AT, rows=1_204, change_rows=1, refused=17, counted_at=AT
    )
    page = text(colleague().browser(), FEEDS).replace("\u202f", " ")
    for words in ("1 204 déclarations, 1 demande, 0 pièce", "<dt>Refusées par la caisse</dt><dd>17</dd>"):
        assert words in page, words


def test_set_aside_lines_are_read_and_downloaded_without_what_they_hold(inbox: Inbox) -> None:
    inbox.take(2, {"tenancies": [TENANCY | {"rent_cents": "abc", "last_name": "Introuvable"}]})
    file = DeliveryFile.objects.get(delivery__sequence=2)
    boss, address = colleague(), f"{RECEIVED}{file.delivery_id}/{file.position}/"
    assert f"{address}" in text(boss.browser(), f"{RECEIVED}{file.delivery_id}/")
    page = text(boss.browser(), address)
    assert "rent_cents" in page
    assert "Introuvable" not in page
    answer = boss.browser().get(f"{address}lignes.csv")
    sheet = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert sheet.splitlines()[0] == "Ligne;Champ;Que corriger;État;Réglée le"
    assert "rent_cents" in sheet
    assert "Introuvable" not in sheet
    assert Entry.objects.filter(event="exchange.lines_taken", actor_label=boss.actor.label).count() == 1
    assert "Aucune ligne" in text(boss.browser(), f"{address}?etat=reglees")


def test_many_lines_are_read_page_by_page(inbox: Inbox) -> None:
    inbox.take(2, {"tenancies": [TENANCY | {"rent_cents": "abc", "tenancy_ref": f"L{n:07d}"} for n in range(60)]})
    file = DeliveryFile.objects.get(delivery__sequence=2)
    browser, address = colleague().browser(), f"{RECEIVED}{file.delivery_id}/{file.position}/"
    first = text(browser, address)
    last = first.rindex("?apres=")
    following = first[last : first.index('"', last)]
    second = text(browser, address + following)
    assert first.count("rent_cents") == 50
    assert second.count("rent_cents") == 10
    assert text(browser, f"{address}?apres=x-y").count("rent_cents") == 50


def test_a_held_delivery_is_released_by_two(inbox: Inbox) -> None:
    inbox.take(2, {"landlords": [COMPANY]}, mode="full")
    held, asker, other = Delivery.objects.get(state="held"), colleague(), colleague()
    sheet = f"{RECEIVED}{held.pk}/"
    assert "La livraison n° 000002 est retenue" in text(asker.browser(), FEEDS)
    page = text(asker.browser(), sheet)
    assert "Seraient clos" in page
    assert "Demander la libération" in page
    empty = asker.browser().post(f"{sheet}liberer/", {"reason": "  "}).content.decode()
    assert "Dites pourquoi cette livraison peut passer" in empty
    long = asker.browser().post(f"{sheet}liberer/", {"reason": "x" * 10_000}).content.decode()
    assert "x" * 10_000 in long, "what was typed is kept"
    asker.browser().post(f"{sheet}liberer/", {"reason": "Vu <b>au téléphone</b>"})
    mine = text(asker.browser(), sheet)
    assert "un autre agent doit la valider" in mine
    assert "Valider la libération" not in mine
    assert "&lt;b&gt;" in mine
    refused = asker.browser().post(f"{sheet}liberer/", {"agree": "oui"}, follow=True).content.decode()
    assert "un autre agent doit la valider" in refused
    assert "Valider la libération" in text(other.browser(), sheet)
    done = other.browser().post(f"{sheet}liberer/", {"agree": "oui"}, follow=True).content.decode()
    assert "La livraison repart au prochain chargement" in done
    again = other.browser().post(f"{sheet}liberer/", {"agree": "oui"}, follow=True).content.decode()
    assert "n’est pas retenue" in again
    assert inbox.take_in()[-1].state == "loaded"


def test_a_request_is_withdrawn(inbox: Inbox) -> None:
    inbox.take(2, {"landlords": [COMPANY]}, mode="full")
    sheet = f"{RECEIVED}{Delivery.objects.get(state='held').pk}/"
    browser = colleague().browser()
    browser.post(f"{sheet}liberer/", {"reason": "Oui"})
    assert (
        "La demande est retirée" in browser.post(f"{sheet}liberer/", {"withdraw": "oui"}, follow=True).content.decode()
    )
    assert "Demander la libération" in text(browser, sheet)


def test_a_gap_is_told(inbox: Inbox) -> None:
    inbox.take(4, {"payments": []})
    page = text(colleague().browser(), FEEDS)
    assert "La livraison n° 000002 n’est pas arrivée." in page
    assert "n° 000004" in page
    assert "000004" in text(colleague().browser(), f"{RECEIVED}?etat=refusees")


def test_deliveries_are_listed_page_by_page() -> None:
    Delivery.objects.bulk_create(
        Delivery(sequence=number, state="refused", sentence="Non.", started_at=AT) for number in range(1, 26)
    )
    browser = colleague().browser()
    first = text(browser, RECEIVED)
    start = first.index("?avant=")
    assert (
        first.count("Refusée</span>"),
        text(browser, RECEIVED + first[start : first.index('"', start)]).count("n° 0"),
    ) == (20, 5)


def test_what_left_is_followed_and_written_again_byte_for_byte(tmp_path: Path) -> None:
    declared("525,00", "612,50")
    outbound.send(tmp_path, by=system("tests"), at=AT)
    browser = colleague().browser()
    assert "n° 000001" in text(browser, SENT)
    page = text(browser, f"{SENT}1/")
    assert "Sans réponse" in page
    before = {path.name: path.read_bytes() for path in (tmp_path / "000001").iterdir()}
    done = browser.post(f"{SENT}1/", follow=True).content.decode()
    assert "sera écrite à nouveau, à l’octet près" in done
    browser.post(f"{SENT}1/")
    assert Entry.objects.filter(event="exchange.again_asked").count() == 1, "two clicks ask once"
    again = tmp_path / "again"
    assert outbound.write_asked(again, by=system("tests"), at=datetime.now(UTC)) == 1
    assert outbound.write_asked(again, by=system("tests"), at=datetime.now(UTC)) == 0
    assert {path.name: path.read_bytes() for path in (again / "000001").iterdir()} == before
    assert OutgoingDelivery.objects.get().again_asked_at is None


@pytest.mark.parametrize(("way", "task"), [("chargement", "take_in"), ("envoi", "send_out")])
def test_the_import_and_the_export_are_started_at_once(way: str, task: str) -> None:
    boss = colleague()
    assert "C’est fait." in boss.browser().post(f"{FEEDS}relancer/", {"sens": way}, follow=True).content.decode()
    assert TaskRun.objects.get(name=task).asked_by == boss.actor.label


def test_what_does_not_exist_is_not_found(inbox: Inbox) -> None:
    browser, known = colleague().browser(), Delivery.objects.get().pk
    for address in (
        f"{RECEIVED}99/",
        f"{RECEIVED}{9**30}/",
        f"{RECEIVED}{known}/99/",
        f"{RECEIVED}{known}/99999999/",
        f"{SENT}9/",
    ):
        assert browser.get(address).status_code == 404, address
    assert browser.get(f"{SENT}{9**30}/").status_code == 404


@pytest.mark.parametrize(("role", "office"), SQUARE)
def test_only_who_runs_the_feeds_comes_in(inbox: Inbox, role: Role, office: str) -> None:
    delivery = Delivery.objects.get().pk
    browser, may = colleague((role, office)).browser(), Duty.RUN_FEEDS in DUTIES[role]
    inside = (f"{RECEIVED}{delivery}/", f"{RECEIVED}{delivery}/1/", f"{RECEIVED}{delivery}/1/lignes.csv")
    for address in (*PAGES, *inside):
        page = browser.get(address)
        if page.streaming:
            b"".join(page.streaming_content)  # type: ignore[attr-defined]
        assert page.status_code == (200 if may else 403), address
    for address in (f"{RECEIVED}{delivery}/liberer/", f"{FEEDS}relancer/"):
        assert browser.post(address).status_code in ((200, 302) if may else (403,)), address


def test_the_anonymous_is_shown_the_entrance() -> None:
    assert {Client().get(address).status_code for address in PAGES} == {302}
