"""Addresses of the organisation pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from parvis.web.organisation.views import users

USERS = "c/<str:account>/utilisateurs"

urlpatterns: list[URLPattern] = [
    path(f"{USERS}/", users.users, name="users"),
    path(f"{USERS}/<str:user>/", users.user, name="user"),
]
