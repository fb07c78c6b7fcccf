"""The help centre: articles written as text files, read once and searched without accents.

An article is ``articles/<theme>/<slug>.txt``. Lines at the head, ``key: value``::

    title: the question, as people ask it
    words: other words people search it with
    top: 1                      (optional: rank among the most useful; 1 comes first)
    anchor: code                (optional: mark other pages point to on the help page; needs ``top``)

then parts, each opened by its name between equal signs; a line is a sentence, a step or a link::

    == short ==                 the answer, two lines at most
    == steps ==                 what to do, in order (may be missing)
    == know ==                  what else to know (may be missing)
    == easy ==                  the same in plain short sentences (« En facile à lire »)
    == links ==                 words | name of a public page (may be missing)
    == related ==               slugs of other articles

``articles/themes.txt`` gives the themes in order: ``folder | icon | title | sentence``. Anything else is refused at start.
"""

from __future__ import annotations

from parvis.web.public.help.article import Article, BadArticle, Link, Theme
from parvis.web.public.help.centre import HelpCentre, help_centre

__all__ = ["Article", "BadArticle", "HelpCentre", "Link", "Theme", "help_centre"]
