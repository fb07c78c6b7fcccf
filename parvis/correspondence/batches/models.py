"""One batch of letters. Its letters point to it: each is in one batch at most."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

WAITING = """m.channel = 'letter' AND m.state = 'sent' AND m.batch_id IS NULL AND m.number <> '' AND (
  m.after_id IS NULL OR EXISTS (SELECT 1 FROM correspondence_message f LEFT JOIN correspondence_letterbatch b ON b.id = f.batch_id
    WHERE f.id = m.after_id AND (f.channel <> 'letter' OR b.posted_on + COALESCE(m.after_delay, interval '0') <= %(today)s::date)))"""
"""The letters ``m`` that may be batched: a password waits until its identifier was posted long enough ago, so that the two never
travel together (security.md T28)."""


class BatchState(models.TextChoices):
    """Where a batch is."""

    PREPARED = "prepared", "Préparé"
    APPROVED = "approved", "Validé"
    HANDED_OVER = "handed_over", "Envoyé à l’éditique"
    POSTED = "posted", "Posté"
    ABANDONED = "abandoned", "Abandonné"


class LetterBatch(models.Model):
    """Letters that go to the printing house together.

    ``template`` and ``office`` are what they were chosen by, empty for all; ``price_cents`` is that of one letter on the day.
    Its files exist from ``made_at`` on: one ZIP for every ``files.PART`` letters and a manifest. ``failure`` says why they could
    not be made, or what to ask of the printing house about one found again after a restore. ``expected_on``
    is the day by which all should have arrived.
    """

    number = models.CharField(max_length=16, unique=True)
    template = models.CharField(max_length=80, blank=True)
    office = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=12, choices=BatchState.choices, default=BatchState.PREPARED)
    count = models.PositiveIntegerField(default=0)
    price_cents = models.PositiveIntegerField()
    has_secrets = models.BooleanField(default=False)
    prepared_at = models.DateTimeField()
    prepared_by = models.CharField(max_length=60)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.CharField(max_length=60, blank=True)
    is_over_budget = models.BooleanField(default=False)
    made_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=200, blank=True)
    handed_over_at = models.DateTimeField(null=True)
    handed_over_by = models.CharField(max_length=60, blank=True)
    posted_on = models.DateField(null=True)
    posted_by = models.CharField(max_length=60, blank=True)
    expected_on = models.DateField(null=True)

    class Meta:
        app_label = "correspondence"
        constraints = [
            models.CheckConstraint(
                name="batch_takes_two_people", condition=Q(approved_at__isnull=True) | ~Q(approved_by=F("prepared_by"))
            ),
            models.CheckConstraint(
                name="batch_leaves_approved_and_made",
                condition=~Q(state__in=["handed_over", "posted"])
                | Q(approved_at__isnull=False, made_at__isnull=False, handed_over_at__isnull=False),
            ),
            models.CheckConstraint(
                name="batch_posted_has_its_day", condition=~Q(state="posted") | Q(posted_on__isnull=False)
            ),
        ]
        indexes = [
            models.Index(
                fields=["approved_at"], name="batch_to_make", condition=Q(state="approved", made_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def cost_cents(self) -> int:
        """What posting it costs."""
        return self.count * self.price_cents
