"""Addresses of the help centre."""

from __future__ import annotations

from django.urls import path

from parvis.web.public.views import help as views

patterns = [
    path("aide/", views.help_page, name="help"),
    path("aide/<slug:article>/", views.help_article, name="help-article"),
]
