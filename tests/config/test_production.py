import os
import subprocess
import sys

import pytest

GOOD = {
    "PARVIS_MODE": "production",
    "PARVIS_SECRET_KEY": "k" * 60,
    "PARVIS_AUDIT_KEY": "a" * 44,
    "PARVIS_HOSTS": "parvis.example",
    "PARVIS_HTTPS": "true",
    "PARVIS_PUBLIC_URL": "https://parvis.example",
    "PARVIS_AGENT_HOST": "agents.parvis.example",
    "PARVIS_AGENT_NETWORKS": "10.0.0.0/8,2001:db8::/32",
}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, ""),
        ({"PARVIS_SECRET_KEY": "short"}, "PARVIS_SECRET_KEY must have 50"),
        ({"PARVIS_SECRET_KEY": "k" * 60 + ",short"}, "PARVIS_SECRET_KEY must have 50"),
        ({"PARVIS_AUDIT_KEY": ""}, "PARVIS_AUDIT_KEY must have 32"),
        ({"PARVIS_HTTPS": "false"}, "PARVIS_HTTPS=false is for localhost only"),
        ({"PARVIS_PUBLIC_URL": "http://localhost:8000"}, "PARVIS_PUBLIC_URL must be the https:// address"),
        ({"PARVIS_HOSTS": "*"}, "PARVIS_HOSTS must name the hosts"),
    ],
)
def test_an_unsafe_production_does_not_start(change: dict[str, str], words: str) -> None:
    environment = {**os.environ, **GOOD, **change, "DJANGO_SETTINGS_MODULE": "parvis.config.settings"}
    done = subprocess.run(
        [sys.executable, "-c", "from django.conf import settings; settings.DEBUG"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode != 0) == bool(words)
    assert words in done.stderr


def test_production_cannot_live_at_another_date() -> None:
    code = (
        "import django; django.setup()\n"
        "from datetime import datetime, UTC\n"
        "from parvis.kit import clock\n"
        "assert abs((clock.now() - datetime.now(UTC)).total_seconds()) < 1\n"
        "clock.live_at(datetime(2020, 1, 1, tzinfo=UTC))\n"
    )
    environment = {**os.environ, **GOOD, "DJANGO_SETTINGS_MODULE": "parvis.config.settings"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "Only a demonstration or training instance" in done.stderr


def test_production_brings_no_database_of_its_own() -> None:
    environment = {**os.environ, **GOOD}
    environment.pop("DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-m", "parvis", "check"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "DATABASE_URL" in done.stderr
