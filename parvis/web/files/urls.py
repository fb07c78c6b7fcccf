"""Addresses of the files pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from parvis.web.files import views

urlpatterns: list[URLPattern] = [
    path("c/<str:account>/consulter-dossier/", views.file_lookup, name="file-lookup"),
    path("c/<str:account>/consulter-dossier/mes-consultations/", views.file_looks, name="file-looks"),
    path("c/<str:account>/consulter-dossier/mes-consultations/tableur/", views.file_looks_csv, name="file-looks-csv"),
    path("c/<str:account>/consulter-dossier/<uuid:look>/", views.file_look, name="file-look"),
]
