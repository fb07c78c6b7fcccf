"""Addresses of the pages about offices."""

from __future__ import annotations

from django.urls import path

from parvis.web.public.views import delays, offices

patterns = [
    path("ma-caf/", offices.my_office, name="my-office"),
    path("ma-caf/toutes/", offices.all_offices, name="all-offices"),
    path("delais/", delays.processing_times, name="processing-times"),
    path("contact/", offices.contact, name="contact"),
]
