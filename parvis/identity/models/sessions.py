"""Sessions and remembered browsers: only fingerprints of their tokens are kept."""

from __future__ import annotations

from django.db import models

from parvis.identity.models.accounts import Credential


class Session(models.Model):
    """One visit from one browser. It proves a credential; which account a page is for stands in the page's address.

    ``code_satisfied_at`` is set when a code was typed in this session, or when the browser is remembered within the
    delay; until then the session opens the steps of sign-in only (identity.steps).
    """

    token_hash = models.BinaryField(unique=True, max_length=32)
    credential = models.ForeignKey(Credential, on_delete=models.CASCADE, null=True)
    credential_version = models.PositiveIntegerField(default=0)
    code_satisfied_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)
    browser = models.CharField(max_length=80, blank=True)
    notes = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"session {self.pk}"

    @property
    def holder_id(self) -> int:
        """The credential this session proves; to ask it of a session that proves none is a fault of ours."""
        if self.credential_id is None:
            raise RuntimeError("This session proves no credential.")
        return self.credential_id


class TrustedBrowser(models.Model):
    """A browser in which a code was validated: not asked again within the delay (product.md §2.2).

    One cookie serves all who sign in from that browser: a household, or a manager with an identity of their own.
    """

    token_hash = models.BinaryField(max_length=32)
    credential = models.ForeignKey(Credential, on_delete=models.CASCADE)
    credential_version = models.PositiveIntegerField()
    code_validated_at = models.DateTimeField()
    browser = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token_hash", "credential"], name="trusted_browser_once")]
        indexes = [models.Index(fields=["credential"], name="trusted_browser_credential")]

    def __str__(self) -> str:
        return f"trusted browser {self.pk}"
