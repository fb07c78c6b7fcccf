"""What happened: one row per act, written in the act's own transaction, never changed (security.md §2.12)."""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import models


class Entry(models.Model):
    """One act. The database refuses UPDATE, DELETE and TRUNCATE (migration audit.0001)."""

    at = models.DateTimeField()
    event = models.CharField(max_length=60)
    actor_kind = models.CharField(max_length=10)
    actor_label = models.CharField(max_length=60)
    account_id = models.BigIntegerField(null=True)
    partner_id = models.UUIDField(null=True)
    subject = models.CharField(max_length=80)
    details = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "at"], name="audit_subject"),
            models.Index(
                fields=["partner_id", "at"], name="audit_partner", condition=models.Q(partner_id__isnull=False)
            ),
            BrinIndex(fields=["at"], name="audit_by_day", pages_per_range=32),
            models.Index(fields=["actor_label", "-id"], name="audit_agent", condition=models.Q(actor_kind="agent")),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.event} {self.subject}"
