"""Letters the post brought back."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class ReturnReason(models.TextChoices):
    """Why the post brought it back, as the envelope says it."""

    NOT_THERE = "not_there", "N’habite pas à l’adresse indiquée"
    UNKNOWN = "unknown", "Destinataire inconnu"
    BAD_ADDRESS = "bad_address", "Défaut d’accès ou d’adressage"
    REFUSED = "refused", "Refusé par le destinataire"
    UNCLAIMED = "unclaimed", "Pli avisé et non réclamé"
    OTHER = "other", "Autre motif"


class SettledAs(models.TextChoices):
    """What became of the address."""

    RIGHT = "right", "Adresse exacte"
    CORRECTED = "corrected", "Adresse corrigée"


class ReturnedLetter(models.Model):
    """A letter that came back. Until it is settled, nothing else is posted to that landlord at that same address.

    ``partner_id`` and ``to_address`` are the letter's own, repeated so that one index answers before each letter.
    """

    message = models.OneToOneField("correspondence.Message", on_delete=models.PROTECT, related_name="returned")
    partner_id = models.UUIDField(null=True)
    to_address = models.JSONField()
    reason = models.CharField(max_length=12, choices=ReturnReason.choices)
    noted_at = models.DateTimeField()
    noted_by = models.CharField(max_length=60)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=60, blank=True)
    settled_as = models.CharField(max_length=10, choices=SettledAs.choices, blank=True)

    class Meta:
        app_label = "correspondence"
        indexes = [
            models.Index(fields=["partner_id"], name="returned_unsettled", condition=Q(settled_at__isnull=True)),
            models.Index(fields=["noted_at", "id"], name="returned_to_check", condition=Q(settled_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.reason}"
