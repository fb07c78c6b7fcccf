"""Tenancies, their July rents, how many there are, who looked at them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Collate, Concat

from parvis.kit.db import Fold
from parvis.landlords.models import Landlord, ThirdPartyNumber


class RandomReference(Func):
    """A random UUID drawn by PostgreSQL, so that rows merged in sets have one too."""

    function = "gen_random_uuid"
    template = "%(function)s()"
    output_field = models.UUIDField()


BUILDING = "(parvis_fold({0}.postcode || ' ' || {0}.address_1) COLLATE \"C\")"
"""The street address of a tenancy, as SQL and as the index ``tenancy_by_building`` hold it: two lots of one building share it."""


class AidType(models.TextChoices):
    """The three housing aids; the screens say « aide »."""

    APL = "APL", "APL"
    ALF = "ALF", "ALF"
    ALS = "ALS", "ALS"


def shown_aid(aid_type: str) -> str:
    """The aid as screens and papers name it: ALF and ALS apart would tell the tenant's family situation (product.md §3.1)."""
    return "Apl" if aid_type == AidType.APL else "AL"


class Decency(models.TextChoices):
    """Whether the dwelling meets the decency rules (CCH L.822-9)."""

    DECENT = "decent", "Décent"
    NON_DECENT = "non_decent", "Non décent"
    UNKNOWN = "unknown", "Non connu"


class Tenancy(models.Model):
    """A claimant's lease with a landlord, as the office knows it.

    ``absent_since`` is the day a full file stopped naming it: ended for us, without an end date having been told.
    ``line_hash`` is the fingerprint of the feed line that says exactly this row (services.feeds_tenancies).
    Money in cents, excluding charges unless said.
    """

    reference = models.UUIDField(unique=True, db_default=RandomReference())
    caf_code = models.CharField(max_length=3, db_collation="C")
    claimant_number = models.CharField(max_length=7, db_collation="C")
    tenancy_ref = models.CharField(max_length=20, db_collation="C")
    third_party_number = models.ForeignKey(ThirdPartyNumber, on_delete=models.PROTECT)
    landlord = models.ForeignKey(Landlord, on_delete=models.PROTECT, db_index=False)
    title = models.CharField(max_length=10, blank=True)
    last_name = models.CharField(max_length=80)
    first_name = models.CharField(max_length=80, blank=True)
    address_1 = models.CharField(max_length=60)
    address_2 = models.CharField(max_length=60, blank=True)
    postcode = models.CharField(max_length=10)
    city = models.CharField(max_length=60)
    aid_type = models.CharField(max_length=3, choices=AidType.choices)
    state_agreement = models.BooleanField()
    start_on = models.DateField()
    end_on = models.DateField(null=True)
    absent_since = models.DateField(null=True)
    furnished = models.BooleanField()
    decency = models.CharField(max_length=10, choices=Decency.choices)
    floor_area_m2 = models.PositiveIntegerField(null=True)
    lease_holders = models.PositiveSmallIntegerField(default=1)
    rent_cents = models.PositiveIntegerField(null=True)
    charges_cents = models.PositiveIntegerField(null=True)
    direct_payment = models.BooleanField()
    aid_from = models.DateField(null=True)
    former_claimant_number = models.CharField(max_length=7, blank=True)
    own_reference = models.CharField(max_length=40, blank=True, db_default=Value(""))
    line_hash = models.BigIntegerField(null=True)
    sort_name = models.GeneratedField(
        expression=Fold(Concat(F("last_name"), Value(" "), F("first_name"))),
        output_field=models.CharField(max_length=170, db_collation="C"),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["caf_code", "claimant_number", "tenancy_ref"], name="tenancy_key"),
        ]
        indexes = [
            models.Index(
                fields=["landlord", "sort_name", "id"],
                name="tenancy_current_list",
                condition=Q(end_on__isnull=True, absent_since__isnull=True),
                include=["direct_payment"],
            ),
            models.Index(
                fields=["landlord", "sort_name", "id"],
                name="tenancy_former_list",
                condition=Q(end_on__isnull=False) | Q(absent_since__isnull=False),
                include=["direct_payment"],
            ),
            models.Index(
                fields=["landlord", "id"],
                name="tenancy_ended",
                condition=Q(end_on__isnull=False) | Q(absent_since__isnull=False),
                include=["caf_code", "end_on", "absent_since"],
            ),
            models.Index(fields=["landlord", "claimant_number"], name="tenancy_by_claimant"),
            models.Index(
                fields=["landlord", "former_claimant_number"],
                name="tenancy_by_former_claimant",
                condition=~Q(former_claimant_number=""),
            ),
            models.Index(
                F("landlord"),
                Collate(Fold("own_reference"), "C"),
                name="tenancy_by_own_reference",
                condition=~Q(own_reference=""),
            ),
            models.Index(
                F("landlord"),
                Collate(Fold(F("postcode"), F("address_1"), arg_joiner=" || ' ' || "), "C"),
                F("sort_name"),
                F("id"),
                name="tenancy_by_building",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.caf_code}/{self.claimant_number}/{self.tenancy_ref}"

    @property
    def name(self) -> str:
        """First and last name, as shown."""
        return f"{self.first_name} {self.last_name}".strip()


class RentSource(models.TextChoices):
    """Who told the office a July rent."""

    LANDLORD = "landlord", "Bailleur"
    TENANT = "tenant", "Locataire"
    OFFICE = "office", "Caisse"


class JulyRent(models.Model):
    """The rent of July of one year, excluding charges, that the office holds (CCH R.823-6)."""

    tenancy = models.ForeignKey(Tenancy, on_delete=models.PROTECT, related_name="july_rents")
    year = models.PositiveSmallIntegerField()
    rent_cents = models.PositiveIntegerField()
    source = models.CharField(max_length=10, choices=RentSource.choices, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenancy", "year"], name="july_rent_once")]

    def __str__(self) -> str:
        return f"{self.tenancy_id} {self.year}"


class PortfolioCount(models.Model):
    """How many tenancies a landlord has: kept by the writes, so that no page counts rows."""

    landlord = models.OneToOneField(Landlord, on_delete=models.PROTECT, primary_key=True)
    current = models.PositiveIntegerField(default=0)
    former = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.landlord_id}: {self.current}"


class PortfolioOfficeCount(models.Model):
    """The share of each office in :class:`PortfolioCount`, for those whose rights are limited to some offices."""

    landlord = models.ForeignKey(Landlord, on_delete=models.PROTECT, db_index=False)
    caf_code = models.CharField(max_length=3, db_collation="C")
    current = models.PositiveIntegerField(default=0)
    former = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["landlord", "caf_code"], name="portfolio_office_count_once")]

    def __str__(self) -> str:
        return f"{self.landlord_id} {self.caf_code}: {self.current}"


class FileLook(models.Model):
    """One look at a claimant's housing file by « Consulter dossier »: who, which number, why, found or not."""

    reference = models.UUIDField(unique=True, db_default=RandomReference())
    account_id = models.BigIntegerField()
    partner_id = models.UUIDField()
    caf_code = models.CharField(max_length=3)
    claimant_number = models.CharField(max_length=7)
    was_found = models.BooleanField()
    reason = models.CharField(max_length=40)
    note = models.CharField(max_length=200, blank=True)
    looked_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["partner_id", "-looked_at"], name="file_look_by_partner"),
            models.Index(fields=["account_id", "-looked_at"], name="file_look_by_account"),
        ]

    def __str__(self) -> str:
        return f"{self.claimant_number} {self.looked_at:%Y-%m-%d %H:%M}"
