"""Addresses of the organisation pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from parvis.web.organisation.views import asking, closing, inviting, rights, users

USERS = "c/<str:account>/utilisateurs"

urlpatterns: list[URLPattern] = [
    path(f"{USERS}/", users.users, name="users"),
    path(f"{USERS}/inviter/", inviting.invite, name="user-invite"),
    path(f"{USERS}/demander/", asking.ask, name="right-ask"),
    path(f"{USERS}/demandes/<int:right_request>/", asking.answer, name="right-answer"),
    path(f"{USERS}/<str:user>/", users.user, name="user"),
    path(f"{USERS}/<str:user>/droits/", rights.change, name="user-rights"),
    path(f"{USERS}/<str:user>/fermer/", closing.close, name="user-close"),
    path(f"{USERS}/<str:user>/rouvrir/", closing.reopen, name="user-reopen"),
    path(f"{USERS}/<str:user>/inviter/", closing.invite_again, name="user-invite-again"),
]
