"""Agents, the posts they hold, their sessions, and the reasons they gave."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from parvis.agents.posts import Role


class AgentState(models.TextChoices):
    """Where an agent's account is in its life."""

    INVITED = "invited", "Invité"
    ACTIVE = "active", "Actif"
    DISABLED = "disabled", "Fermé"


class Agent(models.Model):
    """One person of an office.

    ``login`` is what the journal prints of them. ``home`` is where they live, encrypted: opened only to be compared with the addresses of
    the landlords whose files they open. ``time_secret`` is the key of their time-based codes, encrypted; ``time_step``
    the last half minute whose code was accepted: none is taken twice. ``version`` makes older sessions void.
    """

    reference = models.UUIDField(unique=True, default=uuid.uuid4)
    login = models.CharField(max_length=40, unique=True)
    email = models.EmailField(max_length=254, unique=True)
    first_name = models.CharField(max_length=60)
    last_name = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=AgentState.choices, default=AgentState.INVITED)
    password = models.CharField(max_length=160, blank=True)
    home = models.BinaryField(null=True)
    time_secret = models.BinaryField(null=True)
    time_step = models.BigIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    link_hash = models.BinaryField(null=True, unique=True, max_length=32)
    link_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=60)
    last_signed_in_at = models.DateTimeField(null=True)
    previous_sign_in_at = models.DateTimeField(null=True)
    disabled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["created_by"], name="agent_by_creator")]
        constraints = [
            models.CheckConstraint(
                name="agent_active_has_both_proofs",
                condition=~models.Q(state="active") | ~models.Q(password="") & models.Q(time_secret__isnull=False),
            ),
            models.CheckConstraint(
                name="agent_link_has_its_end",
                condition=models.Q(link_hash=None) | models.Q(link_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.login

    @property
    def person(self) -> str:
        """First name and name."""
        return f"{self.first_name} {self.last_name}"

    @property
    def secret_column(self) -> str:
        """What the encrypted key of the codes is bound to: copied to another agent it does not open."""
        return f"agents_agent.time_secret|{self.reference}"

    @property
    def home_column(self) -> str:
        """What the encrypted address is bound to."""
        return f"agents_agent.home|{self.reference}"


class Post(models.Model):
    """A role held at an office, or everywhere when ``office_code`` is empty."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="posts")
    role = models.CharField(max_length=24, choices=[(role.value, role.label) for role in Role])
    office_code = models.CharField(max_length=3, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agent", "role", "office_code"], name="agent_post_once"),
            models.CheckConstraint(
                name="agent_national_post_is_everywhere",
                condition=~models.Q(role="national_administrator") | models.Q(office_code=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.office_code or '*'}"


class AgentSession(models.Model):
    """One visit of an agent; it opens nothing until a time-based or recovery code ``proved_at`` it."""

    token_hash = models.BinaryField(unique=True, max_length=32)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="sessions")
    agent_version = models.PositiveIntegerField()
    proved_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)
    browser = models.CharField(max_length=80, blank=True)

    def __str__(self) -> str:
        return f"agent session {self.pk}"


class RecoveryCode(models.Model):
    """A way in, once, for whoever lost their telephone; only a keyed fingerprint is kept."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="recovery_codes")
    fingerprint = models.BinaryField(max_length=32)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agent", "fingerprint"], name="recovery_code_once")]

    def __str__(self) -> str:
        return f"recovery code {self.pk}"


class Opening(models.Model):
    """Why an agent opened a landlord's file: asked once per file and day (ux.md B22)."""

    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="openings")
    partner_id = models.UUIDField()
    on = models.DateField()
    reason = models.CharField(max_length=12)
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agent", "partner_id", "on"], name="opening_once_a_day")]
        indexes = [
            models.Index(fields=["partner_id", "-at"], name="opening_partner"),
            models.Index(fields=["agent", "at"], name="opening_agent"),
        ]

    def __str__(self) -> str:
        return f"{self.agent_id} opened {self.partner_id} on {self.on}"


class Viewing(models.Model):
    """« Voir comme le bailleur » : an agent's session reads the pages of one account, a quarter of an hour (security.md §2.11).

    It opens nothing once it ``left_at``, past ``ends_at``, or without its session. ``reason`` is that of the day's opening.
    """

    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="viewings")
    session = models.ForeignKey(AgentSession, null=True, on_delete=models.SET_NULL, related_name="viewings")
    account_id = models.BigIntegerField()
    account_reference = models.CharField(max_length=12)
    partner_id = models.UUIDField()
    reason = models.CharField(max_length=12)
    begun_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session"],
                name="viewing_one_a_session",
                condition=models.Q(left_at=None, session__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agent_id} views {self.account_reference}"


class AlertKind(models.TextChoices):
    """What calls for a look at what an agent did (security.md §2.11)."""

    MANY_FILES = "many_files", "Beaucoup de dossiers ouverts en une heure"
    MANY_SEARCHES = "many_searches", "Beaucoup de recherches en une heure"
    NAMESAKE = "namesake", "Dossier d’un homonyme de l’agent"
    SAME_ADDRESS = "same_address", "Dossier à l’adresse de l’agent"


class Alert(models.Model):
    """Something an agent did that somebody else must look at; it stands until they say what came of it.

    Of one kind about one file an agent has one open alert: the same thing again is counted on it. ``offices`` are those the agent
    held a post at as it rang, an empty one for all of them: it stays with those who control there, whatever becomes of the posts.
    """

    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="alerts")
    kind = models.CharField(max_length=14, choices=AlertKind.choices)
    partner_id = models.UUIDField(null=True)
    count = models.PositiveIntegerField(default=1)
    raised_at = models.DateTimeField()
    last_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=60, blank=True, default="")
    outcome = models.CharField(max_length=200, blank=True, default="")
    offices = ArrayField(models.CharField(max_length=3, blank=True), default=list, db_default=[])

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agent", "kind", "partner_id"],
                name="alert_one_open",
                condition=models.Q(closed_at=None),
                nulls_distinct=False,
            ),
        ]
        indexes = [models.Index(fields=["-raised_at", "-id"], name="alert_newest")]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.kind}"


