"""Addresses of the texts anybody may read."""

from __future__ import annotations

from django.urls import path

from parvis.web.public.views import formats, texts

patterns = [
    path("regles-d-usage/", texts.usage_rules, name="public-usage-rules"),
    path("regles-d-usage/<int:version>/", texts.usage_rules, name="public-usage-rules-version"),
    path("conditions-d-utilisation/", texts.service_terms, name="public-service-terms"),
    path("conditions-d-utilisation/<int:version>/", texts.service_terms, name="public-service-terms-version"),
    path("accessibilite/", texts.accessibility, name="accessibility"),
    path("donnees-personnelles/", texts.personal_data, name="personal-data"),
    path("formats-d-echange/", formats.formats, name="formats"),
    path("formats-d-echange/<str:feed>/<str:schema_name>.json", formats.format_schema, name="format-schema"),
    path("mentions-legales/", texts.legal_notice, name="legal-notice"),
]
