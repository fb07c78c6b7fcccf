"""What offices measure the time of, in words. Feeds may name others: they are kept, and told nowhere but to agents. Pure."""

from __future__ import annotations

TOPICS = {
    "housing_aid_claim": "Demande d’aide au logement",
    "mail": "Réponse aux mails",
    "july_rent": "Loyer de juillet",
    "direct_payment": "Versement direct",
    "arrears": "Impayé",
    "bank_details": "Coordonnées bancaires",
}
