"""Credentials and the accounts that share them (product.md §2.4, security.md §2.1)."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from parvis.identity.kinds import Nature


class Partner(models.Model):
    """The party in whose name accounts sign in, as identity needs to know it.

    Rooms above say what the partner is (a landlord). ``person_index`` is the blind index of the NIR: individuals with
    the same one are one person. A corporate partner has none.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    nature = models.CharField(max_length=10, choices=Nature.choices)
    person_index = models.BinaryField(null=True, max_length=16)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="partner_corporate_is_no_person", condition=Q(nature="individual") | Q(person_index__isnull=True)
            ),
        ]
        indexes = [
            models.Index(fields=["person_index"], name="partner_person", condition=Q(person_index__isnull=False))
        ]

    def __str__(self) -> str:
        return str(self.id)


class Credential(models.Model):
    """What proves an identity: one proven mailbox (or none yet), one password. Linked accounts share one credential.

    ``email`` is written only when its owner has typed a code read in it; an address from a feed or merely typed is a
    claim and stays on the account. ``version`` grows at every change that must make sessions, codes and remembered
    browsers useless. From ``email_refused_at`` on, its mail server says that nobody has that mailbox: whoever has it one day
    may be another person, so that it gives no password back (security.md T11) until a code read in it is typed.
    ``frozen_by_office``: an agent decided the freeze, or made it theirs; the journal, which says so too, is purged.
    A password chosen before ``password_due_at`` opens no more than the page where another is chosen.
    """

    email = models.EmailField(max_length=254, null=True, unique=True)
    email_proved_at = models.DateTimeField(null=True)
    email_refused_at = models.DateTimeField(null=True)
    password = models.CharField(max_length=160, blank=True)
    password_changed_at = models.DateTimeField(null=True)
    password_due_at = models.DateTimeField(null=True)
    provisional_until = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    proof_changed_at = models.DateTimeField(null=True)
    frozen_at = models.DateTimeField(null=True)
    frozen_by_office = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="credential_email_is_proved",
                condition=Q(email__isnull=True, email_proved_at__isnull=True)
                | Q(email__isnull=False, email_proved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="credential_email_lower_case",
                condition=Q(email__isnull=True) | Q(email=models.functions.Lower("email")),
            ),
        ]

    def __str__(self) -> str:
        return f"credential {self.pk}"

    @property
    def owes_password(self) -> bool:
        """Whether another password must be chosen: the one in use is provisional, or older than the day the office asked."""
        asked, chosen = self.password_due_at, self.password_changed_at
        return self.provisional_until is not None or (asked is not None and chosen is not None and chosen < asked)


class AccountState(models.TextChoices):
    """Where an account is in its life."""

    NEW = "new", "Jamais connecté"
    ACTIVE = "active", "Actif"
    DISABLED = "disabled", "Désactivé"
    FROZEN = "frozen", "Bloqué"


class PaymentEmails(models.TextChoices):
    """Which transfers somebody wishes to be told of by mail."""

    EACH = "each", "À chaque versement"
    CHANGES = "changes", "Quand il change"
    NONE = "none", "Aucun"


class Letters(models.TextChoices):
    """How somebody wishes to be written to, where the law leaves the choice."""

    MAIL = "mail", "Par mail, sans papier"
    PAPER = "paper", "Par mail et par lettre"


class Account(models.Model):
    """One login identifier: one partner, one person's rights there; belongs to one credential.

    ``opened_by_post`` says that its credentials came by letter, which a thief may have read: money acts wait longer.
    ``is_favourite`` and ``visited_at`` serve the choice of accounts. ``campaign_reminders`` says whether the mails that
    only remind of a campaign are wanted: those the law asks for leave whatever it says. ``payment_emails`` counts for who may
    see payments only. ``letters`` says whether paper is wanted too: what protects an access or money leaves by post whatever it
    says, and so does what is written to somebody without a mailbox. ``sort_name`` is where the account stands among those of its
    credential: the folded name of whom it acts for, which a room above keeps by triggers (landlords 0008).
    """

    reference = models.CharField(max_length=12, unique=True)
    login_id = models.CharField(max_length=10, unique=True)
    user_number = models.CharField(max_length=14)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="accounts")
    credential = models.ForeignKey(Credential, on_delete=models.PROTECT, related_name="accounts", db_index=False)
    first_name = models.CharField(max_length=60, blank=True)
    last_name = models.CharField(max_length=60, blank=True)
    job_title = models.CharField(max_length=80, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    claimed_email = models.EmailField(max_length=254, blank=True)
    state = models.CharField(max_length=10, choices=AccountState.choices, default=AccountState.NEW)
    created_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    last_signed_in_at = models.DateTimeField(null=True)
    previous_sign_in_at = models.DateTimeField(null=True)
    opened_by_post = models.BooleanField(default=False)
    disabled_at = models.DateTimeField(null=True)
    disabled_by = models.CharField(max_length=60, blank=True)
    is_favourite = models.BooleanField(default=False)
    visited_at = models.DateTimeField(null=True)
    campaign_reminders = models.BooleanField(default=True, db_default=True)
    payment_emails = models.CharField(
        max_length=8,
        choices=PaymentEmails.choices,
        default=PaymentEmails.CHANGES,
        db_default=PaymentEmails.CHANGES.value,
    )
    letters = models.CharField(
        max_length=5, choices=Letters.choices, default=Letters.MAIL, db_default=Letters.MAIL.value
    )
    sort_name = models.CharField(max_length=170, blank=True, db_collation="C", default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["credential", "partner"], name="account_one_per_partner_and_credential"),
            models.CheckConstraint(name="account_login_id_shape", condition=Q(login_id__regex=r"^[A-Z0-9]{10}$")),
        ]
        indexes = [
            models.Index(fields=["user_number"], name="account_user_number"),
            models.Index(
                "credential",
                models.ExpressionWrapper(Q(state__in=["disabled", "frozen"]), output_field=models.BooleanField()),
                "sort_name",
                "id",
                name="account_choice",
                include=["state"],
            ),
            models.Index(fields=["credential"], name="account_favourites", condition=Q(is_favourite=True)),
            models.Index(
                fields=["credential", "-visited_at"], name="account_visits", condition=Q(visited_at__isnull=False)
            ),
            models.Index(
                fields=["credential", "last_signed_in_at"],
                name="account_signed_in",
                condition=Q(last_signed_in_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.login_id
