"""The kinds identity tells apart, for tables and pages alike."""

from __future__ import annotations

from django.db import models


class Nature(models.TextChoices):
    """What kind of partner an account acts for."""

    INDIVIDUAL = "individual", "Particulier"
    CORPORATE = "corporate", "Organisme"


class Purpose(models.TextChoices):
    """What a code opens; a code for one purpose never serves another."""

    SIGN_IN = "sign_in", "vous connecter"
    PROVE_EMAIL = "prove_email", "valider votre adresse mail"
    SIGN_IN_FIRST = "sign_in_first", "vous connecter depuis un nouvel appareil"
    RECOVER = "recover", "choisir un nouveau mot de passe"
    CHANGE_PASSWORD = "change_password", "changer votre mot de passe"
    LEAVE_EMAIL = "leave_email", "quitter votre adresse mail actuelle"
    CHANGE_EMAIL = "change_email", "changer d’adresse mail"
    JOIN_PERSON = "join_person", "regrouper vos comptes de particulier"
    ADMINISTER = "administer", "gérer les utilisateurs et leurs droits"
    COPY_DATA = "copy_data", "obtenir une copie de vos données"
    BANK_CHANGE = "bank_change", "changer vos coordonnées bancaires"


class TextKind(models.TextChoices):
    """Which text."""

    USAGE_RULES = "usage_rules", "Règles d’usage du portail"
    SERVICE_TERMS = "service_terms", "Conditions d’utilisation de l’Espace bailleur"
