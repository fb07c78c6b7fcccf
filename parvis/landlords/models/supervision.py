"""What the office, an administrator or the clock takes from users, and how it comes back (security.md §2.10)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from parvis.identity.models import Account
from parvis.kit.actors import RIGHT_LABELS
from parvis.landlords.models.landlords import Landlord, Office

_RIGHTS = [(right.value, label) for right, label in RIGHT_LABELS.items()]


class SuspendedRight(models.Model):
    """A right taken from a user until it is given back: by an agent (``by_office``), who alone gives it back; or unused for a year.

    The right itself has ended (``Habilitation``); ``ends_at`` is the end it had, kept for the day it comes back.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="suspended_rights")
    right = models.CharField(max_length=15, choices=_RIGHTS)
    by_office = models.BooleanField()
    suspended_at = models.DateTimeField()
    suspended_by = models.CharField(max_length=60)
    reason = models.CharField(max_length=200, blank=True)
    ends_at = models.DateTimeField(null=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "right"], name="suspended_right_one_live", condition=Q(lifted_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.right}"


class WithdrawnDelegation(models.Model):
    """An office that no longer lets a user act for it, until an agent of it says otherwise; no administrator may.

    ``had_all``: they acted for every office before, those that come later too, and do again once nothing is withdrawn.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="withdrawn_delegations")
    office = models.ForeignKey(Office, on_delete=models.PROTECT)
    had_all = models.BooleanField(default=False, db_default=False)
    withdrawn_at = models.DateTimeField()
    withdrawn_by = models.CharField(max_length=60)
    reason = models.CharField(max_length=200)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "office"], name="withdrawn_delegation_one_live", condition=Q(lifted_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.office_id}"


class RemovedAdministrator(models.Model):
    """An administrator whom another one removed: until ``reversible_until`` an agent may give back what was held."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="removals")
    removed_at = models.DateTimeField()
    removed_by = models.CharField(max_length=60)
    rights = ArrayField(models.CharField(max_length=15))
    was_closed = models.BooleanField()
    reversible_until = models.DateTimeField()
    reversed_at = models.DateTimeField(null=True)
    reversed_by = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes = [models.Index(fields=["account"], name="removal_live", condition=Q(reversed_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.account_id} {self.removed_at}"


class AdministratorConfirmation(models.Model):
    """A new administrator vouched for by two agents: proposed by one, confirmed by another, for the time they hold the role."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="confirmations")
    proposed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=60)
    reason = models.CharField(max_length=200)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=60, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"], name="confirmation_one_live", condition=Q(confirmed_at__isnull=True)
            ),
            models.CheckConstraint(
                name="confirmation_by_two",
                condition=Q(confirmed_at__isnull=True) | (~Q(confirmed_by="") & ~Q(confirmed_by=F("proposed_by"))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.proposed_at}"


class UnusedWarning(models.Model):
    """When a user was told that their unused rights will be suspended."""

    account = models.OneToOneField(Account, on_delete=models.PROTECT, primary_key=True, related_name="unused_warning")
    warned_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.account_id} {self.warned_at}"


class RightsReview(models.Model):
    """A look, due every year, at who may do what in an organisation; confirmed by an administrator, or still awaited."""

    landlord = models.ForeignKey(Landlord, on_delete=models.PROTECT, related_name="rights_reviews")
    due_on = models.DateField()
    told_at = models.DateTimeField()
    told_again_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="rights_reviews")
    users = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["landlord"], name="rights_review_one_live", condition=Q(confirmed_at__isnull=True)
            ),
        ]
        indexes = [models.Index(fields=["due_on"], name="rights_review_late", condition=Q(confirmed_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.landlord_id} {self.due_on}"
