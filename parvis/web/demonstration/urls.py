"""Addresses of the demonstration pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from parvis.web.demonstration import views

urlpatterns: list[URLPattern] = [
    path("demonstration/", views.home, name="demonstration"),
    path("demonstration/boite/", views.mailbox_list, name="mailbox"),
    path("demonstration/boite/<str:name>/", views.mailbox_item, name="mailbox-item"),
    path("demonstration/boite/<str:name>/fichier/", views.mailbox_file, name="mailbox-file"),
    path("catalogue/", views.catalogue, name="catalogue"),
]
