"""Count again everything that pages show without counting."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from parvis.declarations.models import RentCampaign
from parvis.declarations.services import campaigns
from parvis.kit import clock
from parvis.kit.actors import system
from parvis.tenancies.services import counts, transfers


class Command(BaseCommand):
    """The writes keep the counts; after a repair by hand, this puts entries and counts right and says how many were wrong."""

    help = "Bring the open campaigns in line with the tenancies, then rebuild the counts of tenancies, transfers and campaigns."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        wrong = counts.rebuild()
        self.stdout.write(f"Locataires : compteurs corrigés {wrong}.")
        self.stdout.write(f"Virements : totaux corrigés {transfers.rebuild()}.")
        changed = campaigns.refresh_entries(by=system("rebuild_counts"), at=clock.now())
        self.stdout.write(f"Locataires des campagnes : lignes mises à jour {changed}.")
        for year in RentCampaign.objects.values_list("year", flat=True).distinct().order_by("year"):
            wrong = campaigns.rebuild_counts(year, by=system("rebuild_counts"), at=clock.now())
            self.stdout.write(f"Campagne {year} : compteurs corrigés {wrong}.")
