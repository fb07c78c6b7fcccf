"""Addresses of the public pages."""

from __future__ import annotations

from django.urls import path

from parvis.web.public.views import health, home

patterns = [
    path("", home.home, name="home"),
    path("plan-du-site/", home.site_map, name="site-map"),
    path("healthz", health.health, name="health"),
    path("readyz", health.ready, name="ready"),
    path("metrics", health.metrics, name="metrics"),
]
