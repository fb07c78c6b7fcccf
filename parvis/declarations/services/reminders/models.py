"""What remains of a reminder: that it was written. The mail itself is the correspondence's."""

from __future__ import annotations

from django.db import models

from parvis.identity.models import Account


class CampaignReminder(models.Model):
    """One wave of one campaign written to one account: its uniqueness is what keeps anybody from being told twice.

    ``wave`` is a word of ``waves.py``, or of ``by_post.py`` for a letter to the landlord of the account; that of typed rents
    carries the day they were last touched.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, db_index=False)
    year = models.PositiveSmallIntegerField()
    wave = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        app_label = "declarations"
        constraints = [models.UniqueConstraint(fields=["account", "year", "wave"], name="campaign_reminder_once")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.year} {self.wave}"
