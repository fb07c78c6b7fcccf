"""The help centre: search, themes, articles, and whether an article helped."""

from __future__ import annotations

import structlog
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.kit.refusals import NotFound
from parvis.opinions.services import help_answered
from parvis.web.frame.page import page, public
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.public.help import help_centre
from parvis.web.public.help.search import LONGEST

ANSWERS = {"oui": "yes", "non": "no"}
log = structlog.get_logger(__name__)


@page(public)
def help_page(request: PageRequest) -> HttpResponse:
    """What people ask most, every theme, or what answers the words typed."""
    centre = help_centre()
    asked = " ".join(request.GET.get("q", "").replace("\x00", " ").split())[:LONGEST]
    context = {
        "centre": centre,
        "asked": asked,
        "found": centre.search(asked),
        "blank": "q" in request.GET and not asked,
    }
    return render(request, "public/help/help.html", context)


@page(public, writes=True)
def help_article(request: PageRequest, article: str) -> HttpResponse:
    """One article; « oui » or « non » counts one line of log, which names nobody."""
    centre = help_centre()
    read = centre.article(article)
    if read is None:
        raise NotFound
    typed = request.POST.get("avis", "")
    if request.method == "POST" and typed in ANSWERS:
        help_answered(read.slug, helped=typed == "oui", at=request.now)
        log.info("help_answered", slug=read.slug, answer=ANSWERS[typed])
        return HttpResponseRedirect(f"{reverse('help-article', args=[read.slug])}?avis={typed}#avis")
    context = {
        "article": read,
        "theme": centre.theme_of(read),
        "related": centre.related(read),
        "answer": ANSWERS.get(request.GET.get("avis", ""), ""),
        "unanswered": request.method == "POST",
    }
    return render(request, "public/help/article.html", context)
