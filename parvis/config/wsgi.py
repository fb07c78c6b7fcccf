"""The WSGI application that granian serves."""

from __future__ import annotations

import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.config.settings")

application = get_wsgi_application()

from parvis.config import checks  # noqa: E402  (the database is known once Django has started)

checks.refuse_to_serve()

# Every page is imported now: a worker whose code is broken dies at its start, instead of answering 500 to people.
import_module(settings.ROOT_URLCONF)
