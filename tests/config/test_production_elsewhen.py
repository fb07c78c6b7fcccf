"""Production has no work date, no one-click sign-in, no mailbox of everybody: each shown in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from django.db import connection

from tests.config.test_production import GOOD

START = "import django; django.setup()\n"


def production(code: str, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a piece of code, or a command, with production's settings on the database of this test."""
    name = str(connection.settings_dict["NAME"])
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    environment = {**os.environ, **GOOD, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "parvis.config.settings"}
    run = [sys.executable, "-m", "parvis", *command] if command else [sys.executable, "-c", START + code]
    return subprocess.run(run, env=environment, capture_output=True, text=True, check=False)


def leave_a_work_date() -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO kit_work_date (shift) VALUES (interval '90 days')")


@pytest.mark.django_db
def test_production_has_no_address_of_the_demonstration() -> None:
    done = production(
        "from django.urls import NoReverseMatch, get_resolver, reverse\n"
        "def walk(patterns, prefix=''):\n"
        "    for one in patterns:\n"
        "        path = prefix + str(one.pattern)\n"
        "        yield from walk(one.url_patterns, path) if hasattr(one, 'url_patterns') else [(path, one.name)]\n"
        "known = list(walk(get_resolver().url_patterns))\n"
        "assert len(known) > 20, known\n"
        "assert not [one for one in known if 'demonstration' in one[0] or 'catalogue' in one[0]], known\n"
        "gone = {'demonstration', 'work-date', 'demonstration-enter', 'mailbox', 'mailbox-item', 'mailbox-file', 'catalogue'}\n"
        "assert not gone & {name for _, name in known}\n"
        "for name in gone:\n"
        "    for words in ([], ['ABCDEFGH']):\n"
        "        try:\n"
        "            raise SystemExit(reverse(name, args=words))\n"
        "        except NoReverseMatch:\n"
        "            pass\n"
        "print('none')\n"
    )
    assert done.stdout == "none\n", done.stderr


@pytest.mark.django_db
def test_production_answers_not_found_to_both_ways_of_asking() -> None:
    done = production(
        "from django.conf import settings\n"
        "from django.test import Client\n"
        "settings.STORAGES = {**settings.STORAGES, 'staticfiles': {\n"
        "    'BACKEND': 'django.contrib.staticfiles.storage.StaticFilesStorage'}}\n"
        "for path in ('', 'date-de-travail/', 'entrer/ABCDEFGH/', 'boite/', 'boite/x.eml/', 'boite/x.eml/fichier/'):\n"
        "    for ask in (Client().get, Client().post):\n"
        "        answer = ask('/demonstration/' + path, secure=True, headers={'host': 'parvis.example'})\n"
        "        assert answer.status_code == 404, (path, answer.status_code)\n"
        "home = Client().get('/', secure=True, headers={'host': 'parvis.example'})\n"
        "assert home.status_code == 200\n"
        "assert b'/demonstration/' not in home.content\n"
        "print('not found')\n"
    )
    assert done.stdout == "not found\n", done.stderr


@pytest.mark.django_db
def test_production_neither_moves_its_clock_nor_lets_anybody_in() -> None:
    done = production(
        "from datetime import datetime, UTC\n"
        "from parvis.identity.services import demonstration\n"
        "from parvis.kit import clock\n"
        "from parvis.kit.actors import system\n"
        "there = datetime(2020, 1, 1, tzinfo=UTC)\n"
        "asked = [\n"
        "    lambda: clock.live_at(there),\n"
        "    clock.live_now,\n"
        "    lambda: demonstration.jump(there, by=system('test'), at=there),\n"
        "    lambda: demonstration.enter('ABCDEFGH', None, browser='', at=there),\n"
        "]\n"
        "for ask in asked:\n"
        "    try:\n"
        "        ask()\n"
        "    except clock.OneDateOnly:\n"
        "        print('refused')\n"
    )
    assert done.stdout == "refused\n" * 4, done.stderr


@pytest.mark.django_db
def test_the_command_refuses_in_production() -> None:
    done = production("", "live_at", "2026-09-25")
    assert done.returncode != 0
    assert "Une instance de production vit à la date du jour\u00a0: rien n’a changé." in done.stderr


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("room", ["landlord.urls", "organisation.views.role"])
def test_a_worker_with_broken_code_dies_at_its_start(room: str) -> None:
    broken = f"import sys\nsys.modules['parvis.web.{room}'] = None\nimport parvis.config.wsgi\n"
    served = production(broken)
    assert served.returncode != 0
    assert f"parvis.web.{room}" in served.stderr


@pytest.mark.django_db(transaction=True)
def test_production_does_not_start_on_the_database_of_a_demonstration() -> None:
    assert production("", "check").returncode == 0
    assert production("import parvis.config.wsgi\n").returncode == 0
    leave_a_work_date()
    try:
        checked = production("", "check")
        assert checked.returncode != 0
        assert "parvis.E001" in checked.stderr
        served = production("import parvis.config.wsgi\n")
        assert served.returncode != 0
        assert "it belongs to a demonstration" in served.stderr
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM kit_work_date")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("host", "networks", "words"),
    [
        ("", "", "open to the Internet on the landlords' host"),
        ("", "0.0.0.0/0,::/0", "open to the Internet on the landlords' host"),
        ("agents.parvis.example", "", "Nothing says from which networks agents come"),
        ("agents.parvis.example", "10.0.0.1/8", "cannot be read"),
        ("", "10.0.0.0/8", ""),
        ("agents.parvis.example", "10.0.0.0/8", ""),
        ("agents.parvis.example", "0.0.0.0/0,::/0", ""),
    ],
)
def test_production_does_not_start_with_the_agents_door_open_to_all_unless_that_is_written(
    monkeypatch: pytest.MonkeyPatch, host: str, networks: str, words: str
) -> None:
    monkeypatch.setitem(GOOD, "PARVIS_AGENT_HOST", host)
    monkeypatch.setitem(GOOD, "PARVIS_AGENT_NETWORKS", networks)
    checked, served = production("", "check"), production("import parvis.config.wsgi\n")
    assert (checked.returncode != 0, served.returncode != 0) == (bool(words), bool(words))
    if words:
        assert "parvis.E002" in checked.stderr
        assert words in served.stderr
