"""Addresses of the letters: batches, returns, previews of every text."""

from __future__ import annotations

from django.urls import URLPattern, path

from parvis.web.backoffice.views.letters import batches, previews, returns

urlpatterns: list[URLPattern] = [
    path("agents/courriers/", batches.batches, name="agent-letters"),
    path("agents/courriers/lots/<str:batch>/", batches.batch, name="agent-batch"),
    path("agents/courriers/lots/<str:batch>/fichiers/<str:batch_file>/", batches.file, name="agent-batch-file"),
    path("agents/courriers/retours/", returns.returns, name="agent-returns"),
    path("agents/courriers/modeles/", previews.templates, name="agent-templates"),
    path("agents/courriers/modeles/<path:text>/apercu/", previews.paper, name="agent-template-paper"),
    path("agents/courriers/modeles/<path:text>/", previews.preview, name="agent-template"),
]
