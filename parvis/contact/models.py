"""Threads between a landlord and an office, and the messages in them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from parvis.identity.models import Account
from parvis.landlords.models import Landlord, Office
from parvis.tenancies.models import RandomReference

DONE_AT = Coalesce("answered_at", "closed_at")
"""When the office answered; of what was ended without an answer, when it was ended."""


class Conversation(models.Model):
    """One question of a landlord to an office, with all that was written since. ``number`` reads ``E-2026-000000123-K``.

    ``desk`` is who reads it there (``topics.DESKS``), ``taken_by`` the agent who treats it, empty for nobody. It has a
    ``waiting_since`` while the office owes an answer: when the landlord began to wait, whatever was added after. ``answer_by`` is
    the day that was told. Of a thread, the landlord sees those of one's own account, and its administrators all.
    """

    opaque = models.UUIDField(unique=True, db_default=RandomReference())
    number = models.CharField(max_length=24, unique=True)
    topic = models.CharField(max_length=20)
    about = models.CharField(max_length=120, blank=True)
    landlord = models.ForeignKey(Landlord, on_delete=models.PROTECT, db_index=False)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, db_index=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    person = models.CharField(max_length=130)
    desk = models.CharField(max_length=20)
    state = models.CharField(max_length=12)
    taken_by = models.CharField(max_length=60, blank=True)
    taken_at = models.DateTimeField(null=True)
    submission_key = models.UUIDField()
    asked_at = models.DateTimeField()
    answer_by = models.DateField()
    waiting_since = models.DateTimeField(null=True)
    first_answered_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "submission_key"], name="conversation_once"),
            models.CheckConstraint(
                name="conversation_waits_since_a_moment",
                condition=Q(state="waiting", waiting_since__isnull=False) | ~Q(state="waiting") & Q(waiting_since=None),
            ),
            models.CheckConstraint(
                name="conversation_closed_at_a_moment",
                condition=Q(state="closed", closed_at__isnull=False) | ~Q(state="closed") & Q(closed_at=None),
            ),
        ]
        indexes = [
            models.Index(
                fields=["office", "waiting_since", "id"], name="conversation_queue", condition=Q(state="waiting")
            ),
            models.Index(fields=["landlord", "-asked_at", "-id"], name="conversation_of_landlord"),
            models.Index(fields=["office", "first_answered_at"], name="conversation_measured"),
            models.Index(fields=["answered_at"], name="conversation_answered", condition=Q(state="answered")),
            models.Index(fields=["closed_at"], name="conversation_closed", condition=Q(state="closed")),
            models.Index(
                fields=["landlord", "-answered_at"], name="conversation_to_read", condition=Q(state="answered")
            ),
            models.Index(
                F("office"),
                DONE_AT.desc(),
                F("opaque").desc(),
                name="conversation_done_at_office",
                condition=~Q(state="waiting"),
            ),
            models.Index(DONE_AT.desc(), F("opaque").desc(), name="conversation_done", condition=~Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return self.number


class Side(models.TextChoices):
    """Who wrote a message; what is ``inside`` is for the agents alone."""

    LANDLORD = "landlord", "Bailleur"
    OFFICE = "office", "Caisse"
    INSIDE = "inside", "Entre agents"


class ConversationMessage(models.Model):
    """One message of a thread; its words are encrypted, its files stand under :attr:`files`."""

    FILES = "message "
    """How the name begins under which its files stand."""

    opaque = models.UUIDField(unique=True)
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="messages", db_index=False)
    side = models.CharField(max_length=10, choices=Side.choices)
    person = models.CharField(max_length=130)
    by = models.CharField(max_length=60)
    text = models.BinaryField()
    at = models.DateTimeField()
    submission_key = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "submission_key"], name="conversation_message_once"),
        ]
        indexes = [
            models.Index(fields=["conversation", "id"], name="conversation_message_order"),
            models.Index(fields=["by", "at"], name="conversation_message_written", condition=Q(side="landlord")),
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id} {self.side}"

    @property
    def column(self) -> str:
        """What the encrypted words are bound to: copied to another row they do not open."""
        return f"contact_conversationmessage.text|{self.opaque}"

    @property
    def files(self) -> str:
        """What its files are joined to."""
        return f"{self.FILES}{self.pk}"
