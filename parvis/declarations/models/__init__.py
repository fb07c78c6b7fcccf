"""What the landlord states: campaigns, declarations, receipts."""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q, Value

from parvis.declarations.bulk.models import RentFile as RentFile
from parvis.declarations.bulk.models import RentFileBlock as RentFileBlock
from parvis.declarations.bulk.models import RentFileRow as RentFileRow
from parvis.declarations.bulk.models import RentUpload as RentUpload
from parvis.declarations.models.campaigns import OPEN_STATES as OPEN_STATES
from parvis.declarations.models.campaigns import CampaignCount as CampaignCount
from parvis.declarations.models.campaigns import CampaignEntry as CampaignEntry
from parvis.declarations.models.campaigns import CampaignOfficeCount as CampaignOfficeCount
from parvis.declarations.models.campaigns import EntryState as EntryState
from parvis.declarations.models.campaigns import RentCampaign as RentCampaign
from parvis.declarations.models.running import CampaignDay as CampaignDay
from parvis.declarations.models.running import CampaignFigure as CampaignFigure
from parvis.declarations.models.running import CampaignWave as CampaignWave
from parvis.declarations.services.reminders.models import CampaignReminder as CampaignReminder
from parvis.identity.models import Account
from parvis.landlords.models import Landlord, Office
from parvis.tenancies.models import RandomReference, Tenancy


class Receipt(models.Model):
    """The electronic acknowledgement of one sending (CRPA L.112-11, R.112-11-1): immutable, verifiable.

    ``number`` reads ``AR-2026-07-000123``. ``submission_key`` is the form's own key: sent twice, it gives this same receipt.
    ``shown`` is the fingerprint of what the person saw before sending: a colleague who saw the same is told of this receipt.
    ``stated`` is what is printed of landlord, sender and office, kept by triggers. ``is_of_rents``: of July rents and nothing else.
    """

    number = models.CharField(max_length=24, unique=True)
    landlord = models.ForeignKey(Landlord, on_delete=models.PROTECT)
    office = models.ForeignKey(Office, on_delete=models.PROTECT)
    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    person = models.CharField(max_length=130)
    submission_key = models.UUIDField()
    at = models.DateTimeField()
    count = models.PositiveIntegerField()
    content_hash = models.BinaryField(max_length=32)
    shown = models.CharField(max_length=32, blank=True, db_default=Value(""))
    stated = models.JSONField(null=True)
    is_of_rents = models.BooleanField(default=True, db_default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["landlord", "submission_key", "office"], name="receipt_one_per_submission")
        ]
        # The second is of blocks, not of rows: it costs a sending nothing, and finds the receipts of the last days.
        indexes = [
            models.Index(fields=["landlord", "-at"], name="receipt_by_landlord"),
            BrinIndex(fields=["at"], name="receipt_by_moment"),
        ]

    def __str__(self) -> str:
        return self.number


class Kind(models.TextChoices):
    """What is declared (product.md §3.2)."""

    JULY_RENT = "july_rent", "Déclaration de loyer"
    PREVIOUS_JULY_RENT = "previous_july_rent", "Loyer de juillet de l’année précédente"
    ARREARS = "arrears", "Déclaration d’un impayé"
    MOVE_OUT = "move_out", "Déménagement du locataire"
    LEASE_HOLDERS = "lease_holders", "Nouvelle colocation"
    DEATH = "death", "Décès du locataire"
    END_OF_MANAGEMENT = "end_of_management", "Fin de gestion ou vente"


class SubmissionChannel(models.TextChoices):
    """By which way a declaration came."""

    PAGE = "page", "Page"
    FILE = "file", "Fichier"
    API = "api", "API"
    PAPER = "paper", "Papier"


OF_JULY = ["july_rent", "previous_july_rent"]
"""The kinds that a campaign asks for: one a tenancy and year."""
SENT = Q(submitted_at__isnull=False)
LEAVING = Q(state__in=["submitted", "corrected"], sent_at__isnull=True)
"""Accepted and not in an outgoing delivery yet."""
FOLLOWS = Q(details__has_key="stage")
"""What follows a report of arrears: it does not wait for the decision about that report."""
WITH_THE_OFFICE = Q(state__in=["submitted", "sent", "manual"])
LIVE_RENT = Q(kind__in=OF_JULY) & ~Q(state__in=["rejected", "corrected", "abandoned"]) & Q(revises=False)
"""What is declared for a July: one a tenancy and year. What only asks to correct it is beside it until it is taken in."""
TAKEN_BACK = Q(details__has_key="withdrawn")
"""What takes a declaration back: one a declaration already, since it corrects it."""
ASKED_AGAIN = Q(remind_on__isnull=False)


