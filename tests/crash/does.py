"""A process made to be killed: runs one task of the clockwork, at the moment a test gives it, until it finds nothing more to do."""

from __future__ import annotations

import os
import sys
from datetime import datetime

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.config.settings")
django.setup()

from parvis.kit.actors import system  # noqa: E402
from parvis.upkeep.clockwork.tasks import BY_NAME  # noqa: E402

task, moment = BY_NAME[sys.argv[1]], datetime.fromisoformat(sys.argv[2])
while any(task.run(system("worker"), moment).values()):
    pass
