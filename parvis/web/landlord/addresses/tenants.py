"""Addresses of the landlord's home, tenants and payments."""

from __future__ import annotations

from django.urls import path

from parvis.web.landlord.addresses import payments
from parvis.web.landlord.views import export, home, own_reference, tenants

patterns = [
    path("c/<str:account>/bailleur/", home.landlord_home, name="landlord-home"),
    path("c/<str:account>/bailleur/locataires/", tenants.tenants, name="tenants"),
    path("c/<str:account>/bailleur/locataires/anciens/", tenants.former_tenants, name="former-tenants"),
    path("c/<str:account>/bailleur/locataires/selection/", tenants.selection, name="tenants-chosen"),
    path("c/<str:account>/bailleur/locataires/exporter/", export.export, name="tenants-export"),
    path("c/<str:account>/bailleur/locataires/<uuid:reference>/", tenants.tenant, name="tenant"),
    path(
        "c/<str:account>/bailleur/locataires/<uuid:reference>/reference/",
        own_reference.edit,
        name="tenant-own-reference",
    ),
    *payments.patterns,
]