class ExportState(models.TextChoices):
    """Where a file that takes two agents is."""

    ASKED = "asked", "À accorder"
    AGREED = "agreed", "Accordé"
    WITHDRAWN = "withdrawn", "Retiré"


class ExportRequest(models.Model):
    """A file of more lines than an agent takes alone: asked for with a reason, agreed to by another (security.md T64).

    The file itself is kept nowhere: ``query`` says which one it is, ``rows`` how many lines it had as it was asked for, and it is
    written as its asker takes it. Who agrees holds ``duty`` at all its ``offices``, an empty one for all of them. It lapses at ``until``:
    first the waiting, then the agreement.
    """

    reference = models.UUIDField(unique=True, default=uuid.uuid4)
    kind = models.CharField(max_length=24)
    title = models.CharField(max_length=160)
    query = models.TextField()
    duty = models.CharField(max_length=32)
    offices = ArrayField(models.CharField(max_length=3, blank=True))
    rows = models.PositiveIntegerField()
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=ExportState.choices, default=ExportState.ASKED)
    asked_by = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    agreed_by = models.CharField(max_length=60, blank=True, default="")
    agreed_at = models.DateTimeField(null=True)
    until = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["asked_by", "kind", "query"], name="export_asked_once", condition=models.Q(state="asked")
            ),
            models.CheckConstraint(
                name="export_takes_two_people",
                condition=~models.Q(state="agreed")
                | models.Q(agreed_at__isnull=False)
                & ~models.Q(agreed_by="")
                & ~models.Q(agreed_by=models.F("asked_by")),
            ),
            models.CheckConstraint(
                name="export_taken_was_agreed", condition=models.Q(taken_at=None) | models.Q(agreed_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["asked_by", "-asked_at"], name="export_by_asker"),
            models.Index(fields=["until"], name="export_waiting", condition=models.Q(state="asked")),
        ]

    def __str__(self) -> str:
        return f"{self.asked_by} {self.title}"
