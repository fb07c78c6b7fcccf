"""What machines ask: is the process alive, is the instance ready."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse, JsonResponse

from parvis.kit.refusals import NotFound
from parvis.upkeep import figures
from parvis.web.frame.page import page, public
from parvis.web.frame.requests import PageRequest, comes_from
from parvis.web.public.readiness import readiness


@page(public)
def health(request: PageRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@page(public)
def ready(request: PageRequest) -> HttpResponse:
    """The instance can serve: 200, or 503 with what is missing."""
    found = readiness(at=request.now)
    answer = {
        "ready": found.ready,
        "database": found.database,
        "migrations": found.migrations,
        "oldest_due_message_seconds": found.oldest_due_seconds,
    }
    return JsonResponse(answer, status=200 if found.ready else 503)


@page(public)
def metrics(request: PageRequest) -> HttpResponse:
    """The figures of the instance, for Prometheus; from any network but those named, there is no such page."""
    if not comes_from(request, settings.METRICS_NETWORKS):
        raise NotFound
    told = figures.exposition(figures.figures(at=request.now))
    return HttpResponse(told, content_type="text/plain; version=0.0.4; charset=utf-8")
