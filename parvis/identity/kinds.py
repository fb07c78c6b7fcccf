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


class TextKind(models.TextChoices):
    """Which text."""

    USAGE_RULES = "usage_rules", "Règles d’usage du portail"
    SERVICE_TERMS = "service_terms", "Conditions d’utilisation de l’Espace bailleur"
