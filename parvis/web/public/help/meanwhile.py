"""The articles that may answer a question somebody is about to write to the office."""

from __future__ import annotations

from django.urls import reverse

from parvis.contact.meanwhile import Known
from parvis.web.public.help.centre import help_centre


def articles_for(asked: str) -> list[Known]:
    """What the help centre finds for these words, best first."""
    return [
        Known(article.title, " ".join(article.short), reverse("help-article", args=[article.slug]))
        for article in help_centre().search(asked)
    ]
