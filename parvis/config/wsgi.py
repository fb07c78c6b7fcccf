"""The WSGI application that granian serves."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.config.settings")

application = get_wsgi_application()

from parvis.config import checks  # noqa: E402  (the database is known once Django has started)

checks.refuse_to_serve()
