"""What identity records."""

from __future__ import annotations

from parvis.audit.journal import Event

ACCOUNT_BORN = Event("identity.account_born", "Compte ouvert par l’arrivée d’un premier locataire")
SIGNED_IN = Event("identity.signed_in", "Mot de passe accepté")
SIGN_IN_REFUSED = Event("identity.sign_in_refused", "Connexion refusée malgré un mot de passe juste")
CODE_ACCEPTED = Event("identity.code_accepted", "Code à usage unique accepté")
CODE_ASKED = Event("identity.code_asked", "Code à usage unique demandé")
NAMES_GIVEN = Event("identity.names_given", "Nom et prénom renseignés")
EMAIL_CLAIMED = Event("identity.email_claimed", "Adresse mail indiquée, à valider")
EMAIL_PROVED = Event("identity.email_proved", "Adresse mail validée par un code")
EMAIL_TAKEN = Event("identity.email_taken", "Adresse mail validée mais déjà utilisée ailleurs")
PROVISIONAL_DRAWN = Event("identity.provisional_drawn", "Mot de passe provisoire créé pour un message")
PASSWORD_CHOSEN = Event("identity.password_chosen", "Mot de passe choisi")
TEXT_ACCEPTED = Event("identity.text_accepted", "Texte accepté")
TEXT_PUBLISHED = Event("identity.text_published", "Nouvelle version d’un texte publiée")
ACCOUNT_OPENED = Event("identity.account_opened", "Première connexion terminée")
