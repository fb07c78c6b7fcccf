"""What was changed: values, texts and banners; what was not is in the code only."""

from __future__ import annotations

import uuid

from django.db import models


class ParameterValue(models.Model):
    """One value given to a parameter. The newest counts; the others are its history. ``decision`` is the reference of a written one.

    With ``office_code`` it is the own value of an office; none then means that of all offices again.
    """

    name = models.CharField(max_length=60)
    office_code = models.CharField(max_length=3, blank=True, default="", db_default="")
    value = models.IntegerField(null=True)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=60)
    reason = models.CharField(max_length=200, blank=True, default="", db_default="")
    decision = models.CharField(max_length=80, blank=True, default="", db_default="")

    class Meta:
        indexes = [models.Index(fields=["name", "office_code", "-id"], name="parameter_newest")]
        constraints = [
            models.CheckConstraint(
                name="parameter_of_all_has_a_value", condition=models.Q(value__isnull=False) | ~models.Q(office_code="")
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}={self.value}"


class EditedText(models.Model):
    """One version of a text that was edited. The newest counts; without fields, the text is again what the portal came with."""

    family = models.CharField(max_length=30)
    key = models.CharField(max_length=80)
    fields = models.JSONField(default=dict)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=60)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["family", "key", "-id"], name="edited_text_newest")]

    def __str__(self) -> str:
        return f"{self.family}/{self.key}"


class BannerKind(models.TextChoices):
    """How urgent a banner looks."""

    INFO = "info", "Information"
    WARM = "warm", "À ne pas manquer"
    BAD = "bad", "Incident"


class Banner(models.Model):
    """« À savoir » : a few words shown for some days to the landlords of an office, or to everybody."""

    reference = models.UUIDField(unique=True, default=uuid.uuid4)
    kind = models.CharField(max_length=4, choices=BannerKind.choices)
    title = models.CharField(max_length=80)
    body = models.CharField(max_length=300)
    office_code = models.CharField(max_length=3, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=60)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["ends_on"], name="banner_live", condition=models.Q(withdrawn_at=None))]
        constraints = [
            models.CheckConstraint(
                name="banner_ends_after_it_starts", condition=models.Q(ends_on__gte=models.F("starts_on"))
            )
        ]

    def __str__(self) -> str:
        return self.title
