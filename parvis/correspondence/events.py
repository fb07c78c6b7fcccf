"""What the journal keeps of messages: those that did not leave. Those that did are their own trace."""

from __future__ import annotations

from parvis.audit.journal import Event

FAILED = Event("correspondence.failed", "Le message n’a pas pu partir")
CANCELLED = Event("correspondence.cancelled", "Le message a été annulé avant son départ")
BATCH_PREPARED = Event("correspondence.batch_prepared", "Lot de courriers préparé")
BATCH_APPROVED = Event("correspondence.batch_approved", "Lot de courriers validé")
BATCH_ABANDONED = Event("correspondence.batch_abandoned", "Lot de courriers abandonné")
BATCH_MADE = Event("correspondence.batch_made", "Fichiers du lot de courriers écrits")
BATCH_TAKEN = Event("correspondence.batch_taken", "Fichier d’un lot de courriers téléchargé")
BATCH_HANDED_OVER = Event("correspondence.batch_handed_over", "Lot de courriers envoyé à l’éditique")
BATCH_POSTED = Event("correspondence.batch_posted", "Lot de courriers posté")
BATCH_RECONCILED = Event("correspondence.batch_reconciled", "Lot de courriers retrouvé après une remise")
BATCH_VOIDED = Event("correspondence.batch_voided", "Lot de courriers à valider de nouveau après une remise")
BUDGET_EXCEEDED = Event("correspondence.budget_exceeded", "Budget des courriers du mois dépassé")
LETTER_RETURNED = Event("correspondence.letter_returned", "Courrier revenu")
ADDRESS_SETTLED = Event("correspondence.address_settled", "Adresse vérifiée après un retour de courrier")
BOUNCED = Event("correspondence.bounced", "Le mail est revenu\u00a0: la boîte ne le prend pas")
RETRIED = Event("correspondence.retried", "Le message en échec a été remis dans la file")
