"""Addresses of what counts for everybody: values, texts, banners; and of the journal."""

from __future__ import annotations

from django.urls import URLPattern, path

from parvis.web.backoffice.views import journal
from parvis.web.backoffice.views.said import accepted, banners, calls, opinions, settings, texts, times

urlpatterns: list[URLPattern] = [
    path("agents/aide/", calls.calls, name="agent-calls"),
    path("agents/aide/<str:call>/", calls.call, name="agent-call"),
    path("agents/reglages/", settings.parameters, name="agent-parameters"),
    path("agents/reglages/<str:parameter>/", settings.parameter, name="agent-parameter"),
    path("agents/textes/", texts.families, name="agent-texts"),
    path("agents/textes/acceptes/<str:accepted>/", accepted.accepted, name="agent-accepted"),
    path("agents/textes/<str:family>/", texts.family, name="agent-text-family"),
    path("agents/textes/<str:family>/ajouter/", texts.add, name="agent-text-add"),
    path("agents/textes/<str:family>/<str:text>/", texts.text, name="agent-text"),
    path("agents/bandeaux/", banners.banners, name="agent-banners"),
    path("agents/bandeaux/<uuid:banner>/retirer/", banners.withdraw, name="agent-banner-withdraw"),
    path("agents/delais/", times.times, name="agent-times"),
    path("agents/delais/<str:office>/<str:topic>/", times.time, name="agent-time"),
    path("agents/avis/", opinions.opinions, name="agent-opinions"),
    path("agents/avis/aide/", opinions.help_opinions, name="agent-help-opinions"),
    path("agents/journal/", journal.journal, name="agent-journal"),
    path("agents/journal/telecharger/", journal.export, name="agent-journal-export"),
]
