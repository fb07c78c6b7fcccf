"""Opinions as counts, remarks as they were typed, and when a person was last asked. Nothing joins an opinion to its author."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class OpinionFigure(models.Model):
    """How many gave one score to one journey in one month (its first day)."""

    journey = models.CharField(max_length=30)
    month = models.DateField()
    score = models.PositiveSmallIntegerField()
    answers = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["journey", "month", "score"], name="opinion_figure_once"),
            models.CheckConstraint(condition=Q(score__gte=1, score__lte=5), name="opinion_figure_score"),
        ]

    def __str__(self) -> str:
        return f"{self.journey} {self.month:%Y-%m} {self.score}: {self.answers}"


class Remark(models.Model):
    """What somebody would change, in their own words, with the score they gave and the month; nothing of who they are."""

    journey = models.CharField(max_length=30)
    month = models.DateField()
    score = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=500)

    class Meta:
        indexes = [models.Index(fields=["journey", "id"], name="remark_by_journey")]

    def __str__(self) -> str:
        return f"{self.journey} {self.month:%Y-%m}"


class Asked(models.Model):
    """When a person (``identity.Credential``) was last asked, and whether they answered: never what."""

    credential_id = models.BigIntegerField(unique=True)
    asked_on = models.DateField()
    is_answered = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.credential_id} {self.asked_on}"


class HelpFigure(models.Model):
    """How often an article of help was said to have helped, and not to, in one month (its first day)."""

    article = models.CharField(max_length=80)
    month = models.DateField()
    helped = models.PositiveIntegerField(default=0)
    did_not = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["month", "article"], name="help_figure_once")]

    def __str__(self) -> str:
        return f"{self.article} {self.month:%Y-%m}"
