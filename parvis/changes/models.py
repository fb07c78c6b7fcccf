"""What a landlord asks to change, its steps, the links that stop it, the office's offers, the files it joins."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, Value

from parvis.identity.models import Account
from parvis.landlords.models import Landlord, Office, ThirdPartyNumber
from parvis.tenancies.models import RandomReference, Tenancy


class ChangeKind(models.TextChoices):
    """What is asked (exchange-formats.md, changes.jsonl)."""

    ADDRESS = "address", "Changement d’adresse"
    CONTACT = "contact", "Changement de téléphone ou d’adresse mail"
    BANK_DETAILS = "bank_details", "Changement de coordonnées bancaires"
    DIRECT_PAYMENT_ASK = "direct_payment_ask", "Demande de versement direct"
    DIRECT_PAYMENT_STOP = "direct_payment_stop", "Arrêt du versement direct"
    DIRECT_PAYMENT_ANSWER = "direct_payment_answer", "Réponse à une proposition de versement direct"


class Flag(models.TextChoices):
    """Why an agent looks at a bank change before it leaves (security.md §2.9)."""

    HOLDER_DIFFERS = "holder_differs", "Le titulaire n’est pas le bailleur"
    FOREIGN_IBAN = "foreign_iban", "Compte hors de France"
    IBAN_ELSEWHERE = "iban_elsewhere", "Compte déjà utilisé par un autre bailleur"
    AFTER_RECOVERY = "after_recovery", "Accès retrouvé, mot de passe ou adresse mail changés il y a peu"
    MANY_AT_ONCE = "many_at_once", "Plusieurs bailleurs changés en un jour par la même adresse mail"


DIRECT_PAYMENT_KINDS = ["direct_payment_ask", "direct_payment_stop", "direct_payment_answer"]


class ChangeRequest(models.Model):
    """One change asked of one office. ``number`` reads ``C-2026-000000123-K``, and is its receipt's too.

    ``details`` are those of the kind (schemas/). The new account stands encrypted in ``iban``, bound to this very row:
    ``iban_index`` is what the code and the agent approved, and what the sending compares with. A bank change that waits for
    its code is nobody else's business; from the code on the row is kept for good (triggers of 0002). Those of one account number
    asked for several offices share ``together``: one code proves them, then each goes its own way.
    """

    opaque = models.UUIDField(unique=True)
    number = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=24, choices=ChangeKind.choices)
    landlord = models.ForeignKey(Landlord, on_delete=models.PROTECT, db_index=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    office = models.ForeignKey(Office, on_delete=models.PROTECT)
    third_party_number = models.ForeignKey(ThirdPartyNumber, on_delete=models.PROTECT)
    tenancy = models.ForeignKey(Tenancy, null=True, on_delete=models.PROTECT, related_name="changes")
    person = models.CharField(max_length=130)
    details = models.JSONField(default=dict)
    former = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    iban = models.BinaryField(null=True)
    iban_index = models.BinaryField(null=True, max_length=16)
    iban_last4 = models.CharField(max_length=4, blank=True)
    flags = ArrayField(models.CharField(max_length=20), default=list)
    state = models.CharField(max_length=12)
    submission_key = models.UUIDField()
    together = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    proved_at = models.DateTimeField(null=True)
    agreement_until = models.DateTimeField(null=True)
    agreed_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="changes_agreed")
    held_until = models.DateTimeField(null=True)
    approved_by = models.CharField(max_length=60, blank=True)
    sent_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["landlord", "submission_key", "third_party_number", "tenancy"],
                name="change_once_per_submission",
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["landlord", "office"],
                name="change_one_live_bank",
                condition=Q(kind="bank_details", state__in=["agreement", "held", "ready"]),
            ),
            models.UniqueConstraint(
                fields=["third_party_number", "kind"],
                name="change_one_leaving_address",
                condition=Q(kind__in=["address", "contact"], state="ready"),
            ),
            models.UniqueConstraint(
                fields=["tenancy"],
                name="change_one_direct_payment",
                condition=Q(kind__in=DIRECT_PAYMENT_KINDS, state__in=["ready", "sent", "manual"]),
            ),
            models.CheckConstraint(
                name="change_bank_has_its_account",
                condition=~Q(kind="bank_details")
                | Q(iban__isnull=False, iban_index__isnull=False)
                | Q(state__in=["stopped", "expired", "refused"]),
            ),
        ]
        indexes = [
            models.Index(fields=["landlord", "-asked_at"], name="change_by_landlord"),
            models.Index(fields=["together"], name="change_together", condition=Q(together__isnull=False)),
            models.Index(fields=["asked_at", "id"], name="change_leaving", condition=Q(state="ready")),
            models.Index(
                fields=["held_until"], name="change_waiting", condition=Q(state__in=["asked", "agreement", "held"])
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def iban_column(self) -> str:
        """What the encrypted account is bound to: copied to another row it does not open."""
        return f"changes_changerequest.iban|{self.opaque}"


class ChangeStep(models.Model):
    """One step of a change: which state, when, by whom. Only ever added."""

    change = models.ForeignKey(ChangeRequest, on_delete=models.PROTECT, related_name="steps")
    state = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = models.CharField(max_length=60)
    note = models.CharField(max_length=400, blank=True)

    def __str__(self) -> str:
        return f"{self.change_id} {self.state}"


class StopLink(models.Model):
    """A link of a mail, or the code of a letter, that stops a bank change without sign-in. Its hash alone is kept."""

    change = models.ForeignKey(ChangeRequest, on_delete=models.CASCADE, related_name="stop_links")
    token_hash = models.BinaryField(null=True, unique=True, max_length=32)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"stop {self.change_id}"


class DirectPaymentOffer(models.Model):
    """The office offers direct payment for a tenancy; no answer within the time is a refusal."""

    opaque = models.UUIDField(unique=True, db_default=RandomReference())
    tenancy = models.ForeignKey(Tenancy, on_delete=models.PROTECT, related_name="direct_payment_offers")
    landlord = models.ForeignKey(Landlord, on_delete=models.PROTECT)
    offered_at = models.DateTimeField()
    answer_by = models.DateField()
    closed_at = models.DateTimeField(null=True)
    was_accepted = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenancy"], name="offer_one_live", condition=Q(closed_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"offer {self.tenancy_id}"


class AwaitedPaper(models.Model):
    """A paper the office asks for, about something declared or asked: which one, and by when.

    ``subject`` is the reference of what it is about, which says itself in ``title``; ``needs`` the right of whoever may give it.
    It is awaited while that is with an officer: triggers close it with the decision, or the correction, that ends this. Given,
    its files stand under :attr:`files`, and it leaves once (``OutgoingPaper``).
    """

    FILES = "paper "
    """How the name begins under which its files stand."""

    opaque = models.UUIDField(unique=True, db_default=RandomReference())
    subject = models.CharField(max_length=24)
    title = models.CharField(max_length=80)
    needs = models.CharField(max_length=20)
    landlord = models.ForeignKey(Landlord, on_delete=models.PROTECT)
    office = models.ForeignKey(Office, on_delete=models.PROTECT)
    tenancy = models.ForeignKey(Tenancy, null=True, on_delete=models.PROTECT, related_name="awaited_papers")
    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    paper = models.CharField(max_length=40)
    answer_by = models.DateField()
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=12, default="awaited", db_default=Value("awaited"))
    given_at = models.DateTimeField(null=True)
    given_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="papers_given")
    person = models.CharField(max_length=130, blank=True, db_default=Value(""))
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "asked_at"], name="awaited_paper_asked_once"),
            models.UniqueConstraint(fields=["subject"], name="awaited_paper_one_live", condition=Q(state="awaited")),
            models.CheckConstraint(
                name="awaited_paper_given_by_somebody",
                condition=~Q(state="given") | Q(given_at__isnull=False, given_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["landlord", "answer_by"], name="awaited_paper_live", condition=Q(state="awaited")),
            models.Index(
                fields=["given_at", "id"],
                name="awaited_paper_leaving",
                condition=Q(state="given", sent_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paper} {self.subject}"

    @property
    def files(self) -> str:
        """What its files are joined to."""
        return f"{self.FILES}{self.pk}"


class Attachment(models.Model):
    """A file a landlord joins to something it asks or declares: encrypted, shown to nobody but that landlord and the office.

    ``subject`` is the number of what it was joined to, empty until then; ``name`` is shown and saved under, never a path.
    """

    opaque = models.UUIDField(unique=True)
    landlord = models.ForeignKey(Landlord, on_delete=models.PROTECT)
    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    subject = models.CharField(max_length=24, blank=True)
    name = models.CharField(max_length=80)
    media_type = models.CharField(max_length=20)
    size = models.PositiveIntegerField()
    sha256 = models.BinaryField(max_length=32)
    content = models.BinaryField()
    kept_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["landlord", "subject"], name="attachment_by_subject")]

    def __str__(self) -> str:
        return self.name

    @property
    def column(self) -> str:
        """What the encrypted content is bound to."""
        return f"changes_attachment.content|{self.opaque}"


class DraftForm(models.TextChoices):
    """The forms that keep themselves while they are being filled in."""

    ADDRESS = "address", "Nouvelle adresse"
    PHONE = "phone", "Nouveaux téléphones, nouvelle adresse mail"
    BANK = "bank", "Nouveau compte"
    DIRECT_PAYMENT_ASK = "direct_payment_ask", "Demande de versement direct"
    DIRECT_PAYMENT_ANSWER = "direct_payment_answer", "Réponse à une proposition"
    MESSAGE = "message", "Message à la caisse"
    REPLY = "reply", "Suite d’un message"

    @property
    def is_sealed(self) -> bool:
        """Whether it holds words of one's own, which lie encrypted once sent and before."""
        return self in {DraftForm.MESSAGE, DraftForm.REPLY}


class ChangeDraft(models.Model):
    """What somebody has typed in one of these forms and not sent: theirs alone, not the colleagues'. Never an IBAN.

    ``subject`` is what the form is about, where there may be several. Sent, the row stays and its ``answers`` are emptied, under
    another ``version``: a device that still holds the former one sees that it is over. The answers of a form that
    ``is_sealed`` are not in ``answers`` but, encrypted, in ``sealed``; ``answers`` then tell words that left from new ones (``sent``).
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, db_index=False)
    form = models.CharField(max_length=24, choices=DraftForm.choices)
    subject = models.CharField(max_length=36, blank=True)
    answers = models.JSONField(default=dict)
    sealed = models.BinaryField(null=True)
    version = models.UUIDField()
    saved_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "form", "subject"], name="change_draft_once")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.form}"

    @property
    def is_emptied(self) -> bool:
        """Whether what was typed has left."""
        return self.sealed is None if DraftForm(self.form).is_sealed else self.answers == {}

    @property
    def column(self) -> str:
        """What the encrypted answers are bound to: copied to another row or version they do not open."""
        return f"changes_changedraft.sealed|{self.version}"
