"""Runs: one at a time, taken up after a crash, told in the journal; the commands people type."""

from __future__ import annotations

import shutil
import stat
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.audit.models import Entry
from parvis.exchange.inbound import loading
from parvis.exchange.models import Delivery, DeliveryFile
from parvis.exchange.refusals import AlreadyRunning
from parvis.exchange.services import inbound
from parvis.tenancies.models import JulyRent, PortfolioCount, Tenancy
from tests.exchange.inbox import BASE, JULY_RENT, LANDLORD, TENANCY, Inbox, counts, written


class Crash(BaseException):
    """The process dies here."""


@pytest.mark.django_db
@pytest.mark.parametrize("at_file", ["tenancies", "july_rents"])
def test_a_run_that_died_is_taken_up_at_the_first_file_that_is_not_in(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch, at_file: str
) -> None:
    real = loading.load_file

    def dies(row: DeliveryFile, *rest: Any, **how: Any) -> None:
        real(row, *rest, **how) if row.kind != at_file else _die()

    monkeypatch.setattr(inbound, "load_file", dies)
    inbox.deliver(1, {**BASE, "july_rents": [JULY_RENT]})
    with pytest.raises(Crash):
        inbox.take_in()
    assert Delivery.objects.get().state == "loading"
    assert JulyRent.objects.count() == 0
    loaded = set(DeliveryFile.objects.filter(state="loaded").values_list("kind", flat=True))
    loads: list[str] = []

    def watched(row: DeliveryFile, *rest: Any, **how: Any) -> None:
        loads.append(row.kind)
        real(row, *rest, **how)

    monkeypatch.setattr(inbound, "load_file", watched)
    assert inbox.take_in()[-1].state == "loaded"
    assert not loaded & set(loads)
    assert (Tenancy.objects.count(), JulyRent.objects.count()) == (1, 1)


def _die() -> None:
    raise Crash


@pytest.mark.django_db
def test_a_delivery_half_in_must_be_finished_as_it_is(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parvis.identity.services.birth.open_accounts", lambda *given, **how: _die())
    inbox.deliver(1, dict(BASE))
    with pytest.raises(Crash):
        inbox.take_in()
    monkeypatch.undo()
    inbox.deliver(1, {"offices": BASE["offices"]})
    report = inbox.take_in()[-1]
    assert "à moitié chargée, et son contenu a changé" in report.sentence
    inbox.deliver(1, dict(BASE))
    assert inbox.take_in()[-1].state == "loaded"


@pytest.mark.django_db
def test_a_delivery_of_which_nothing_is_in_gives_way_to_another(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbound, "load_file", lambda *given, **how: _die())
    inbox.deliver(1, dict(BASE))
    with pytest.raises(Crash):
        inbox.take_in()
    monkeypatch.undo()
    assert inbox.take(1, {"offices": BASE["offices"]}).state == "loaded"
    assert list(Delivery.objects.order_by("pk").values_list("state", flat=True)) == ["refused", "loaded"]
    assert Entry.objects.filter(event="exchange.replaced").count() == 1


@pytest.mark.django_db
def test_of_two_runs_at_once_the_second_says_so_and_stops(inbox: Inbox) -> None:
    inbox.deliver(1, dict(BASE))
    parameters = connection.get_connection_params()
    names = ("dbname", "user", "password", "host", "port")
    with psycopg.connect(**{name: parameters[name] for name in names if parameters.get(name)}) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [inbound._ONE_IMPORT])
        with pytest.raises(AlreadyRunning):
            inbox.take_in()
        # Given back in words: a closed connection lets go only once the server has seen that it is closed.
        other.execute("SELECT pg_advisory_unlock(%s)", [inbound._ONE_IMPORT])
    assert not Delivery.objects.exists()
    assert inbox.take_in()[-1].state == "loaded"


@pytest.mark.django_db
def test_the_journal_tells_what_was_accepted_refused_and_loaded(furnished: Inbox) -> None:
    furnished.take(2, {"tenancies": b""})
    told = [
        (entry.subject, entry.event) for entry in Entry.objects.filter(event__startswith="exchange.").order_by("pk")
    ]
    assert told == [
        ("delivery 000001", "exchange.accepted"),
        *[("delivery 000001", "exchange.file_loaded")] * 3,
        ("delivery 000001", "exchange.loaded"),
        ("delivery 000002", "exchange.refused"),
    ]


