"""The files pages."""

from __future__ import annotations

from django.apps import AppConfig


class FilesPagesConfig(AppConfig):
    """Registers the pages with Django."""

    name = "parvis.web.files"
    label = "web_files"
