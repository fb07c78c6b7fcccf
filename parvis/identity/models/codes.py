"""One-time codes and the counters that slow guessing down."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from parvis.identity.kinds import Purpose
from parvis.identity.models.accounts import Credential


class OneTimeCode(models.Model):
    """Six digits sent by e-mail, bound to a purpose, a credential, a target and the browser that asked.

    ``code_hash`` is empty until the worker renders the e-mail: the code is drawn then, and exists nowhere else than in
    that e-mail and as a keyed hash.
    """

    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    credential = models.ForeignKey(Credential, on_delete=models.CASCADE)
    credential_version = models.PositiveIntegerField()
    session = models.ForeignKey("identity.Session", on_delete=models.CASCADE)
    email = models.EmailField(max_length=254)
    code_hash = models.BinaryField(null=True, max_length=32)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session", "purpose"],
                name="code_one_live_per_session_and_purpose",
                condition=Q(used_at__isnull=True, replaced_at__isnull=True),
            ),
            models.CheckConstraint(name="code_five_tries_at_most", condition=Q(tries__lte=5)),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.asked_at:%Y-%m-%d %H:%M}"


class Throttle(models.Model):
    """How often something was tried in a window of time; the key is a keyed fingerprint, never the value itself.

    While ``paused_until`` lies ahead nothing more is tried, and nothing more is counted.
    """

    key = models.BinaryField(primary_key=True, max_length=32)
    window_ends_at = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)
    paused_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.count} until {self.window_ends_at:%H:%M}"
