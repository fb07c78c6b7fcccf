"""The WSGI application that granian serves."""

from __future__ import annotations

import os
from importlib import import_module

from django.conf import settings
from django.core.signals import request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, reset_queries

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.config.settings")

_pages = get_wsgi_application()

from parvis.config import admission, checks, environment, limits  # noqa: E402  (the database is known once Django has started)

# Before the first connection: only web processes, which people wait for, are held to them.
if environment.DATABASE_LIMITS:
    limits.hold(settings.DATABASES["default"])

checks.refuse_to_serve()

# Every page is imported now: a worker whose code is broken dies at its start, instead of answering 500 to people.
import_module(settings.ROOT_URLCONF)
import_module("parvis.upkeep.figures.requests").begin()

# Connections are looked after when an answer has been given; looking again before the next question finds what was left.
# And nothing notes the queries of a request here, so that there are none to forget.
request_started.disconnect(close_old_connections)
request_started.disconnect(reset_queries)

application = admission.Admission(
    _pages,
    import_module("parvis.web.frame.errors.full").Full(_pages),
    at_once=environment.AT_ONCE,
    in_line=environment.IN_LINE,
)
