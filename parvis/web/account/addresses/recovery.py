"""Addresses of getting back in."""

from __future__ import annotations

from django.urls import URLPattern

patterns: list[URLPattern] = []
