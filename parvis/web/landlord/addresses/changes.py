"""Addresses of the changes a landlord asks for."""

from __future__ import annotations

from django.urls import path

from parvis.web.landlord.views.changes import bank, bank_living, direct_payment, information, requests, stopping

OWN = "c/<str:account>/bailleur"
BANK = f"{OWN}/coordonnees-bancaires"
DIRECT = f"{OWN}/versement-direct"
STOP = "arreter-un-changement"

patterns = [
    path(f"{OWN}/informations/", information.overview, name="my-information"),
    path(f"{OWN}/informations/adresse/", information.address, name="change-address"),
    path(f"{OWN}/informations/contacts/", information.contacts, name="change-contacts"),
    path(f"{BANK}/", bank.overview, name="bank-details"),
    path(f"{BANK}/changer/", bank.change, name="bank-change"),
    path(f"{BANK}/<uuid:bank_change>/code/", bank.code, name="bank-change-code"),
    path(f"{BANK}/<uuid:bank_change>/code/renvoyer/", bank.code_again, name="bank-change-code-again"),
    path(f"{BANK}/<uuid:bank_change>/arreter/", bank_living.stop, name="bank-change-stop"),
    path(f"{BANK}/<uuid:bank_change>/accord/", bank_living.agreement, name="bank-change-agreement"),
    path(f"{DIRECT}/", direct_payment.overview, name="direct-payment"),
    path(f"{DIRECT}/demander/", direct_payment.ask, name="direct-payment-ask"),
    path(f"{DIRECT}/<uuid:tenancy>/arreter/", direct_payment.stop, name="direct-payment-stop"),
    path(f"{DIRECT}/propositions/", direct_payment.offers, name="direct-payment-offers"),
    path(f"{DIRECT}/propositions/<uuid:offer>/", direct_payment.answer, name="direct-payment-offer"),
    path(f"{OWN}/demandes/", requests.changes, name="changes"),
    path(f"{OWN}/demandes/<str:change>/", requests.change, name="change"),
    path(f"{OWN}/demandes/<str:change>/pdf/", requests.change_pdf, name="change-pdf"),
    path(f"{OWN}/demandes/<str:change>/pieces/<uuid:attachment>/", requests.attachment, name="change-attachment"),
    path(f"{STOP}/", stopping.code, name="stop-change-code"),
    path(f"{STOP}/fait/", stopping.stopped, name="change-stopped"),
    path(f"{STOP}/<str:stop>/", stopping.link, name="stop-change"),
]
