"""Addresses of what waits for a decision."""

from __future__ import annotations

from django.urls import URLPattern, path

from parvis.web.backoffice.views.queue import bank, declarations, messages, quittances

urlpatterns: list[URLPattern] = [
    path("agents/declarations/", declarations.declarations, name="agent-declarations"),
    path("agents/declarations/<uuid:manual>/", declarations.declaration, name="agent-declaration"),
    path(
        "agents/declarations/<uuid:manual>/pieces/<uuid:attachment>/",
        declarations.paper,
        name="agent-declaration-paper",
    ),
    path("agents/messages/", messages.messages, name="agent-conversations"),
    path("agents/messages/<uuid:conversation>/", messages.message, name="agent-conversation"),
    path(
        "agents/messages/<uuid:conversation>/pieces/<uuid:attachment>/", messages.paper, name="agent-conversation-paper"
    ),
    path("agents/quittances/", quittances.quittances, name="agent-papers"),
    path("agents/quittances/<uuid:tenancy>/", quittances.quittance, name="agent-paper"),
    path("agents/coordonnees-bancaires/", bank.bank_changes, name="agent-bank-changes"),
    path("agents/coordonnees-bancaires/<str:flagged>/", bank.bank_change, name="agent-bank-change"),
    path("agents/coordonnees-bancaires/<str:flagged>/pieces/<uuid:attachment>/", bank.paper, name="agent-bank-paper"),
]