class Declaration(models.Model):
    """One statement about one tenancy. A draft can be edited; once sent it is read-only and corrected by another one. The draft of a
    July rent is in its campaign entry (decision 0021).

    ``reference`` reads ``D-2026-000000123-K`` and exists from the sending on, as addresses with ``opaque`` do. ``details`` are those of
    the kind (exchange-formats.md); ``warnings`` what the checks asked to confirm, ``confirmed`` what the person confirmed.
    ``stated`` is the tenant as printed on the receipt, kept at the sending.

    Of the kinds asked by questions, ``answers`` are the words typed, ``printed`` what the check page and the receipt say of them.
    ``revises``: it asks the office to correct what it took in, which stands until it takes this one in; false from then on.
    From ``remind_on`` its landlord is asked about it again (a debt that grows, a departure to come); told at ``reminded_at``.
    ``effect_on`` is the day to come on which an end of management that the office took in ends the tenancy; empty once it did.

    That tenancy, landlord, account, receipt and what is corrected exist is checked once a statement, not once a row (migrations
    0013 and 0023): a file writes a hundred thousand of them. None of them is ever deleted.
    """

    opaque = models.UUIDField(db_default=RandomReference())
    reference = models.CharField(max_length=24, null=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    tenancy = models.ForeignKey(Tenancy, on_delete=models.PROTECT, related_name="declarations", db_constraint=False)
    landlord = models.ForeignKey(Landlord, on_delete=models.PROTECT, db_constraint=False, db_index=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, db_constraint=False, db_index=False)
    year = models.PositiveSmallIntegerField(null=True)
    details = models.JSONField(default=dict)
    answers = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    printed = models.JSONField(null=True)
    stated = models.JSONField(null=True)
    typed = models.CharField(max_length=60, blank=True)
    warnings = models.JSONField(default=list)
    confirmed = models.JSONField(default=list)
    confirmed_reason = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=12, default="draft")
    channel = models.CharField(max_length=8, choices=SubmissionChannel.choices, default=SubmissionChannel.PAGE)
    rule = models.CharField(max_length=20, blank=True)
    corrects = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.PROTECT,
        related_name="corrections",
        db_constraint=False,
        db_index=False,
    )
    revises = models.BooleanField(default=False, db_default=False)
    receipt = models.ForeignKey(
        Receipt,
        null=True,
        on_delete=models.PROTECT,
        related_name="declarations",
        db_constraint=False,
        db_index=False,
    )
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    reason_code = models.CharField(max_length=40, blank=True)
    remind_on = models.DateField(null=True)
    reminded_at = models.DateTimeField(null=True)
    effect_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenancy", "kind", "year"],
                name="declaration_one_july_rent_standing",
                condition=LIVE_RENT,
            ),
            models.UniqueConstraint(
                fields=["tenancy", "kind", "year"],
                name="declaration_one_revision_of_a_july",
                condition=Q(kind__in=OF_JULY) & WITH_THE_OFFICE & Q(revises=True),
            ),
            models.UniqueConstraint(
                fields=["tenancy", "landlord", "kind"],
                name="declaration_one_draft_per_kind",
                condition=Q(state="draft") & ~Q(kind__in=OF_JULY),
            ),
            models.UniqueConstraint(
                fields=["tenancy", "landlord", "kind"],
                name="declaration_one_with_the_office_per_kind",
                condition=Q(state__in=["submitted", "sent", "manual"]) & ~Q(kind__in=OF_JULY) & ~FOLLOWS & ~TAKEN_BACK,
            ),
            models.UniqueConstraint(
                fields=["tenancy", "landlord", "kind"],
                name="declaration_one_that_follows_with_the_office",
                condition=Q(state__in=["submitted", "sent", "manual"]) & FOLLOWS,
            ),
            models.UniqueConstraint(
                fields=["corrects"],
                name="declaration_replaced_once",
                condition=Q(corrects__isnull=False)
                & ~Q(state__in=["rejected", "abandoned"])
                & ~Q(revises=True, state="corrected"),
            ),
            models.UniqueConstraint(
                fields=["reference"], name="declaration_reference_once", condition=Q(reference__isnull=False)
            ),
            models.UniqueConstraint(fields=["opaque"], name="declaration_opaque_once", condition=SENT),
            models.CheckConstraint(
                name="declaration_sent_has_its_receipt",
                condition=Q(state__in=["draft", "abandoned"])
                | Q(reference__isnull=False, receipt__isnull=False, submitted_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["landlord", "-submitted_at"], name="declaration_by_landlord", condition=SENT),
            models.Index(
                fields=["landlord", "kind", "-submitted_at", "-id"],
                name="declaration_by_kind",
                condition=SENT & ~Q(kind__in=OF_JULY),
            ),
            models.Index(fields=["receipt", "id"], name="declaration_in_receipt", condition=Q(receipt__isnull=False)),
            models.Index(fields=["corrects"], name="declaration_corrections", condition=Q(corrects__isnull=False)),
            models.Index(fields=["submitted_at", "id"], name="declaration_leaving", condition=LEAVING),
            models.Index(fields=["submitted_at", "opaque"], name="declaration_manual", condition=Q(state="manual")),
            models.Index(fields=["landlord", "remind_on"], name="declaration_asked_again", condition=ASKED_AGAIN),
            models.Index(fields=["tenancy"], name="declaration_of_death", condition=Q(kind="death")),
            models.Index(fields=["effect_on"], name="declaration_to_take_effect", condition=Q(effect_on__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.reference or f"draft {self.pk}"


class Bundle(models.Model):
    """What is chosen to be declared about one tenancy, together: codes of :class:`Kind` in the order of the sending. Shared."""

    tenancy = models.ForeignKey(Tenancy, on_delete=models.PROTECT, related_name="bundles")
    landlord = models.ForeignKey(Landlord, on_delete=models.PROTECT)
    kinds = models.JSONField(default=list)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenancy", "landlord"], name="bundle_once")]
        indexes = [models.Index(fields=["landlord", "-saved_at"], name="bundle_by_landlord")]

    def __str__(self) -> str:
        return f"{self.tenancy_id}: {', '.join(self.kinds)}"
