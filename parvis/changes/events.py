"""What this room writes in the journal. Of an account it says the last four signs, never more."""

from __future__ import annotations

from parvis.audit.journal import Event

ADDRESS_ASKED = Event("changes.address_asked", "Changement d’adresse demandé")
CONTACT_ASKED = Event("changes.contact_asked", "Changement de téléphone ou d’adresse mail demandé")
BANK_TYPED = Event("changes.bank_typed", "Nouvelles coordonnées bancaires saisies, à confirmer par un code")
BANK_ASKED = Event("changes.bank_asked", "Changement de coordonnées bancaires demandé")
BANK_AGREED = Event("changes.bank_agreed", "Second accord donné pour les coordonnées bancaires")
BANK_DECLINED = Event("changes.bank_declined", "Second accord refusé pour les coordonnées bancaires")
BANK_APPROVED = Event("changes.bank_approved", "Coordonnées bancaires vérifiées par un agent")
DIRECT_PAYMENT_ASKED = Event("changes.direct_payment_asked", "Versement direct demandé")
DIRECT_PAYMENT_ANSWERED = Event("changes.direct_payment_answered", "Réponse à la proposition de versement direct")
DIRECT_PAYMENT_STOPPED = Event("changes.direct_payment_stopped", "Arrêt du versement direct demandé")
OFFERED = Event("changes.direct_payment_offered", "Versement direct proposé par la caisse")
OFFER_LAPSED = Event("changes.offer_lapsed", "Proposition de versement direct restée sans réponse")
RELEASED = Event("changes.released", "Demande prête à partir")
SENT = Event("changes.sent", "Demandes envoyées au système")
BY_HAND = Event("changes.by_hand", "Demande traitée par un agent")
DONE = Event("changes.done", "Demande prise en compte")
REFUSED = Event("changes.refused", "Demande refusée")
STOPPED = Event("changes.stopped", "Demande arrêtée")
EXPIRED = Event("changes.expired", "Demande expirée")
PAPER_AWAITED = Event("changes.paper_awaited", "Pièce demandée par la caisse")
PAPER_GIVEN = Event("changes.paper_given", "Pièce attendue ajoutée")
PAPERS_SENT = Event("changes.papers_sent", "Pièces ajoutées envoyées au système")
FILE_KEPT = Event("changes.file_kept", "Pièce jointe enregistrée")
FILE_REMOVED = Event("changes.file_removed", "Pièce jointe retirée")
ALTERED = Event("changes.iban_altered", "Un IBAN gardé n’était plus celui confirmé\u00a0: la demande n’est pas partie")
