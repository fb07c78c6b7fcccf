"""What this room writes in the journal."""

from __future__ import annotations

from parvis.audit.journal import Event

CAMPAIGN_OPENED = Event("declarations.campaign_opened", "Campagne ouverte")
ENTRIES_REFRESHED = Event("declarations.entries_refreshed", "Locataires de la campagne mis à jour")
COUNTS_REBUILT = Event("declarations.counts_rebuilt", "Compteurs de la campagne recalculés")
PREFILLED = Event("declarations.prefilled", "Loyers connus repris")
DRAFTS_FORGOTTEN = Event("declarations.drafts_forgotten", "Loyers saisis et jamais transmis effacés")
SUBMITTED = Event("declarations.submitted", "Déclarations transmises")
REGISTERED = Event("declarations.registered", "Quittance papier enregistrée", to_all=True)
CORRECTED = Event("declarations.corrected", "Déclaration corrigée")
ASKED_AGAIN = Event("declarations.asked_again", "Questions posées à nouveau sur des déclarations")
DEPARTURE_CONFIRMED = Event("declarations.departure_confirmed", "Départ annoncé confirmé")
PREVIOUS_NOT_KNOWN = Event("declarations.previous_not_known", "Loyer de juillet de l’année précédente dit non connu")
ENDED = Event("declarations.ended", "Fins de gestion arrivées à leur jour")
SENT = Event("declarations.sent", "Déclarations envoyées au système")
OUTCOMES = Event("declarations.outcomes", "Décisions de la caisse enregistrées")
FILE_RECEIVED = Event("declarations.file_received", "Fichier de loyers reçu")
FILE_CONFIRMED = Event("declarations.file_confirmed", "Fichier de loyers confirmé")
FILE_ABANDONED = Event("declarations.file_abandoned", "Fichier de loyers abandonné")
REMINDED = Event("declarations.reminded", "Rappels de campagne écrits")
LETTERS_ASKED = Event("declarations.letters_asked", "Courrier écrit aux bailleurs jamais connectés")
DATES_CHANGED = Event("declarations.dates_changed", "Dates de campagne modifiées")
WAVE_PAUSED = Event("declarations.wave_paused", "Rappel mis en pause")
WAVE_RESUMED = Event("declarations.wave_resumed", "Rappel repris")
DECIDED = Event("declarations.decided", "Déclaration traitée par un agent")
