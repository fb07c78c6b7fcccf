"""Addresses of linking accounts."""

from __future__ import annotations

from django.urls import URLPattern, path

from parvis.web.account.views import linking, persons

LINK = "c/<str:account>/rapprochement"
PERSON = "c/<str:account>/regroupement"

patterns: list[URLPattern] = [
    path(f"{LINK}/", linking.link, name="link"),
    path(f"{LINK}/autre-adresse/", linking.leave_link, name="link-leave"),
    path(f"{LINK}/compte-inconnu/", linking.doubt, name="link-doubt"),
    path(f"{PERSON}/", persons.person, name="person"),
    path(f"{PERSON}/code/", persons.person_code, name="person-code"),
    path(f"{PERSON}/a-part/", persons.person_apart, name="person-apart"),
]
