"""The office's information system: what came, what was refused and why, what left."""

from __future__ import annotations

from django.db import models
from django.db.models import Q, Value

from parvis.changes.models import AwaitedPaper, ChangeRequest
from parvis.declarations.models import Declaration


class DeliveryState(models.TextChoices):
    """Where an incoming delivery is."""

    REFUSED = "refused", "Refusée"
    LOADING = "loading", "En cours"
    HELD = "held", "Retenue"
    LOADED = "loaded", "Chargée"


class Delivery(models.Model):
    """An incoming delivery. ``digest`` is the fingerprint of its files' checksums: same sequence, same digest, nothing to do.

    A refused delivery keeps its row, for the sentence; the same sequence may be delivered again, mended. ``asked_by`` is the
    agent who asks that a held one be released; another one agrees.
    """

    sequence = models.PositiveIntegerField()
    digest = models.BinaryField(null=True, max_length=32)
    producer = models.CharField(max_length=40, blank=True)
    produced_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=DeliveryState.choices)
    sentence = models.TextField(blank=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    asked_by = models.CharField(max_length=60, blank=True, db_default=Value(""))
    asked_at = models.DateTimeField(null=True)
    released_by = models.CharField(max_length=60, blank=True)
    release_reason = models.CharField(max_length=300, blank=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sequence"], name="delivery_accepted_once", condition=~Q(state="refused")),
        ]

    def __str__(self) -> str:
        return f"{self.sequence:06d}"


class FileState(models.TextChoices):
    """Where one file of a delivery is."""

    WAITING = "waiting", "En attente"
    HELD = "held", "Retenu"
    LOADED = "loaded", "Chargé"


class DeliveryFile(models.Model):
    """One file of a delivery: wholly in or wholly out, with its counts. ``header`` is its first line: its lines can be given back.

    ``figures`` of a held file: each office's code, what is active there, what the file would end.
    """

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="files")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    mode = models.CharField(max_length=5)
    rows = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    header = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=FileState.choices, default=FileState.WAITING)
    sentence = models.TextField(blank=True)
    figures = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    ended = models.PositiveIntegerField(default=0)
    set_aside = models.PositiveIntegerField(default=0)
    waiting = models.PositiveIntegerField(default=0)
    warnings = models.JSONField(default=list)
    loaded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery", "position"], name="delivery_file_once")]

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.name}"


class LineState(models.TextChoices):
    """What became of a line that did not go in."""

    REFUSED = "refused", "Écartée"
    WAITING = "waiting", "En attente"
    TAKEN = "taken", "Prise ensuite"
    SUPERSEDED = "superseded", "Remplacée"


class SetAsideLine(models.Model):
    """A line that did not go in: number, field, sentence. The line itself is encrypted, as it may hold a NIR or an IBAN."""

    file = models.ForeignKey(DeliveryFile, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    field = models.CharField(max_length=40, blank=True)
    sentence = models.TextField()
    line = models.BinaryField()
    line_key = models.CharField(max_length=80, blank=True)
    waits_for = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=10, choices=LineState.choices)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["waits_for"], name="set_aside_waits_for", condition=Q(state="waiting")),
            models.Index(fields=["line_key"], name="set_aside_key", condition=Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return f"{self.file_id}:{self.number}"

    @property
    def column(self) -> str:
        """What the encrypted line is bound to: copied to another row it does not open."""
        return f"exchange_setasideline.line|{self.file_id}:{self.number}"


class OutgoingDelivery(models.Model):
    """A delivery written for the information system. Once sealed it never changes; it can be written again, byte for byte.

    What the office answered of its declarations and changes is counted by a task as answers come, until nothing is without a decision:
    ``taken``, ``refused``, ``by_hand``, ``unanswered``; what its landlord replaced meanwhile is none of these.
    """

    sequence = models.PositiveIntegerField(unique=True)
    produced_at = models.DateTimeField()
    rows = models.PositiveIntegerField()
    manifest = models.TextField()
    sha256 = models.CharField(max_length=64)
    change_rows = models.PositiveIntegerField(default=0, db_default=0)
    change_sha256 = models.CharField(max_length=64, blank=True, db_default=Value(""))
    paper_rows = models.PositiveIntegerField(default=0, db_default=0)
    paper_sha256 = models.CharField(max_length=64, blank=True, db_default=Value(""))
    written_at = models.DateTimeField(null=True)
    again_asked_at = models.DateTimeField(null=True)
    again_asked_by = models.CharField(max_length=60, blank=True, db_default=Value(""))
    taken = models.PositiveIntegerField(default=0, db_default=0)
    refused = models.PositiveIntegerField(default=0, db_default=0)
    by_hand = models.PositiveIntegerField(default=0, db_default=0)
    unanswered = models.PositiveIntegerField(default=0, db_default=0)
    counted_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.sequence:06d}"


class OutgoingLine(models.Model):
    """One declaration in one outgoing delivery: the exact bytes of its line. A declaration leaves once."""

    delivery = models.ForeignKey(OutgoingDelivery, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    declaration = models.OneToOneField(Declaration, on_delete=models.PROTECT, related_name="outgoing_line")
    line = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery", "position"], name="outgoing_line_once")]

    def __str__(self) -> str:
        return f"{self.delivery_id}:{self.position}"


class OutgoingChange(models.Model):
    """One change in one outgoing delivery: the bytes of its line, encrypted, as they may hold an IBAN. A change leaves once."""

    delivery = models.ForeignKey(OutgoingDelivery, on_delete=models.PROTECT, related_name="changes")
    position = models.PositiveIntegerField()
    change = models.OneToOneField(ChangeRequest, on_delete=models.PROTECT, related_name="outgoing_line")
    line = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery", "position"], name="outgoing_change_once")]

    def __str__(self) -> str:
        return f"{self.delivery_id}:{self.position}"


class OutgoingPaper(models.Model):
    """One paper that was awaited, in one outgoing delivery: the bytes of its line. A paper leaves once."""

    delivery = models.ForeignKey(OutgoingDelivery, on_delete=models.PROTECT, related_name="papers")
    position = models.PositiveIntegerField()
    paper = models.OneToOneField(AwaitedPaper, on_delete=models.PROTECT, related_name="outgoing_line")
    line = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery", "position"], name="outgoing_paper_once")]

    def __str__(self) -> str:
        return f"{self.delivery_id}:{self.position}"
