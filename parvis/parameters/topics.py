"""Under which title the settings page shows each parameter. Pure."""

from __future__ import annotations

TOPICS = {
    "code_": "Connexion et codes",
    "codes_": "Connexion et codes",
    "browser": "Connexion et codes",
    "password_shortest": "Connexion et codes",
    "tries": "Connexion et codes",
    "recoveries": "Connexion et codes",
    "profile_code": "Connexion et codes",
    "session_": "Connexion et codes",
    "captcha": "Connexion et codes",
    "agent_": "Agents",
    "file_looks": "Agents",
    "password_after": "Lettres et mots de passe provisoires",
    "valid_by": "Lettres et mots de passe provisoires",
    "letter": "Lettres et mots de passe provisoires",
    "postal": "Lettres et mots de passe provisoires",
    "invitation": "Organismes et administrateurs",
    "new_administrator": "Organismes et administrateurs",
    "administrator": "Organismes et administrateurs",
    "second_agreement": "Coordonnées bancaires",
    "bank_": "Coordonnées bancaires",
    "direct_payment": "Paiements et versement direct",
    "payment_": "Paiements et versement direct",
    "reminder": "Campagne",
    "feed_": "Flux",
    "sent_out": "Flux",
    "messages_leave": "Flux",
    "keep_": "Conservation",
}
"""The topic of the settings page, by how the name of a parameter begins."""
OTHERS = "Autres réglages"
