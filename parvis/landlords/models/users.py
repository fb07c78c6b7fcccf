"""The users of a landlord: rights, invitations, and how the administrator's role changes hands."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from parvis.identity.models import Account
from parvis.kit.actors import RIGHT_LABELS
from parvis.landlords.models.landlords import Landlord


class Habilitation(models.Model):
    """A right given to an account on its landlord, from a moment to another (product.md §2.8).

    ``ended_at`` may lie ahead: the end date of an internship or a replacement. ``administer`` has no end date.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="habilitations")
    right = models.CharField(max_length=15, choices=[(right.value, label) for right, label in RIGHT_LABELS.items()])
    granted_at = models.DateTimeField()
    granted_by = models.CharField(max_length=60)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "right"], name="habilitation_once", condition=Q(ended_at__isnull=True)
            ),
        ]
        indexes = [
            # Of hundreds of accounts at once it is asked which may declare.
            models.Index(
                fields=["account"], include=["ended_at"], name="habilitation_declares", condition=Q(right="declare")
            )
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.right}"


class Membership(models.Model):
    """What a user of an organisation is there beside the rights: the offices they are limited to, and deputy or not.

    ``offices`` is empty for all of them. Accounts without a row (individuals) are limited to nothing.
    """

    account = models.OneToOneField(Account, on_delete=models.PROTECT, primary_key=True, related_name="membership")
    offices = ArrayField(models.CharField(max_length=3), default=list)
    is_deputy = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.account_id} {','.join(self.offices)}"


class Invitation(models.Model):
    """A colleague an administrator invited: an account with its two e-mails; the rights come when they have opened it.

    The mailbox is the invited one: ``email`` cannot be changed on the way in. Disabling the account cancels it for good.
    The link of its e-mail is drawn as the e-mail is made; ``link_hash`` is all that is kept of it. The office invites who shall
    replace a lost administrator: nobody is ``invited_by`` then.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="invitations")
    invited_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="invitations_made")
    email = models.EmailField(max_length=254)
    rights = ArrayField(models.CharField(max_length=15))
    offices = ArrayField(models.CharField(max_length=3), default=list)
    rights_end_on = models.DateField(null=True)
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    link_hash = models.BinaryField(null=True, unique=True, max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                name="invitation_one_live",
                condition=Q(accepted_at__isnull=True, cancelled_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"invitation {self.account_id}"


class AfterHandOver(models.TextChoices):
    """What becomes of the administrator who hands the role over."""

    DEPUTY = "deputy", "Je deviens suppléant"
    USER = "user", "Je reste utilisateur"
    LEAVES = "leaves", "Je quitte l’organisme"


class HandOver(models.Model):
    """The administrator's role offered to a colleague; nothing changes until it is accepted."""

    landlord = models.ForeignKey(Landlord, on_delete=models.PROTECT)
    giver = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="hand_overs_made")
    taker = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="hand_overs_offered")
    giver_becomes = models.CharField(max_length=10, choices=AfterHandOver.choices)
    offered_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["landlord"], name="hand_over_one_live", condition=Q(closed_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"hand-over {self.landlord_id}"


class ReplacementState(models.TextChoices):
    """Where the replacement of an administrator is."""

    ASKED = "asked", "Demandé"
    PROPOSED = "proposed", "Proposé par un agent"
    AGREED = "agreed", "Accordé, opposition possible"
    DONE = "done", "Fait"
    REFUSED = "refused", "Arrêté"


class AfterReplacement(models.TextChoices):
    """What becomes of the administrator who is replaced."""

    USER = "user", "Devient utilisateur"
    CLOSED = "closed", "Accès fermé"


class AdministratorReplacement(models.Model):
    """A lost administrator replaced by two agents of the office.

    Asked by a user for themselves (``asked_by``): told at once, proposed by one agent, approved by another once ``waits_until`` has
    passed. Or opened by an agent (``opened_by``) who holds a paper: agreed by another, told then, done by itself once ``waits_until``
    has passed; ``asked_by`` is then who shall administer, or nobody yet, where ``guest_…`` is a person who is invited that day.
    Nobody ``former``: whoever administers is replaced. The landlord's postal address has a code that stops it; ``objection`` is what
    was said against it.
    """

    landlord = models.ForeignKey(Landlord, on_delete=models.PROTECT)
    asked_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="replacements_asked")
    reason = models.CharField(max_length=400)
    state = models.CharField(max_length=10, choices=ReplacementState.choices, default=ReplacementState.ASKED)
    asked_at = models.DateTimeField()
    waits_until = models.DateTimeField()
    opened_by = models.CharField(max_length=60, blank=True, default="", db_default="")
    proposed_by = models.CharField(max_length=60, blank=True)
    approved_by = models.CharField(max_length=60, blank=True)
    agreed_at = models.DateTimeField(null=True)
    former = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="replacements_suffered")
    former_becomes = models.CharField(
        max_length=10, choices=AfterReplacement.choices, default=AfterReplacement.USER, db_default="user"
    )
    guest_first_name = models.CharField(max_length=60, blank=True, default="", db_default="")
    guest_last_name = models.CharField(max_length=60, blank=True, default="", db_default="")
    guest_email = models.EmailField(max_length=254, blank=True, default="", db_default="")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=60, blank=True, default="", db_default="")
    objection = models.CharField(max_length=400, blank=True, default="", db_default="")
    stop_code_hash = models.BinaryField(null=True, max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["landlord"], name="replacement_one_live", condition=Q(closed_at__isnull=True)
            ),
            models.CheckConstraint(
                name="replacement_by_somebody", condition=Q(asked_by__isnull=False) | ~Q(guest_email="")
            ),
            models.CheckConstraint(
                name="replacement_agreed_by_two",
                condition=~Q(state="agreed") | (~Q(opened_by="") & ~Q(approved_by="") & ~Q(approved_by=F("opened_by"))),
            ),
        ]

    def __str__(self) -> str:
        return f"replacement {self.landlord_id}"

    @property
    def successor_name(self) -> str:
        """Who shall administer."""
        if self.asked_by is None:
            return f"{self.guest_first_name} {self.guest_last_name}"
        return f"{self.asked_by.first_name} {self.asked_by.last_name}".strip() or self.asked_by.login_id


class ReplacementPaper(models.Model):
    """What an agent was shown before replacing an administrator (K-bis, power): encrypted, read by agents alone."""

    replacement = models.ForeignKey(AdministratorReplacement, on_delete=models.CASCADE, related_name="papers")
    opaque = models.UUIDField(unique=True)
    name = models.CharField(max_length=80)
    media_type = models.CharField(max_length=20)
    size = models.PositiveIntegerField()
    sha256 = models.BinaryField(max_length=32)
    content = models.BinaryField()
    kept_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

    @property
    def column(self) -> str:
        """What the encrypted content is bound to."""
        return f"landlords_replacementpaper.content|{self.opaque}"


class RightRequest(models.Model):
    """« Demander ce droit »: a user asks an administrator for a right they lack."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="right_requests")
    right = models.CharField(max_length=15, choices=[(right.value, label) for right, label in RIGHT_LABELS.items()])
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    was_granted = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "right"], name="right_request_one_live", condition=Q(answered_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.right}"
