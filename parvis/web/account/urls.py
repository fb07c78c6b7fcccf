"""Addresses of the account pages."""

from __future__ import annotations

from django.urls import path

from parvis.web.account.views import accounts, code, first, home, sign_in, texts

FIRST = "c/<str:account>/premiere-connexion"

urlpatterns = [
    path("connexion/", sign_in.sign_in, name="sign-in"),
    path("deconnexion/", sign_in.sign_out, name="sign-out"),
    path("session/", sign_in.keep_alive, name="keep-alive"),
    path("affichage/", sign_in.theme, name="theme"),
    path("comptes/", accounts.accounts, name="accounts"),
    path("c/<str:account>/", home.welcome, name="welcome"),
    path("c/<str:account>/regles-d-usage/", texts.usage_rules, name="usage-rules"),
    path("c/<str:account>/connexion/code/", code.sign_in_code, name="sign-in-code"),
    path("c/<str:account>/connexion/code/renvoyer/", code.sign_in_code_again, name="sign-in-code-again"),
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
