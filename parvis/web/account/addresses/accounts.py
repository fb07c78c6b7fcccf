"""Addresses of the choice of an account and its first page."""

from __future__ import annotations

from django.urls import URLPattern, path

from parvis.web.account.views import accounts, home, texts

patterns: list[URLPattern] = [
    path("comptes/", accounts.accounts, name="accounts"),
    path("comptes/<str:reference>/favori/", accounts.favourite, name="favourite"),
    path("c/<str:account>/", home.welcome, name="welcome"),
    path("c/<str:account>/regles-d-usage/", texts.usage_rules, name="usage-rules"),
]
