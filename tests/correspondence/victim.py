"""A worker in a process of its own, made to be killed: same database, short lease, the tests' texts."""

from __future__ import annotations

import os
from datetime import timedelta

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "parvis.config.settings"
django.setup()

from django.core.management import call_command  # noqa: E402

from parvis.correspondence import worker  # noqa: E402
from tests.factories.correspondence import write_texts  # noqa: E402

write_texts()
worker.LEASE = timedelta(seconds=5)
call_command("worker")
