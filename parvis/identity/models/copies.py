"""The copy of their own data that somebody asked for."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from parvis.identity.models.accounts import Account, Credential


class DataCopy(models.Model):
    """A copy of one's personal data: asked, prepared from ``due_at`` on, kept encrypted until ``expires_at``, then erased.

    It is that of a credential at one version: whatever ends its sessions (a new password, another mailbox, a freeze) ends it.
    """

    opaque = models.UUIDField(unique=True)
    credential = models.ForeignKey(Credential, on_delete=models.CASCADE)
    credential_version = models.PositiveIntegerField()
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    content = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["credential"], name="data_copy_one_at_a_time"),
            models.CheckConstraint(
                name="data_copy_ready_has_an_end", condition=Q(content=None) | Q(ready_at__isnull=False, expires_at__isnull=False)
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["due_at"], name="data_copy_due", condition=Q(ready_at__isnull=True))]

    def __str__(self) -> str:
        return f"copy {self.opaque}"

    @property
    def column(self) -> str:
        """What the encrypted content is bound to."""
        return f"identity_datacopy.content|{self.opaque}"
