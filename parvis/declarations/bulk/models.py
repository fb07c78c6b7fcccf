"""A file of July rents, and its lines as they were judged; a file of several accounts, until it is parted between them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from parvis.identity.models import Account, Credential
from parvis.landlords.models import Landlord
from parvis.tenancies.models import RandomReference, Tenancy


class FileState(models.TextChoices):
    """Where a file stands."""

    RECEIVED = "received", "Reçu"
    COLUMNS = "columns", "Colonne à choisir"
    READING = "reading", "Contrôle en cours"
    READY = "ready", "Contrôlé"
    CONFIRMING = "confirming", "Enregistrement en cours"
    CONFIRMED = "confirmed", "Confirmé"
    REFUSED = "refused", "Illisible"
    ABANDONED = "abandoned", "Abandonné"


class LineState(models.TextChoices):
    """What is thought of one line."""

    READY = "ready", "Prêt"
    TO_CONFIRM = "to_confirm", "À confirmer"
    TO_CORRECT = "to_correct", "À corriger"
    CONFLICT = "conflict", "À choisir"
    NO_AMOUNT = "no_amount", "Sans montant"
    UNKNOWN = "unknown", "Inconnu"
    SENT = "sent", "Déjà transmis"
    IGNORED = "ignored", "Ignorée"


class UploadState(models.TextChoices):
    """Where a file of several accounts stands."""

    RECEIVED = "received", "Reçu"
    COLUMNS = "columns", "Colonne à choisir"
    PARTED = "parted", "Réparti"
    REFUSED = "refused", "Illisible"
    ABANDONED = "abandoned", "Abandonné"


class RentUpload(models.Model):
    """A table with rents of several accounts of one person: read once, its lines parted into a :class:`RentFile` of each account.

    ``lines`` were handed on so. ``strays`` are the first of the lines that no account took, each as number, tenant, amount,
    sentence and cells; ``stray_count`` is how many there are, ``ignored`` how many of them name nobody, such as a total. ``unfilled`` names
    accounts whose lines say no amount, with how many lines. ``told_at`` is when all parts had been read. ``year``, ``content``,
    ``header``, ``columns``, ``tries`` are those of a file.
    """

    reference = models.UUIDField(unique=True, db_default=RandomReference())
    credential = models.ForeignKey(Credential, on_delete=models.CASCADE, db_index=False)
    year = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    content = models.BinaryField(null=True)
    state = models.CharField(max_length=10, choices=UploadState.choices, default=UploadState.RECEIVED)
    refusal = models.CharField(max_length=300, blank=True)
    header = models.JSONField(default=list)
    columns = models.JSONField(default=dict)
    lines = models.PositiveIntegerField(default=0)
    strays = models.JSONField(default=list)
    stray_count = models.PositiveIntegerField(default=0)
    ignored = models.PositiveIntegerField(default=0, db_default=0)
    unfilled = models.JSONField(default=list)
    in_background = models.BooleanField(default=False)
    leased_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    received_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["credential", "-received_at"], name="rent_upload_by_credential"),
            models.Index(
                fields=["received_at"], name="rent_upload_to_part", condition=models.Q(state=UploadState.RECEIVED)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.state})"


class RentFile(models.Model):
    """A table somebody sent: kept until it is confirmed or abandoned; its lines follow.

    ``columns`` says which column is what, ``header`` what stood above them. ``checked`` is the last line judged: work that
    was cut short goes on from there. ``counts`` has the number of lines of each state. ``wish`` is what was asked when it was
    confirmed: ``send`` or ``keep``. ``tries`` counts how often a worker took it up since it was last asked for. Of an ``upload``
    of several accounts it holds the lines of this one, at the numbers they have there, under its ``head_lines``.
    """

    reference = models.UUIDField(unique=True, db_default=RandomReference())
    landlord = models.ForeignKey(Landlord, on_delete=models.PROTECT)
    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    person = models.CharField(max_length=130, blank=True)
    offices = models.JSONField(default=list)
    year = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    content = models.BinaryField(null=True)
    state = models.CharField(max_length=10, choices=FileState.choices, default=FileState.RECEIVED)
    refusal = models.CharField(max_length=300, blank=True)
    header = models.JSONField(default=list)
    columns = models.JSONField(default=dict)
    expected = models.PositiveIntegerField(default=0)
    checked = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    in_background = models.BooleanField(default=False)
    wish = models.CharField(max_length=4, blank=True)
    wants_unsure = models.BooleanField(default=False)
    kept = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    received_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    upload = models.ForeignKey(RentUpload, null=True, on_delete=models.SET_NULL, related_name="parts")
    head_lines = models.PositiveIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["account", "-received_at"], name="rent_file_by_account"),
            models.Index(
                fields=["received_at"],
                name="rent_file_to_work_on",
                condition=models.Q(state__in=["received", "reading", "confirming"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.state})"


class RentFileBlock(models.Model):
    """Up to a thousand lines of a file of which nothing is to be said: ready, each with its tenancy, its amount, what was typed.

    Nearly all lines are such, and a row for each cost more than judging it. ``first`` and ``last`` bound its lines, which are
    in order; a line that comes to say something leaves for a :class:`RentFileRow` (``blocks.take_out``).
    """

    pk = models.CompositePrimaryKey("file", "first")
    file = models.ForeignKey(
        RentFile, on_delete=models.CASCADE, related_name="blocks", db_index=False, db_constraint=False
    )
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()
    lines = ArrayField(models.PositiveIntegerField())
    tenancies = ArrayField(models.BigIntegerField())
    cents = ArrayField(models.PositiveIntegerField())
    typed = ArrayField(models.CharField(max_length=60))

    def __str__(self) -> str:
        return f"{self.file_id}:{self.first}–{self.last}"


class RentFileRow(models.Model):
    """One line of a file that is not in a :class:`RentFileBlock`.

    ``shown`` names it when no tenancy was found; ``fault`` says what the amount itself does not tell.

    ``other_cents`` is the amount that stands against it: typed on screen (conflict) or sent already. The file is not checked by
    the database at each of a hundred thousand lines: its own work writes them, and they are forgotten with it.
    """

    pk = models.CompositePrimaryKey("file", "line")
    file = models.ForeignKey(
        RentFile, on_delete=models.CASCADE, related_name="rows", db_index=False, db_constraint=False
    )
    line = models.PositiveIntegerField()
    tenancy = models.ForeignKey(Tenancy, null=True, on_delete=models.DO_NOTHING, db_index=False, db_constraint=False)
    shown = models.CharField(max_length=80, blank=True)
    typed = models.CharField(max_length=60, blank=True)
    previous_typed = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=10, choices=LineState.choices)
    cents = models.IntegerField(null=True)
    previous_cents = models.IntegerField(null=True)
    other_cents = models.IntegerField(null=True)
    warnings = models.JSONField(default=list)
    confirmed = models.JSONField(default=list)
    reason = models.CharField(max_length=200, blank=True)
    fault = models.CharField(max_length=300, blank=True)
    is_formula = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["file", "state", "line"], name="rent_file_row_by_state")]

    def __str__(self) -> str:
        return f"{self.file_id}:{self.line} {self.state}"
