"""« Espace Partenaires »: what this is, for whom, and the ways in; and the map of the site."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse

from parvis.declarations.selectors import CampaignCard, campaign_card
from parvis.kit.actors import system
from parvis.kit.clock import day_in_paris
from parvis.parameters.banners import banners_for
from parvis.web.frame.page import page, public
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest


@page(public)
def home(request: PageRequest) -> HttpResponse:
    """What this is, and the ways in."""
    campaign = open_campaign(request.now)
    late = campaign is not None and day_in_paris(request.now) > campaign.deadline_on
    banners = banners_for((), on=day_in_paris(request.now))
    context = {"signed_in": _signed_in(request), "campaign": campaign, "late": late, "banners": banners}
    return render(request, "public/home/home.html", context)


@page(public)
def site_map(request: PageRequest) -> HttpResponse:
    """Every page that has an address of its own, in the order people need them."""
    return render(request, "public/home/site_map.html", {"signed_in": _signed_in(request)})


def open_campaign(at: datetime) -> CampaignCard | None:
    """The national campaign, from its opening to the day payments stop; None otherwise."""
    campaign = campaign_card(system("public"), at=at)
    today = day_in_paris(at)
    return campaign if campaign and campaign.opens_on <= today < campaign.suspension_on else None


def _signed_in(request: PageRequest) -> bool:
    return request.visit is not None and request.visit.credential_id is not None
