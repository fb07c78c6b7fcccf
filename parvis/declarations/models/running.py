"""How a campaign runs, for the office: its waves of reminders, and figures counted by a job."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from parvis.correspondence.models import Channel
from parvis.landlords.models import Office

DELAYS = 8
"""Into how many classes the time from saved to sent is counted (``rules.DELAY_CLASSES``)."""


class CampaignWave(models.Model):
    """What one wave of one campaign has written by one channel, and whether an agent holds it back.

    The row is changed in the transaction that claims the accounts: what it counts is what left. It is made by the first of
    the two, a writing or a pause. ``wave`` is a name of ``waves.py`` without office; that of typed rents is ``unsent``.
    """

    year = models.PositiveSmallIntegerField()
    office = models.ForeignKey(Office, null=True, on_delete=models.PROTECT, db_index=False)
    wave = models.CharField(max_length=24)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    written = models.PositiveIntegerField(default=0)
    first_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    paused_by = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        app_label = "declarations"
        constraints = [
            models.UniqueConstraint(
                fields=["year", "office", "wave", "channel"], name="campaign_wave_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.office_id or ''} {self.wave} {self.channel}"


class CampaignDay(models.Model):
    """The July rents sent on one day at one office by one way: counted from the receipts, the last days anew each time.

    ``way`` is ``grid``, ``sheet``, ``file``, ``api`` or ``paper``. ``confirmed`` were confirmed although unusual, ``corrected``
    replace one sent before (they are not in ``sent``); ``delays`` tells the time from saved to sent by classes.
    """

    pk = models.CompositePrimaryKey("year", "caf_code", "sent_on", "way")
    year = models.PositiveSmallIntegerField()
    caf_code = models.CharField(max_length=3, db_collation="C")
    sent_on = models.DateField()
    way = models.CharField(max_length=8)
    sent = models.PositiveIntegerField()
    confirmed = models.PositiveIntegerField()
    corrected = models.PositiveIntegerField()
    delays = ArrayField(models.PositiveIntegerField())

    class Meta:
        app_label = "declarations"

    def __str__(self) -> str:
        return f"{self.year} {self.caf_code} {self.sent_on} {self.way}"


class CampaignFigure(models.Model):
    """Where one office stands in a campaign, as counted at ``counted_at``: sums of the landlords' counts."""

    pk = models.CompositePrimaryKey("year", "caf_code")
    year = models.PositiveSmallIntegerField()
    caf_code = models.CharField(max_length=3, db_collation="C")
    to_declare = models.PositiveIntegerField()
    drafted = models.PositiveIntegerField()
    to_confirm = models.PositiveIntegerField()
    to_correct = models.PositiveIntegerField()
    submitted = models.PositiveIntegerField()
    integrated = models.PositiveIntegerField()
    rejected = models.PositiveIntegerField()
    landlords = models.PositiveIntegerField()
    owing = models.PositiveIntegerField()
    owing_by_post = models.PositiveIntegerField()
    never_signed_in = models.PositiveIntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        app_label = "declarations"

    def __str__(self) -> str:
        return f"{self.year} {self.caf_code}"
