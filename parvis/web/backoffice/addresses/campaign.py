"""Addresses of the campaign."""

from __future__ import annotations

from django.urls import URLPattern, path

from parvis.web.backoffice.views.campaign import dashboard, dates, letters, owing, suspended, waves

urlpatterns: list[URLPattern] = [
    path("agents/campagne/", dashboard.dashboard, name="agent-campaign"),
    path("agents/campagne/fichier/", dashboard.file, name="agent-campaign-file"),
    path("agents/campagne/dates/", dates.dates, name="agent-campaign-dates"),
    path("agents/campagne/creer/", dates.create, name="agent-campaign-create"),
    path("agents/campagne/dates/modifier/", dates.change, name="agent-campaign-change"),
    path("agents/campagne/rappels/", waves.waves, name="agent-campaign-waves"),
    path("agents/campagne/a-relancer/", owing.owing, name="agent-campaign-owing"),
    path("agents/campagne/a-relancer/fichier/", owing.file, name="agent-campaign-owing-file"),
    path("agents/campagne/aides-suspendues/", suspended.suspended, name="agent-campaign-suspended"),
    path("agents/campagne/aides-suspendues/fichier/", suspended.file, name="agent-campaign-suspended-file"),
    path("agents/campagne/courrier/", letters.letters, name="agent-campaign-letters"),
]
