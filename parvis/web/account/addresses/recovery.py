"""Addresses of getting back in."""

from __future__ import annotations

from django.urls import URLPattern, path

from parvis.web.account.views.recovery import assistant, forgotten, identifier, mailbox, not_me

FORGOTTEN = "mot-de-passe-oublie"
FIRST = "connexion/code-d-abord"
NOT_ME = "ce-n-est-pas-moi"
MAILBOX = "adresse-mail-perdue"

patterns: list[URLPattern] = [
    path(f"{FORGOTTEN}/", forgotten.forgotten, name="forgotten-password"),
    path(f"{FORGOTTEN}/code/", forgotten.forgotten_code, name="forgotten-code"),
    path(f"{FORGOTTEN}/code/renvoyer/", forgotten.forgotten_again, name="forgotten-again"),
    path(f"{FORGOTTEN}/nouveau/", forgotten.choose, name="forgotten-choose"),
    path(f"{FORGOTTEN}/courrier/", forgotten.by_post, name="password-by-post"),
    path(f"{FORGOTTEN}/courrier/fait/", forgotten.by_post_asked, name="password-by-post-asked"),
    path(f"{FIRST}/", forgotten.code_first, name="code-first"),
    path(f"{FIRST}/code/", forgotten.code_first_code, name="code-first-code"),
    path(f"{FIRST}/renvoyer/", forgotten.code_first_again, name="code-first-again"),
    path("identifiant-perdu/", identifier.lost, name="lost-identifier"),
    path("numero-d-utilisateur/", identifier.user_number, name="user-number"),
    path("numero-d-utilisateur/fait/", identifier.user_number_asked, name="user-number-asked"),
    path(f"{MAILBOX}/", mailbox.lost, name="mailbox-lost"),
    path(f"{MAILBOX}/fait/", mailbox.asked, name="mailbox-lost-asked"),
    path(f"{MAILBOX}/lettre/", mailbox.letter, name="mailbox-letter"),
    path("premiere-connexion/", identifier.first_door, name="first-door"),
    path("probleme-de-connexion/", assistant.start, name="sign-in-trouble"),
    path("probleme-de-connexion/<str:trouble>/", assistant.trouble, name="sign-in-trouble-step"),
    path(f"{NOT_ME}/", not_me.code, name="not-me-code"),
    path(f"{NOT_ME}/fait/", not_me.frozen, name="frozen"),
    path(f"{NOT_ME}/<str:freeze>/", not_me.link, name="not-me"),
]
