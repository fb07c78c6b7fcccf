"""The values that were changed; those that were not are in the catalogue only."""

from __future__ import annotations

from django.db import models


class ParameterValue(models.Model):
    """One value given to a parameter. The newest counts; the others are its history."""

    name = models.CharField(max_length=60)
    value = models.IntegerField()
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=60)

    class Meta:
        indexes = [models.Index(fields=["name", "-id"], name="parameter_newest")]

    def __str__(self) -> str:
        return f"{self.name}={self.value}"
