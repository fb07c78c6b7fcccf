"""Addresses of one’s profile."""

from __future__ import annotations

from django.urls import URLPattern, path

from parvis.web.account.views.profile import changes, devices, history, opinion, overview, own_data

PROFILE = "c/<str:account>/profil"

patterns: list[URLPattern] = [
    path("c/<str:account>/avis/", opinion.opinion, name="opinion"),
    path(f"{PROFILE}/", overview.profile, name="profile"),
    path(f"{PROFILE}/informations/", overview.information, name="profile-information"),
    path(f"{PROFILE}/rappels/", overview.reminders, name="profile-reminders"),
    path(f"{PROFILE}/mails-de-versement/", overview.payment_emails, name="profile-payment-emails"),
    path(f"{PROFILE}/courriers/", overview.letters, name="profile-letters"),
    path(f"{PROFILE}/mot-de-passe/", changes.password, name="profile-password"),
    path(f"{PROFILE}/adresse-mail/", changes.email, name="profile-email"),
    path(f"{PROFILE}/code/", changes.code, name="profile-code"),
    path(f"{PROFILE}/code/renvoyer/", changes.code_again, name="profile-code-again"),
    path(f"{PROFILE}/annuler/", changes.cancel, name="profile-cancel"),
    path(f"{PROFILE}/appareils/<int:session>/", devices.close, name="profile-close"),
    path(f"{PROFILE}/appareils/autres/", devices.close_others, name="profile-close-others"),
    path(f"{PROFILE}/navigateurs/<int:browser>/", devices.forget, name="profile-forget"),
    path(f"{PROFILE}/bloquer/", devices.freeze, name="profile-freeze"),
    path(f"{PROFILE}/donnees/", own_data.personal, name="profile-data"),
    path(f"{PROFILE}/donnees/demander/", own_data.ask, name="profile-data-ask"),
    path(f"{PROFILE}/donnees/recevoir/", own_data.take, name="profile-data-take"),
    path(f"{PROFILE}/donnees/annuler/", own_data.give_up, name="profile-data-give-up"),
    path(f"{PROFILE}/donnees/fichier/", own_data.file, name="profile-data-file"),
    path(f"{PROFILE}/consultations/", history.journal, name="profile-journal"),
    path(f"{PROFILE}/consultations.csv", history.journal_csv, name="profile-journal-csv"),
    path(f"{PROFILE}/messages/", history.written, name="profile-messages"),
    path(f"{PROFILE}/messages/<str:message>/", history.message, name="profile-message"),
]
