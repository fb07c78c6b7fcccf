"""All the articles, read once: a file that cannot be read stops the start, not a reader."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

import structlog

from parvis.parameters import texts
from parvis.web.public.help.article import Article, BadArticle, Theme, read_article, read_themes
from parvis.web.public.help.search import Index

FOLDER = Path(__file__).parent / "articles"
TEXTS = "help"
"""The family of the articles, which the office may edit."""
PARTS = ("short", "steps", "know", "easy", "links", "related")
log = structlog.get_logger(__name__)


class HelpCentre:
    """Themes, articles and their index."""

    def __init__(self, themes: tuple[Theme, ...], articles: tuple[Article, ...]) -> None:
        self.themes = themes
        self._articles = {article.slug: article for article in articles}
        self._index = Index(articles)
        _hold_together(themes, articles)

    @property
    def articles(self) -> tuple[Article, ...]:
        """Every article, in the order of the themes."""
        return tuple(self._articles.values())

    @property
    def most_useful(self) -> tuple[Article, ...]:
        """Those with a rank, best first."""
        return tuple(sorted((article for article in self.articles if article.top), key=lambda article: article.top))

    def of(self, theme: Theme) -> tuple[Article, ...]:
        """The articles of a theme, the most useful first."""
        there = (article for article in self.articles if article.theme == theme.slug)
        return tuple(sorted(there, key=lambda article: (not article.top, article.top)))

    def article(self, slug: str) -> Article | None:
        """The article of that name, if there is one."""
        return self._articles.get(slug)

    def theme_of(self, article: Article) -> Theme:
        """The theme an article belongs to."""
        return next(theme for theme in self.themes if theme.slug == article.theme)

    def related(self, article: Article) -> tuple[Article, ...]:
        """What to read next."""
        return tuple(self._articles[slug] for slug in article.related)

    def search(self, asked: str) -> tuple[Article, ...]:
        """What answers a question, best first."""
        return tuple(self._articles[slug] for slug in self._index.find(asked))


def read_folder(folder: Path) -> HelpCentre:
    """The help centre written in a folder, or :class:`BadArticle`."""
    themes = read_themes(_text(folder / "themes.txt"))
    named, there = {theme.slug for theme in themes}, {path.name for path in folder.iterdir() if path.is_dir()}
    if named != there:
        raise BadArticle(f"themes.txt and the folders disagree: {sorted(named ^ there)}")
    articles = []
    for theme in themes:
        for path in sorted((folder / theme.slug).iterdir()):
            if path.suffix != ".txt":
                raise BadArticle(f"{theme.slug}/{path.name} is not an article")
            articles.append(read_article(theme.slug, path.stem, _text(path)))
    return HelpCentre(themes, tuple(articles))


@cache
def original() -> HelpCentre:
    """The help centre as the portal came with it, read once."""
    return read_folder(FOLDER)


def help_centre() -> HelpCentre:
    """The help centre of the portal, with what the office wrote in place of its articles."""
    written = texts.edited(TEXTS)
    return _with(tuple(sorted((key, tuple(sorted(fields.items()))) for key, fields in written.items())))


@lru_cache(maxsize=2)
def _with(written: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]) -> HelpCentre:
    """An article that cannot be read any more, after an upgrade, is the original again: readers never pay for it."""
    centre, edited = original(), dict(written)
    for slug in list(edited):
        try:
            edited_article(slug, dict(edited[slug]))
        except (BadArticle, KeyError):
            log.exception("help_article_left_out", slug=slug)
            del edited[slug]
    if not edited:
        return centre
    there = tuple(
        edited_article(article.slug, dict(edited[article.slug])) if article.slug in edited else article
        for article in centre.articles
    )
    return HelpCentre(centre.themes, there)


def edited_article(slug: str, fields: Mapping[str, str]) -> Article:
    """An article of the portal in other words; its theme, its rank and its mark stay. Raises :class:`BadArticle`, KeyError."""
    before = original().article(slug)
    if before is None:
        raise KeyError(slug)
    head = {"title": fields["title"], "words": fields["words"]}
    if before.top:
        head["top"] = str(before.top)
    if before.anchor:
        head["anchor"] = before.anchor
    parts = "".join(f"\n== {name} ==\n{fields[name]}\n" for name in PARTS if fields.get(name))
    return read_article(before.theme, slug, "".join(f"{name}: {value}\n" for name, value in head.items()) + parts)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadArticle(f"{path.name} cannot be read: {error}") from error


def _hold_together(themes: tuple[Theme, ...], articles: tuple[Article, ...]) -> None:
    """Names and titles are said once; what is related exists and is another; no theme is empty; ranks and anchors differ."""
    slugs = [article.slug for article in articles]
    titles = [article.title for article in articles]
    tops = [article.top for article in articles if article.top]
    anchors = [article.anchor for article in articles if article.anchor]
    for what, values in {"slug": slugs, "title": titles, "rank": tops, "anchor": anchors}.items():
        twice = sorted({str(value) for value in values if values.count(value) > 1})  # type: ignore[attr-defined]
        if twice:
            raise BadArticle(f"the same {what} twice: {twice}")
    for article in articles:
        wrong = [slug for slug in article.related if slug not in slugs or slug == article.slug]
        if wrong or len(set(article.related)) != len(article.related):
            raise BadArticle(f"{article.theme}/{article.slug}.txt: related {wrong or 'twice the same'}")
    empty = {theme.slug for theme in themes} - {article.theme for article in articles}
    if empty:
        raise BadArticle(f"no article in {sorted(empty)}")
