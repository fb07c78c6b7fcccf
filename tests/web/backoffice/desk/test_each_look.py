"""Each page an agent reads inside a file leaves one line in the journal, whoever wrote the page; the landlord reads of the opening."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db.models import QuerySet

from parvis.agents.posts import Role
from parvis.audit.models import Entry
from parvis.web.backoffice.desk.noted import told
from parvis.web.backoffice.files.pages import PAGES
from tests.factories.agents import colleague
from tests.factories.back_office import everywhere, opened_by, things
from tests.factories.landlords import owner
from tests.factories.tenancies import tenancy
from tests.house.routes import every_route
from tests.web.backoffice.file.opening import file_of, opened

pytestmark = pytest.mark.django_db
PAPERS = {"file-receipt-pdf", "file-replacement-paper"}
"""A paper that is read leaves its own line, with its name."""
OF_A_FILE = [route for route in every_route() if getattr(route.view, "of_a_file", False)]


def looks() -> QuerySet[Entry]:
    return Entry.objects.filter(event__in=["agents.file_read", "agents.paper_opened"]).order_by("-pk")


def test_every_address_of_a_file_is_such_a_page_and_has_a_word() -> None:
    inside = {route.name for route in every_route() if route.path.startswith("agents/dossiers/<uuid:partner>/")}
    assert inside - {route.name for route in OF_A_FILE} == {"file-reason"}
    assert {route.name for route in OF_A_FILE} == set(PAGES)


def test_each_page_that_is_shown_leaves_one_line(tmp_path: Path) -> None:
    someone, real = things(tmp_path)
    who = everywhere()
    opened_by(who, someone)
    browser, shown = who.browser(), set()
    for route in OF_A_FILE:
        before = looks().count()
        answer = browser.get(route.address(real))
        answer.getvalue()
        found = list(looks()[: looks().count() - before])
        assert len(found) == (answer.status_code == 200), route.name
        for look in found:
            shown.add(route.name)
            assert (look.actor_label, look.partner_id, look.account_id) == (who.agent.login, someone.landlord.pk, None)
            if route.name in PAPERS:
                assert (look.event, list(look.details)) == ("agents.paper_opened", ["name"])
                continue
            named = [str(real.get(f"{route.name}.{word}", real.get(word))) for word in route.needs if word != "partner"]
            assert (look.subject, look.details) == (" ".join(named) or "dossier", {"page": route.name})
            assert told(look.details) == f"page\u00a0: {PAGES[route.name]}"
    assert {
        "file",
        "file-message",
        "file-receipt",
        "file-declaration",
        "file-tenancies",
        "file-account",
        "file-receipt-pdf",
    } <= shown


def test_a_search_among_tenants_is_a_look_and_its_words_are_not_kept() -> None:
    someone = owner()
    tenancy(someone.landlord, last_name="Quidam")
    browser = opened(colleague((Role.RECEPTION, "441")), someone)
    assert "Quidam" in browser.post(file_of(someone) + "locataires/", {"asked": "quidam"}).content.decode()
    (look,) = looks()
    assert (look.subject, look.details) == ("dossier", {"page": "file-tenancies"})


def test_what_is_refused_or_unknown_is_no_look() -> None:
    someone = owner()
    browser = opened(colleague((Role.RECEPTION, "441")), someone)
    assert browser.get(file_of(someone) + "messages/M-rien/").status_code == 404
    assert colleague((Role.RECEPTION, "441")).browser().get(file_of(someone)).status_code == 302
    assert not looks().exists()


def test_the_landlord_reads_of_the_opening_and_the_file_is_not_full_of_looks() -> None:
    someone = owner()
    browser = opened(colleague((Role.RECEPTION, "441")), someone)
    for _ in range(3):
        assert "lue par un agent" not in browser.get(file_of(someone)).content.decode()
    assert "lue par un agent" not in browser.get(file_of(someone) + "journal/").content.decode()
    assert looks().count() == 4
    theirs = someone.browser().get(f"/c/{someone.account.reference}/profil/consultations/").content.decode()
    assert theirs.count("Un agent a ouvert votre dossier") == 1
    assert "lue par un agent" not in theirs
    whole = everywhere().browser().get(f"/agents/journal/?bailleur={someone.landlord.pk}").content.decode()
    assert "Page d’un dossier lue par un agent" in whole
