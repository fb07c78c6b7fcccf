"""The account pages' application."""

from __future__ import annotations

from django.apps import AppConfig


class AccountConfig(AppConfig):
    """Registers the pages with Django."""

    name = "parvis.web.account"
    label = "web_account"
