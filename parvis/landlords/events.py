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
)
"""What the sheet of a user tells of them."""
