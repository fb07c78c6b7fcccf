"""The texts a person accepts, with their versions."""

from __future__ import annotations

from django.db import models

from parvis.identity.kinds import TextKind
from parvis.identity.models.accounts import Account


class TextVersion(models.Model):
    """One version of a text; the newest published one must be accepted. Who published it and why is for agents alone."""

    kind = models.CharField(max_length=20, choices=TextKind.choices)
    version = models.PositiveSmallIntegerField()
    published_at = models.DateTimeField()
    summary = models.JSONField(default=list)
    body = models.JSONField(default=list)
    published_by = models.CharField(max_length=60, blank=True, default="", db_default="")
    reason = models.CharField(max_length=200, blank=True, default="", db_default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "version"], name="text_version_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"


class Acceptance(models.Model):
    """Who accepted which version, when."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="acceptances")
    text = models.ForeignKey(TextVersion, on_delete=models.PROTECT)
    accepted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "text"], name="acceptance_once")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.text_id}"
