"""What the exchange records."""

from __future__ import annotations

from parvis.audit.journal import Event

ACCEPTED = Event("exchange.accepted", "Livraison acceptée")
REFUSED = Event("exchange.refused", "Livraison refusée")
HELD = Event("exchange.held", "Livraison retenue")
RELEASE_ASKED = Event("exchange.release_asked", "Libération d’une livraison demandée")
RELEASE_WITHDRAWN = Event("exchange.release_withdrawn", "Demande de libération retirée")
RELEASED = Event("exchange.released", "Livraison libérée")
REPLACED = Event("exchange.replaced", "Livraison retenue, remplacée par une autre")
FILE_LOADED = Event("exchange.file_loaded", "Fichier chargé")
WAITING_TAKEN = Event("exchange.waiting_taken", "Lignes en attente prises en compte")
LOADED = Event("exchange.loaded", "Livraison chargée")
SEALED = Event("exchange.sealed", "Livraison sortante scellée")
WRITTEN = Event("exchange.written", "Livraison sortante écrite")
AGAIN_ASKED = Event("exchange.again_asked", "Livraison sortante à écrire à nouveau")
LINES_TAKEN = Event("exchange.lines_taken", "Liste des lignes écartées téléchargée")
RECONCILED = Event("exchange.reconciled", "Livraison sortante retrouvée après une remise")
