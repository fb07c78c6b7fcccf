"""The frame pages' application."""

from __future__ import annotations

from django.apps import AppConfig


class FrameConfig(AppConfig):
    """Registers the pages with Django."""

    name = "parvis.web.frame"
    label = "web_frame"
