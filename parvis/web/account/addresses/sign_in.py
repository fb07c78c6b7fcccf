"""Addresses of coming in and going out."""

from __future__ import annotations

from django.urls import URLPattern, path

from parvis.web.account.views import captcha, code, sign_in

patterns: list[URLPattern] = [
    path("connexion/", sign_in.sign_in, name="sign-in"),
    path("deconnexion/", sign_in.sign_out, name="sign-out"),
    path("session/", sign_in.keep_alive, name="keep-alive"),
    path("affichage/", sign_in.theme, name="theme"),
    path("verification/", captcha.another, name="captcha"),
    path("verification/<str:token>/image.png", captcha.image, name="captcha-image"),
    path("verification/<str:token>/son.wav", captcha.sound, name="captcha-sound"),
    path("c/<str:account>/connexion/code/", code.sign_in_code, name="sign-in-code"),
    path("c/<str:account>/connexion/code/renvoyer/", code.sign_in_code_again, name="sign-in-code-again"),
]
