"""The tasks as they last ran."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Outcome(models.TextChoices):
    """How a task last ended; running and nobody at it: whoever ran it died."""

    NEVER = "never", "Pas encore lancée"
    RUNNING = "running", "En cours"
    DONE = "done", "Faite"
    FAILED = "failed", "Échouée"


class TaskRun(models.Model):
    """One row a task: its last run and its next. ``failures`` counts those since it last went well; ``failure`` names the last.

    ``done_at`` is when it last went well, ``worked_at`` when it last found something to do.
    """

    name = models.CharField(max_length=40, unique=True)
    due_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.NEVER)
    counts = models.JSONField(default=dict)
    took_ms = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    worked_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    failure = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField(null=True)
    asked_by = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=[value for value, _ in Outcome.choices]), name="task_run_outcome"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.outcome}"


class RequestFigure(models.Model):
    """Answers given since the instance was born, by route and sort of answer (``2xx``): how many, how long they took in all,
    how many took so long at most; and by why nothing could be done then (``locked``, ``slow``, ``away``, ``full``): how many.
    Figures of the instance, of nobody."""

    route = models.CharField(max_length=80)
    status = models.CharField(max_length=8)
    count = models.PositiveBigIntegerField(default=0)
    seconds = models.FloatField(default=0)
    within_25ms = models.PositiveBigIntegerField(default=0)
    within_100ms = models.PositiveBigIntegerField(default=0)
    within_500ms = models.PositiveBigIntegerField(default=0)
    within_2s = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["route", "status"], name="request_figure_once")]

    def __str__(self) -> str:
        return f"{self.route} {self.status}"
