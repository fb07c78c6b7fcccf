"""Addresses of the demonstration pages: a production instance does not even have them."""

from __future__ import annotations

from django.urls import URLPattern, path

from parvis.config import environment
from parvis.web.demonstration import entering, views, work_date

_PAGES: list[URLPattern] = [
    path("demonstration/", views.home, name="demonstration"),
    path("demonstration/date-de-travail/", work_date.work_date, name="work-date"),
    path("demonstration/entrer/<str:reference>/", entering.enter, name="demonstration-enter"),
    path("demonstration/agents/<str:login>/", entering.enter_as_agent, name="demonstration-agent"),
    path("demonstration/boite/", views.mailbox_list, name="mailbox"),
    path("demonstration/boite/vider/", views.mailbox_empty, name="mailbox-empty"),
    path("demonstration/boite/<str:name>/", views.mailbox_item, name="mailbox-item"),
    path("demonstration/boite/<str:name>/fichier/", views.mailbox_file, name="mailbox-file"),
    path("demonstration/boite/<str:name>/piece-jointe/", views.mailbox_attachment, name="mailbox-attachment"),
    path("catalogue/", views.catalogue, name="catalogue"),
]

urlpatterns: list[URLPattern] = [] if environment.MODE is environment.Mode.PRODUCTION else _PAGES
