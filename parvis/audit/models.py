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


class Link(models.Model):
    """One entry's place in the chain: ``mac`` = HMAC(key, the mac before ‖ position ‖ the entry as it was then).

    A table of its own: entries never change, and the order of the chain is that of sealing, not of identifiers, which
    transactions commit in any order.
    """

    position = models.BigIntegerField(primary_key=True)
    entry_id = models.BigIntegerField(unique=True)
    mac = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"{self.position}"


class Seal(models.Model):
    """One pass of the sealer: up to which position, and the head, which also leaves the database.

    ``highest_entry`` and ``next_transaction`` say what the pass could see: once every transaction begun before it has ended, no
    entry up to there is still to come. Every entry up to ``floor`` is linked: the next pass looks above it. ``purged``: what it
    and earlier ones linked was erased after its time; the chain begins after it.
    """

    number = models.BigIntegerField(primary_key=True)
    made_at = models.DateTimeField()
    position = models.BigIntegerField()
    mac = models.BinaryField(max_length=32)
    highest_entry = models.BigIntegerField()
    next_transaction = models.BigIntegerField()
    floor = models.BigIntegerField()
    purged = models.BooleanField(default=False, db_default=False)

    def __str__(self) -> str:
        return f"{self.number}"


class ChainCheck(models.Model):
    """One look at the whole chain: up to which position it was followed, and its first fault; both empty where it
    was intact."""

    at = models.DateTimeField()
    position = models.BigIntegerField()
    row = models.CharField(max_length=60, blank=True)
    sentence = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.row or 'intact'}"
