"""Campaigns: their dates, the tenancies of each, how many stand where."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from parvis.declarations.rules import STATE_GROUPS
from parvis.identity.models import Account
from parvis.landlords.models import Landlord, Office
from parvis.tenancies.models import Tenancy


class RentCampaign(models.Model):
    """The July rents of one year: when they may be declared, until when they should be. An office may have its own.

    ``own_since`` is when an office got its own: what the campaign of all offices wrote until then was written for it too.
    """

    year = models.PositiveSmallIntegerField()
    office = models.ForeignKey(Office, null=True, on_delete=models.PROTECT)
    opens_on = models.DateField()
    deadline_on = models.DateField()
    suspension_on = models.DateField()
    own_since = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "office"], name="campaign_once", nulls_distinct=False),
            models.CheckConstraint(
                name="campaign_dates_in_order",
                condition=Q(opens_on__lt=models.F("deadline_on"), deadline_on__lt=models.F("suspension_on")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.year)


class EntryState(models.TextChoices):
    """A tenancy in a campaign (ux.md B0, domain.md §4)."""

    TO_DECLARE = "to_declare", "À saisir"
    DRAFTED = "drafted", "Saisi"
    TO_CONFIRM = "to_confirm", "À confirmer"
    TO_CORRECT = "to_correct", "À corriger"
    SUBMITTED = "submitted", "Transmis"
    INTEGRATED = "integrated", "Pris en compte"
    REJECTED = "rejected", "Refusé"
    OUT = "out", "Hors campagne"


OPEN_STATES = (
    EntryState.TO_DECLARE,
    EntryState.DRAFTED,
    EntryState.TO_CONFIRM,
    EntryState.TO_CORRECT,
    EntryState.REJECTED,
)
"""Not with the office yet: the rows the grid shows first."""


class CampaignEntry(models.Model):
    """One tenancy in one campaign; copies the sort name so that one index serves the grid at any size.

    What changes in an index is written in all of them, a file changes a hundred thousand lines: besides the key there is only one,
    over groups of states that typing does not leave, merged where all are wanted (selectors.entries). That tenancy and landlord
    exist is checked by triggers (migration 0023).

    What is typed and not sent is here (decision 0021): there is a draft where ``draft_saved_at`` is told, and only while the entry
    is open. ``draft_typed`` is empty where the known rent was taken over, ``draft_cents`` null where no amount is understood. It
    becomes a declaration as it is sent, and leaves the entry. ``draft_furnished`` and ``draft_lease_holders`` are what was known of
    the lease when the amount was judged: a rent typed as the whole leaves as the whole.
    """

    pk = models.CompositePrimaryKey("year", "tenancy")
    year = models.PositiveSmallIntegerField()
    tenancy = models.ForeignKey(
        Tenancy, on_delete=models.PROTECT, related_name="campaign_entries", db_constraint=False, db_index=False
    )
    landlord = models.ForeignKey(Landlord, on_delete=models.PROTECT, db_constraint=False, db_index=False)
    state = models.CharField(max_length=12, choices=EntryState.choices, default=EntryState.TO_DECLARE)
    sort_name = models.CharField(max_length=170, db_collation="C")
    last_july_cents = models.PositiveIntegerField(null=True)
    draft_typed = models.CharField(max_length=60, null=True)
    draft_cents = models.IntegerField(null=True)
    draft_furnished = models.BooleanField(null=True)
    draft_lease_holders = models.PositiveSmallIntegerField(null=True)
    draft_warnings = models.JSONField(null=True)
    draft_confirmed = models.JSONField(null=True)
    draft_reason = models.CharField(max_length=200, null=True)
    draft_channel = models.CharField(max_length=8, null=True)
    draft_account = models.ForeignKey(
        Account, null=True, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    draft_saved_at = models.DateTimeField(null=True)
    state_group = models.GeneratedField(
        expression=models.Case(
            *(models.When(state__in=list(states), then=group) for group, states in enumerate(STATE_GROUPS))
        ),
        output_field=models.SmallIntegerField(null=True),
        db_persist=True,
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["landlord", "year", "state_group", "sort_name", "tenancy"],
                name="campaign_entry_by_state_group",
                condition=Q(state_group__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.tenancy_id} {self.state}"


class CampaignCount(models.Model):
    """How many entries of a landlord stand in each state: kept by the writes, rebuilt by a command."""

    landlord = models.ForeignKey(Landlord, on_delete=models.PROTECT)
    year = models.PositiveSmallIntegerField()
    to_declare = models.PositiveIntegerField(default=0)
    drafted = models.PositiveIntegerField(default=0)
    to_confirm = models.PositiveIntegerField(default=0)
    to_correct = models.PositiveIntegerField(default=0)
    submitted = models.PositiveIntegerField(default=0)
    integrated = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["landlord", "year"], name="campaign_count_once")]

    def __str__(self) -> str:
        return f"{self.landlord_id} {self.year}"


class CampaignOfficeCount(models.Model):
    """The share of each office in :class:`CampaignCount`: for those whose rights are limited, and for dates of its own."""

    landlord = models.ForeignKey(Landlord, on_delete=models.PROTECT, db_index=False)
    year = models.PositiveSmallIntegerField()
    caf_code = models.CharField(max_length=3, db_collation="C")
    to_declare = models.PositiveIntegerField(default=0)
    drafted = models.PositiveIntegerField(default=0)
    to_confirm = models.PositiveIntegerField(default=0)
    to_correct = models.PositiveIntegerField(default=0)
    submitted = models.PositiveIntegerField(default=0)
    integrated = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["landlord", "year", "caf_code"], name="campaign_office_count_once"),
        ]
        indexes = [models.Index(fields=["year", "caf_code", "landlord"], name="campaign_count_by_office")]

    def __str__(self) -> str:
        return f"{self.landlord_id} {self.year} {self.caf_code}"
