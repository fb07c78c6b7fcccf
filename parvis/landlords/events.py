"""What landlords record."""

from __future__ import annotations

from parvis.audit.journal import Event

RIGHTS_GRANTED = Event("landlords.rights_granted", "Droits accordés")
RIGHTS_CHANGED = Event("landlords.rights_changed", "Droits modifiés")
USER_INVITED = Event("landlords.user_invited", "Utilisateur invité")
INVITATION_SENT_AGAIN = Event("landlords.invitation_sent_again", "Invitation envoyée à nouveau")
INVITATION_CANCELLED = Event("landlords.invitation_cancelled", "Invitation annulée")
INVITATION_ACCEPTED = Event("landlords.invitation_accepted", "Invitation acceptée")
USER_CLOSED = Event("landlords.user_closed", "Accès fermé par un administrateur")
USER_REOPENED = Event("landlords.user_reopened", "Accès rouvert par un administrateur")
RIGHT_ASKED = Event("landlords.right_asked", "Droit demandé")
RIGHT_REQUEST_ANSWERED = Event("landlords.right_request_answered", "Réponse à une demande de droit")
DEPUTY_NAMED = Event("landlords.deputy_named", "Suppléant nommé")
DEPUTY_WITHDRAWN = Event("landlords.deputy_withdrawn", "Suppléant retiré")
HAND_OVER_OFFERED = Event("landlords.hand_over_offered", "Rôle d’administrateur proposé à un collègue")
HAND_OVER_ACCEPTED = Event("landlords.hand_over_accepted", "Rôle d’administrateur transmis")
HAND_OVER_DECLINED = Event("landlords.hand_over_declined", "Transmission du rôle abandonnée")
REPLACEMENT_ASKED = Event("landlords.replacement_asked", "Remplacement de l’administrateur demandé")
REPLACEMENT_STOPPED = Event("landlords.replacement_stopped", "Remplacement de l’administrateur arrêté")
REPLACEMENT_PROPOSED = Event("landlords.replacement_proposed", "Remplacement de l’administrateur proposé par un agent")
REPLACEMENT_APPROVED = Event("landlords.replacement_approved", "Remplacement de l’administrateur approuvé par un agent")
REPLACEMENT_OPENED = Event("landlords.replacement_opened", "Remplacement de l’administrateur ouvert par un agent")
REPLACEMENT_AGREED = Event(
    "landlords.replacement_agreed", "Remplacement de l’administrateur accordé par un second agent"
)
SUCCESSOR_INVITED = Event("landlords.successor_invited", "Futur administrateur invité par la caisse")
ADMINISTRATOR_REPLACED = Event("landlords.administrator_replaced", "Administrateur remplacé")
CONFIRMATION_PROPOSED = Event(
    "landlords.confirmation_proposed", "Confirmation de l’administrateur proposée par un agent"
)
ADMINISTRATOR_CONFIRMED = Event("landlords.administrator_confirmed", "Administrateur confirmé par un second agent")
ADMINISTRATORS_SILENT = Event("landlords.administrators_silent", "Organisme prévenu que personne ne l’administre")
RIGHT_SUSPENDED = Event("landlords.right_suspended", "Droit suspendu par un agent")
RIGHT_GIVEN_BACK = Event("landlords.right_given_back", "Droit rendu par un agent")
DELEGATION_WITHDRAWN = Event("landlords.delegation_withdrawn", "Délégation d’une caisse retirée")
DELEGATION_GIVEN_BACK = Event("landlords.delegation_given_back", "Délégation d’une caisse rendue")
ADMINISTRATOR_REMOVED = Event("landlords.administrator_removed", "Administrateur retiré par un autre")
REMOVAL_REVERSED = Event("landlords.removal_reversed", "Administrateur rétabli par un agent")
UNUSED_TOLD = Event("landlords.unused_told", "Suspension prochaine de droits inutilisés annoncée")
UNUSED_SUSPENDED = Event("landlords.unused_suspended", "Droits inutilisés suspendus")
UNUSED_GIVEN_BACK = Event("landlords.unused_given_back", "Droits inutilisés rendus par un administrateur")
REVIEW_DUE = Event("landlords.review_due", "Revue des droits demandée")
REVIEW_CONFIRMED = Event("landlords.review_confirmed", "Droits revus et confirmés")

OF_USERS = (
    RIGHTS_GRANTED,
    RIGHTS_CHANGED,
    USER_INVITED,
    INVITATION_SENT_AGAIN,
    INVITATION_CANCELLED,
    INVITATION_ACCEPTED,
    USER_CLOSED,
    USER_REOPENED,
    RIGHT_ASKED,
    RIGHT_REQUEST_ANSWERED,
    DEPUTY_NAMED,
    DEPUTY_WITHDRAWN,
    HAND_OVER_OFFERED,
    HAND_OVER_ACCEPTED,
    HAND_OVER_DECLINED,
    REPLACEMENT_ASKED,
    REPLACEMENT_STOPPED,
    ADMINISTRATOR_REPLACED,
    ADMINISTRATOR_CONFIRMED,
    RIGHT_SUSPENDED,
    RIGHT_GIVEN_BACK,
    DELEGATION_WITHDRAWN,
    DELEGATION_GIVEN_BACK,
    ADMINISTRATOR_REMOVED,
    REMOVAL_REVERSED,
    UNUSED_SUSPENDED,
    UNUSED_GIVEN_BACK,
)
"""What the sheet of a user tells of them."""
SUSPENDED = Event("landlords.suspended", "Accès suspendu par un agent")
REINSTATED = Event("landlords.reinstated", "Accès rétabli par un agent")
PROCESSING_TIME_SET = Event("landlords.processing_time_set", "Délai de traitement modifié")
MAILBOX_LETTER_SENT = Event("landlords.mailbox_letter_sent", "Lettre pour une adresse mail perdue envoyée par un agent")
