"""What leaves to a person: a row born in the transaction that causes it, sent later by the worker."""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from parvis.correspondence.batches.models import BatchState as BatchState
from parvis.correspondence.batches.models import LetterBatch as LetterBatch
from parvis.correspondence.returns.models import ReturnedLetter as ReturnedLetter


class Channel(models.TextChoices):
    """How a message travels."""

    EMAIL = "email", "Mail"
    LETTER = "letter", "Courrier"


class MessageState(models.TextChoices):
    """Where a message is."""

    DUE = "due", "À envoyer"
    SENT = "sent", "Envoyé"
    CANCELLED = "cancelled", "Annulé"
    FAILED = "failed", "En échec"
    BOUNCED = "bounced", "Revenu"


class Message(models.Model):
    """One e-mail or one letter.

    ``context`` never holds a secret: what must stay secret is drawn by ``secret`` (a name in
    ``correspondence.secrets``) when the message is rendered, and lives only in the message and as a hash.
    ``after`` and ``after_delay`` hold a second letter back until some time after the first one left: it is ``is_held``
    until then, and gets its real ``due_at`` when the first one leaves. ``number`` names a letter and its file; it is
    drawn once, before the first rendering, so that a repeat replaces the same file. ``attachment`` names who makes the
    PDF that leaves with it (``rendering.attachments``), about ``attachment_subject``; ``attachment_name`` is set when it does.
    What has ``failed`` never left; a mail that left and came back is ``bounced``, never sent again.
    """

    reference = models.CharField(max_length=16, unique=True)
    number = models.CharField(max_length=16, blank=True, default="", db_default="")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    template = models.CharField(max_length=80)
    context = models.JSONField(default=dict)
    secret = models.CharField(max_length=40, blank=True)
    secret_subject = models.BigIntegerField(null=True)
    attachment = models.CharField(max_length=40, blank=True, default="", db_default="")
    attachment_subject = models.BigIntegerField(null=True)
    attachment_name = models.CharField(max_length=80, blank=True, default="", db_default="")
    to_email = models.EmailField(max_length=254, blank=True)
    to_address = models.JSONField(default=list)
    to_country = models.CharField(max_length=2, default="FR", db_default="FR")
    batch = models.ForeignKey(LetterBatch, null=True, on_delete=models.PROTECT, related_name="letters", db_index=False)
    account_id = models.BigIntegerField(null=True)
    partner_id = models.UUIDField(null=True)
    urgent = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=MessageState.choices, default=MessageState.DUE)
    due_at = models.DateTimeField()
    after = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="followers")
    after_delay = models.DurationField(null=True)
    is_held = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    repeated = models.BooleanField(default=False)
    rendered_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    failure = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["-urgent", "due_at", "id"],
                name="message_claimable",
                condition=models.Q(state="due", is_held=False),
            ),
            models.Index(
                fields=["id"],
                name="message_to_batch",
                condition=models.Q(channel="letter", state="sent", batch__isnull=True),
            ),
            models.Index(fields=["batch", "id"], name="message_in_batch", condition=models.Q(batch__isnull=False)),
            models.Index(fields=["due_at", "id"], name="message_failed", condition=models.Q(state="failed")),
            models.Index(fields=["bounced_at", "id"], name="message_bounced", condition=models.Q(state="bounced")),
            # Of blocks, not of rows: what left in a day is found, and a sending costs nothing more.
            BrinIndex(fields=["sent_at"], name="message_sent_lately"),
            models.Index(fields=["partner_id", "-created_at"], name="message_partner"),
            models.Index(fields=["account_id", "-created_at"], name="message_account"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="message_number_once", condition=~models.Q(number="")),
            models.CheckConstraint(
                name="message_held_waits_for_another",
                condition=models.Q(is_held=False) | models.Q(after__isnull=False, state__in=["due", "cancelled"]),
            ),
            models.CheckConstraint(
                name="message_has_a_destination",
                condition=models.Q(channel="email") & ~models.Q(to_email="")
                | models.Q(channel="letter") & ~models.Q(to_address=[]),
            ),
            models.CheckConstraint(
                name="message_letter_carries_nothing", condition=models.Q(attachment="") | models.Q(channel="email")
            ),
            models.CheckConstraint(
                name="message_sent_has_its_moment", condition=~models.Q(state="sent") | models.Q(sent_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.template}"
