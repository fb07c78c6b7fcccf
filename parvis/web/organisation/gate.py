"""Pages that only organisations have: an individual landlord is alone on their account."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse

from parvis.identity.kinds import Nature
from parvis.kit.refusals import NotFound
from parvis.web.frame.requests import PageRequest

View = Callable[..., HttpResponse]


def organisation_only(view: View) -> View:
    """Answer 404 to individuals."""

    @wraps(view)
    def admitted(request: PageRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.standing.nature != Nature.CORPORATE:
            raise NotFound
        return view(request, *args, **kwargs)

    return admitted
