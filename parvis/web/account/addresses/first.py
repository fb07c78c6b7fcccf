"""Addresses of the first sign-in."""

from __future__ import annotations

from django.urls import URLPattern, path

from parvis.web.account.views import first, texts

FIRST = "c/<str:account>/premiere-connexion"

patterns: list[URLPattern] = [
    path(f"{FIRST}/informations/", first.information, name="first-information"),
    path(f"{FIRST}/pas-mon-role/", first.not_my_role, name="first-not-my-role"),
    path(f"{FIRST}/adresse-mail/", first.email, name="first-email"),
    path(f"{FIRST}/adresse-mail/code/", first.email_code, name="first-email-code"),
    path(f"{FIRST}/adresse-mail/renvoyer/", first.email_again, name="first-email-again"),
    path(f"{FIRST}/mot-de-passe/", first.password, name="first-password"),
    path(f"{FIRST}/regles/", texts.first_rules, name="first-rules"),
    path(f"{FIRST}/conditions/", texts.first_terms, name="first-terms"),
    path(f"{FIRST}/fin/", first.done, name="first-done"),
]
