"""The articles of the help centre as texts the office may edit."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse

from parvis.parameters.texts import Family, Fields, TextEntry, TextField, TextNotPossible
from parvis.web.public.help.article import LONGEST_SHORT, SHORTEST_EASY, Article, BadArticle
from parvis.web.public.help.centre import TEXTS, edited_article, original

_LINES = "Une phrase par ligne."
FIELDS = (
    TextField("title", "Question", "Comme les gens la posent."),
    TextField("words", "Autres mots de recherche"),
    TextField("short", "Réponse courte", f"Deux lignes\u00a0: {LONGEST_SHORT} caractères au plus.", rows=3),
    TextField("steps", "Que faire, dans l’ordre", _LINES, rows=6, is_optional=True),
    TextField("know", "À savoir", _LINES, rows=5, is_optional=True),
    TextField("easy", "En facile à lire", f"{SHORTEST_EASY} phrases au moins. {_LINES}", rows=6),
    TextField("links", "Y aller", "Mots du lien | nom de la page. Un lien par ligne.", rows=3, is_optional=True),
    TextField("related", "Voir aussi", "Le nom d’autres articles, un par ligne.", rows=4),
)


def _entries() -> list[TextEntry]:
    centre = original()
    return [TextEntry(article.slug, article.title, centre.theme_of(article).title) for article in centre.articles]


def _default(slug: str) -> Fields:
    article = original().article(slug)
    return {} if article is None else _fields(article)


def _fields(article: Article) -> dict[str, str]:
    parts = {name: "\n".join(getattr(article, name)) for name in ("short", "steps", "know", "easy", "related")}
    links = "\n".join(f"{link.words} | {link.page}" for link in article.links)
    return {"title": article.title, "words": article.words, "links": links, **parts}


def _check(slug: str, fields: Fields) -> None:
    """Refuse, beside its field, what no reader could be shown."""
    if len(fields["short"].replace("\n", "")) > LONGEST_SHORT:
        raise TextNotPossible(f"{LONGEST_SHORT} caractères au plus.", field="short")
    if len(fields["easy"].splitlines()) < SHORTEST_EASY:
        raise TextNotPossible(f"{SHORTEST_EASY} phrases au moins, une par ligne.", field="easy")
    known = {article.slug for article in original().articles} - {slug}
    related = fields["related"].splitlines()
    wrong = [name for name in related if name not in known]
    if wrong or len(set(related)) != len(related):
        raise TextNotPossible(
            f"Cet article n’existe pas, ou est dit deux fois\u00a0: {', '.join(wrong)}.", field="related"
        )
    for line in fields["links"].splitlines():
        _check_link(line)
    titles = {article.title for article in original().articles if article.slug != slug}
    if fields["title"] in titles:
        raise TextNotPossible("Un autre article pose déjà cette question.", field="title")
    try:
        edited_article(slug, fields)
    except (BadArticle, KeyError) as error:
        sentence = "Cet article ne peut pas être lu. Retirez les lignes entre signes égal."
        raise TextNotPossible(sentence, field="short") from error


def _check_link(line: str) -> None:
    words, _, page = (part.strip() for part in line.partition("|"))
    try:
        reverse(page)
    except NoReverseMatch as error:
        raise TextNotPossible(f"La page «\u00a0{page or line}\u00a0» n’existe pas.", field="links") from error
    if not words:
        raise TextNotPossible("Écrivez les mots du lien avant la barre.", field="links")


FAMILY = Family(
    code=TEXTS,
    title="Centre d’aide",
    sentence="Les articles, par thème. Ce qui est écrit ici se lit aussitôt.",
    fields=FIELDS,
    entries=_entries,
    default=_default,
    check=_check,
)
