"""Addresses of the declarations about one tenancy, and of what was declared."""

from __future__ import annotations

from django.urls import path

from parvis.web.landlord.views import awaited
from parvis.web.landlord.views.declare import answering, choosing, following, history, sending, unsent
from parvis.web.landlord.views.july import previous

DECLARE = "c/<str:account>/bailleur/locataires/<uuid:reference>/declarer"
SENT = "c/<str:account>/bailleur/declarations"
PAPERS = "c/<str:account>/bailleur/pieces"

patterns = [
    path(f"{DECLARE}/", choosing.declare, name="declare"),
    path(f"{DECLARE}/abandonner/", choosing.abandon, name="declare-abandon"),
    path(f"{DECLARE}/verifier/", sending.check, name="declare-check"),
    path(f"{DECLARE}/transmettre/", sending.send, name="declare-send"),
    path(f"{DECLARE}/<str:kind>/", answering.step, name="declare-step"),
    path(f"{DECLARE}/<str:kind>/retirer/", choosing.remove, name="declare-remove"),
    path(f"{DECLARE}/<str:kind>/pieces/<uuid:attachment>/", following.paper, name="declare-paper"),
    path(f"{SENT}/", history.declarations, name="declarations"),
    path(f"{SENT}/non-transmises/", unsent.unsent_declarations, name="declarations-unsent"),
    path(f"{SENT}/<uuid:declaration>/", history.declaration, name="declaration"),
    path(f"{SENT}/<uuid:declaration>/corriger/", history.correct, name="declaration-correct"),
    path(f"{SENT}/<uuid:declaration>/juillet-precedent/", previous.give_again, name="previous-july-again"),
    path(f"{SENT}/<uuid:declaration>/juillet-precedent/annuler/", previous.withdraw, name="previous-july-withdraw"),
    path(f"{SENT}/<uuid:declaration>/annuler/", following.withdraw, name="declaration-withdraw"),
    path(f"{SENT}/<uuid:declaration>/depart/", following.confirm_departure, name="departure-confirm"),
    path(f"{SENT}/<uuid:declaration>/suite/<str:stage>/", following.follow_up, name="declaration-follow-up"),
    path(f"{SENT}/<uuid:declaration>/pieces/<uuid:attachment>/", following.sent_paper, name="declaration-attachment"),
    path(f"{PAPERS}/<uuid:paper>/", awaited.paper, name="awaited-paper"),
    path(f"{PAPERS}/<uuid:paper>/<uuid:attachment>/", awaited.paper_file, name="awaited-paper-file"),
]
