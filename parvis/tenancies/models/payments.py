"""The payments of aid: line by line, transfer by transfer, what a transfer changes."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value

from parvis.landlords.models import Landlord
from parvis.tenancies.models.tenancies import Tenancy


class PaymentKind(models.TextChoices):
    """What a line of payment is."""

    AID = "aid", "Aide"
    BACK_PAYMENT = "back_payment", "Rappel"
    RECOVERY = "recovery", "Retenue"


class Payment(models.Model):
    """One line of a transfer to a landlord; a recovery is negative, an aid of 0 says by its reason why nothing came.
    ``remaining_cents`` is what is still to be withheld after a recovery, where the office says so. ``account_last4``: the
    last four signs of the IBAN it was paid to, where the office says so; the IBAN itself never comes with a payment.

    The tenancy is not checked by the database at each of millions of rows: the merge joins it in the same
    transaction, tenancies are never deleted, and ``parvis verify`` looks for orphans.
    """

    payment_ref = models.CharField(max_length=40, primary_key=True, db_collation="C")
    tenancy = models.ForeignKey(Tenancy, on_delete=models.PROTECT, db_constraint=False, db_index=False)
    landlord = models.ForeignKey(Landlord, on_delete=models.PROTECT, db_constraint=False, db_index=False)
    month = models.DateField()
    kind = models.CharField(max_length=12, choices=PaymentKind.choices)
    amount_cents = models.IntegerField()
    paid_on = models.DateField()
    transfer_ref = models.CharField(max_length=40)
    reason_code = models.CharField(max_length=40, blank=True)
    remaining_cents = models.IntegerField(null=True)
    account_last4 = models.CharField(max_length=4, db_default=Value(""), blank=True)
    line_hash = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["tenancy", "month"], name="payment_by_tenancy"),
            models.Index(fields=["landlord", "paid_on", "transfer_ref", "tenancy"], name="payment_by_transfer"),
            models.Index(
                fields=["landlord", "paid_on", "payment_ref"], name="payment_recoveries", condition=Q(kind="recovery")
            ),
            models.Index(
                fields=["landlord", "month", "amount_cents", "tenancy"], name="payment_by_aid", condition=Q(kind="aid")
            ),
        ]

    def __str__(self) -> str:
        return self.payment_ref


class Transfer(models.Model):
    """One transfer to a landlord by one office: what its lines come to. Kept by the writes (services.transfers).

    ``reference`` is drawn from what the transfer is, so that a rebuilt table keeps its addresses. ``month`` is the
    latest month of right that its aids are for. ``told_at`` is when its mails left, or would have. ``account_last4`` ends
    the IBAN that all its lines were paid to; empty where the office says none, or several.

    ``changes``: of a long transfer, how many tenancies changed in each way since the month before, and by how many cents in
    all (``{"new": [2, 45000]}``), each of them a :class:`TransferChange`; None where it is not compared, or not yet
    (``is_comparison_due``): see services.transfers.comparing.
    """

    reference = models.UUIDField(primary_key=True)
    landlord = models.ForeignKey(Landlord, on_delete=models.PROTECT, db_constraint=False, db_index=False)
    caf_code = models.CharField(max_length=3, db_collation="C")
    transfer_ref = models.CharField(max_length=40)
    paid_on = models.DateField()
    month = models.DateField()
    aid_cents = models.BigIntegerField()
    back_payment_cents = models.BigIntegerField()
    recovery_cents = models.BigIntegerField()
    lines = models.PositiveIntegerField()
    tenancies = models.PositiveIntegerField()
    told_at = models.DateTimeField(null=True)
    account_last4 = models.CharField(max_length=4, db_default=Value(""), blank=True)
    changes = models.JSONField(null=True)
    is_comparison_due = models.BooleanField(db_default=False)
    total_cents = models.GeneratedField(
        expression=F("aid_cents") + F("back_payment_cents") + F("recovery_cents"),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )

    class Meta:
        indexes = [
            models.Index(fields=["landlord", "paid_on", "reference"], name="transfer_by_landlord"),
            models.Index(fields=["landlord", "total_cents"], name="transfer_by_amount"),
            models.Index(fields=["paid_on", "landlord"], name="transfer_untold", condition=Q(told_at=None)),
            models.Index(fields=["landlord"], name="transfer_long", condition=Q(tenancies__gt=1_000)),
            models.Index(
                fields=["paid_on", "reference"], name="transfer_comparison_due", condition=Q(is_comparison_due=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.transfer_ref} {self.paid_on}"


class TransferChange(models.Model):
    """How one tenancy's part of a long transfer differs from the month before, as the worker found it.

    ``place`` counts from 1 in the order of the page: way by way, then by name. ``reasons`` are the codes of the lines that
    changed. Written anew whenever the transfer, or the one it is compared with, changes (services.transfers.comparing).
    """

    pk = models.CompositePrimaryKey("transfer", "place")
    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, db_constraint=False, db_index=False)
    place = models.PositiveIntegerField()
    tenancy = models.ForeignKey(Tenancy, on_delete=models.PROTECT, db_constraint=False, db_index=False)
    kind = models.CharField(max_length=12)
    before_cents = models.IntegerField()
    now_cents = models.IntegerField()
    reasons = ArrayField(models.CharField(max_length=40), default=list)

    def __str__(self) -> str:
        return f"{self.transfer_id} {self.place}"
