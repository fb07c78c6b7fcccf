"""In whose name one acts: offices, landlords, their third-party numbers."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce, Concat, NullIf

from parvis.identity.models import Partner
from parvis.kit.db import Fold


class Office(models.Model):
    """A family-benefit office (Caf). ``former_names`` are those it had before, kept by a trigger (migration 0019): what was written
    then tells it by one of these."""

    caf_code = models.CharField(max_length=3, primary_key=True)
    name = models.CharField(max_length=80)
    departments = ArrayField(models.CharField(max_length=3), default=list)
    address_1 = models.CharField(max_length=60, blank=True)
    address_2 = models.CharField(max_length=60, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    city = models.CharField(max_length=60, blank=True)
    email = models.CharField(max_length=254, blank=True)
    landlord_email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    website = models.CharField(max_length=200, blank=True)
    former_names = ArrayField(models.CharField(max_length=80), default=list, db_default=[], blank=True)

    def __str__(self) -> str:
        return self.name


class ProcessingTime(models.Model):
    """How long an office takes for a topic, in weeks, as measured on a day. The newest measure counts; the others are its history.

    The feed keeps one measure a day; ``changed_by`` is the agent who typed another, and says why.
    """

    office = models.ForeignKey(Office, on_delete=models.PROTECT)
    topic = models.CharField(max_length=40)
    min_weeks = models.PositiveSmallIntegerField()
    max_weeks = models.PositiveSmallIntegerField()
    measured_on = models.DateField()
    changed_at = models.DateTimeField(null=True)
    changed_by = models.CharField(max_length=60, blank=True, default="", db_default="")
    reason = models.CharField(max_length=200, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["office", "topic", "measured_on"],
                name="processing_time_once_a_day",
                condition=models.Q(changed_by=""),
            ),
            models.CheckConstraint(
                name="processing_time_low_then_high", condition=models.Q(min_weeks__lte=models.F("max_weeks"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office_id} {self.topic}"


class Landlord(models.Model):
    """The partner of the office who lets dwellings. Its nature is the partner's.

    ``reference_key`` says which feed lines are the same landlord: ``S:<siret>``, ``N:<blind index of NIR>:<caf>`` or
    ``T:<caf><number>`` (exchange-formats.md: same SIRET, one corporate landlord; same NIR, one person, one account an office).
    An organisation that has had an administrator keeps one (trigger). ``may_consult_files`` opens « Consulter dossier » to
    those of its users who hold the right. ``silence_told_at`` is when its users were last told that nobody administers it.
    """

    partner = models.OneToOneField(Partner, on_delete=models.PROTECT, primary_key=True, related_name="landlord")
    reference_key = models.CharField(max_length=60, unique=True)
    siret = models.CharField(max_length=14, blank=True)
    nir = models.BinaryField(null=True)
    company_name = models.CharField(max_length=160, blank=True)
    last_name = models.CharField(max_length=80, blank=True)
    first_name = models.CharField(max_length=80, blank=True)
    silence_told_at = models.DateTimeField(null=True)
    may_consult_files = models.BooleanField(default=False, db_default=False)
    sort_name = models.GeneratedField(
        expression=Fold(
            Coalesce(
                NullIf("company_name", Value("")),
                Concat("first_name", Value(" "), "last_name"),
                output_field=models.CharField(),
            )
        ),
        output_field=models.CharField(max_length=170, db_collation="C"),
        db_persist=True,
    )

    class Meta:
        indexes = [models.Index(fields=["siret"], name="landlord_siret", condition=~Q(siret=""))]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Company name, or first and last name."""
        return self.company_name or f"{self.first_name} {self.last_name}".strip()


class LandlordChannel(models.TextChoices):
    """How a landlord declares."""

    PORTAL = "portal", "Portail"
    EXCHANGE = "exchange", "Échange informatisé"
    PAPER = "paper", "Papier"


def nir_column(person_index: bytes | memoryview | None) -> str:
    """What the encrypted NIR of a landlord is bound to: the person it is of, whom a feed names before there is a row."""
    return f"landlords_landlord.nir|{bytes(person_index or b'').hex()}"


def iban_column(office_code: str, number: str) -> str:
    """What the encrypted IBAN of a third-party number is bound to: copied to another number it does not open (security.md T52)."""
    return f"landlords_thirdpartynumber.iban|{office_code}{number}"


class ThirdPartyNumber(models.Model):
    """A landlord as one office knows it: office code (3) and number (7)."""

    office = models.ForeignKey(Office, on_delete=models.PROTECT)
    number = models.CharField(max_length=7)
    landlord = models.ForeignKey(Landlord, on_delete=models.PROTECT, related_name="third_party_numbers")
    user_number = models.CharField(max_length=14, unique=True)
    address_1 = models.CharField(max_length=60)
    address_2 = models.CharField(max_length=60, blank=True)
    address_3 = models.CharField(max_length=60, blank=True)
    postcode = models.CharField(max_length=10)
    city = models.CharField(max_length=60)
    country = models.CharField(max_length=2, default="FR")
    phone = models.CharField(max_length=20, blank=True)
    phone_2 = models.CharField(max_length=20, blank=True, db_default=Value(""))
    email = models.CharField(max_length=254, blank=True)
    iban = models.BinaryField(null=True)
    iban_index = models.BinaryField(null=True, max_length=16)
    iban_last4 = models.CharField(max_length=4, blank=True)
    bic = models.CharField(max_length=11, blank=True)
    account_holder = models.CharField(max_length=160, blank=True)
    channel = models.CharField(max_length=10, choices=LandlordChannel.choices, default=LandlordChannel.PORTAL)
    absent_since = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "number"], name="third_party_number_once")]

    def __str__(self) -> str:
        return f"{self.office_id}{self.number}"
