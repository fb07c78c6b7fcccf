"""One-time codes and the counters that slow guessing down."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from parvis.identity.kinds import Purpose
from parvis.identity.models.accounts import Credential


class OneTimeCode(models.Model):
    """Six digits sent by e-mail, bound to a purpose, a credential, a target and the browser that asked.

    ``target`` is the fingerprint of what exactly the code allows (a pending change, an IBAN), empty where the purpose
    says it all. A code without credential is nobody's: it counts tries like any other, so that a value which exists and
    one which does not are answered alike (security.md §2.2).

    ``code_hash`` is empty until the worker renders the e-mail: the code is drawn then, and exists nowhere else than in
    that e-mail and as a keyed hash.
    """

    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    credential = models.ForeignKey(Credential, on_delete=models.CASCADE, null=True)
    credential_version = models.PositiveIntegerField()
    session = models.ForeignKey("identity.Session", on_delete=models.CASCADE)
    email = models.EmailField(max_length=254)
    target = models.BinaryField(max_length=32, default=bytes)
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

    While ``paused_until`` lies ahead nothing more is tried, and nothing more is counted. ``browser`` tried last, at ``tried_at``;
    ``is_known``: it is remembered for whoever the value stands for.
    """

    key = models.BinaryField(primary_key=True, max_length=32)
    window_ends_at = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)
    paused_until = models.DateTimeField(null=True)
    whose = models.BinaryField(null=True, max_length=32)
    browser = models.CharField(max_length=80, blank=True, default="", db_default="")
    is_known = models.BooleanField(default=False, db_default=False)
    tried_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["whose"], name="throttle_whose", condition=models.Q(whose__isnull=False))]

    def __str__(self) -> str:
        return f"{self.count} until {self.window_ends_at:%H:%M}"


class PendingChange(models.Model):
    """What a person asked to change, until the code that allows it is typed: nothing of it has happened yet.

    ``secret_hash`` holds the hash of a new password, never the password. One live change a session: asking for another
    puts the former aside.
    """

    session = models.ForeignKey("identity.Session", on_delete=models.CASCADE)
    account = models.ForeignKey("identity.Account", on_delete=models.CASCADE)
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    payload = models.JSONField(default=dict)
    secret_hash = models.CharField(max_length=160, blank=True)
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session"], name="pending_change_one_live", condition=Q(done_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.asked_at:%Y-%m-%d %H:%M}"


class CaptchaUse(models.Model):
    """A captcha that was answered, right or wrong: it serves no second time."""

    nonce_hash = models.BinaryField(primary_key=True, max_length=32)
    used_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"captcha {self.used_at:%Y-%m-%d %H:%M}"