@pytest.mark.django_db
def test_small_files_cost_the_same_number_of_statements_whatever_their_lines(furnished: Inbox) -> None:
    costs = []
    for sequence, count in ((2, 1), (3, 30)):
        lines = [TENANCY | {"claimant_number": f"{sequence}6{n:05d}"} for n in range(count)]
        shutil.rmtree(furnished.folder / f"{sequence - 1:06d}")
        furnished.deliver(sequence, {"tenancies": lines})
        with CaptureQueriesContext(connection) as queries:
            furnished.take_in()
        costs.append(len(queries))
    assert costs[0] == costs[1]


def run(command: str, *given: str) -> str:
    """What the command printed."""
    out = StringIO()
    call_command(command, *given, stdout=out, skip_checks=True)
    return out.getvalue().replace("\u00a0", " ")


@pytest.mark.django_db
def test_import_tells_what_it_did(inbox: Inbox) -> None:
    assert run("import", "--folder", str(inbox.folder)) == "Aucune livraison n’est arrivée.\n"
    inbox.deliver(1, dict(BASE))
    told = run("import", "--folder", str(inbox.folder))
    assert "Livraison 000001 : chargée." in told
    assert "landlords.csv : 2 ajoutées, 0 changées, 0 inchangées, 0 closes, 0 écartées, 0 en attente." in told
    assert run("import", "--folder", str(inbox.folder)) == "Livraisons déjà chargées : 1. Rien à faire.\n"


@pytest.mark.django_db
def test_import_fails_where_something_is_refused_or_held(furnished: Inbox) -> None:
    furnished.deliver(2, {"tenancies": []}, mode="full")
    with pytest.raises(CommandError, match="attend une décision"):
        run("import", "--folder", str(furnished.folder))
    assert "libérée" in run("release", "2", "--by", "Claire Martin", "--reason", "Vu avec le producteur")
    assert "1 closes" in run("import", "--folder", str(furnished.folder))
    with pytest.raises(CommandError, match="n’est pas retenue"):
        run("release", "2", "--by", "Claire Martin", "--reason", "Encore")
    with pytest.raises(CommandError, match="n’existe pas"):
        run("import", "--folder", str(furnished.folder / "nowhere"))


@pytest.mark.django_db
def test_deliveries_lists_tells_and_gives_lines_back(furnished: Inbox, tmp_path: Path) -> None:
    bad = [LANDLORD | {"nir": "295109912611199"}], [TENANCY | {"aid_type": "X"}]
    furnished.take(2, {"landlords": bad[0], "tenancies": bad[1]})
    assert "000002" in run("deliveries")
    told = run("deliveries", "2")
    assert "ligne 2, aid_type (écartée) : « X » n’est pas admis : écrivez APL, ALF ou ALS." in told
    assert "295109912611199" not in told
    target = tmp_path / "back.csv"
    run("deliveries", "--set-aside", "2", "--to", str(target))
    one = tmp_path / "back.landlords.csv"
    assert one.read_bytes() == written("landlords", bad[0])
    assert (tmp_path / "back.tenancies.csv").read_bytes() == written("tenancies", bad[1])
    assert stat.S_IMODE(one.stat().st_mode) == 0o600
    with pytest.raises(CommandError, match="existe déjà"):
        run("deliveries", "--set-aside", "2", "--to", str(target))
    with pytest.raises(CommandError, match="Aucune livraison acceptée"):
        run("deliveries", "7")
    assert counts(2, "tenancies") == {"set_aside": 1}


@pytest.mark.django_db
def test_counts_are_put_right_by_a_command(furnished: Inbox) -> None:
    PortfolioCount.objects.update(current=7, former=7)
    assert "Locataires : compteurs corrigés 1." in run("rebuild_counts")
    assert PortfolioCount.objects.get().current == 1
    assert "Locataires : compteurs corrigés 0." in run("rebuild_counts")
