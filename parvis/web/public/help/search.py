"""Finding an article with the words people type: no accent, no case, small words dropped, slips of the keyboard forgiven."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from parvis.kit.text import fold
from parvis.web.public.help.article import Article

LONGEST = 200
"""Signs of a search that are read."""
MOST_WORDS = 32
MOST_ANSWERS = 12
SHORTEST_STEM = 4
SHORTEST_PREFIX = 5
_EMPTY = frozenset(
    " ".join(
        (
            "a ai ainsi alors apres au aucun aux avec avez avoir bien c ca ce ceci cela ces cet cette ci comme comment d",
            "dans de des donc du elle en encore est et etes etre eu fait faire faut h il ils j je l la le les leur lors",
            "lorsque m ma mais me mes mon n ne ni nos notre nous on ont or ou par pas peut peux plus pour pourquoi pouvez",
            "puis qu quand que quel quelle qui quoi s sa sans se ses si son sont suis sur t ta te tes ton tous tout toutes",
            "tres tu un une vers veut veux vos votre vous y",
        )
    ).split()
)
_WEIGHTS = {"title": 8, "words": 6, "short": 3, "body": 1}
_ENDINGS = (re.compile(r"[sx]$"), re.compile(r"(?:ee|er|ez|e)$"))


def stems(text: str) -> list[str]:
    """The words of a text that mean something, without accent, case or ending."""
    words = re.findall(r"[a-z0-9]+", fold(text))
    return [stem(word) for word in words if word not in _EMPTY]


def stem(word: str) -> str:
    """``refusées`` → ``refus``: plural, feminine and infinitive are one word."""
    for ending in _ENDINGS:
        shorter = ending.sub("", word)
        word = shorter if len(shorter) >= SHORTEST_STEM else word
    return word


class Index:
    """What each article says, weighed: its title first, then its other words, its answer, the rest."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self._weights: dict[str, dict[str, int]] = {article.slug: _weighed(article) for article in articles}
        self._ranks = {article.slug: article.top or MOST_ANSWERS for article in articles}
        spread = Counter(word for weights in self._weights.values() for word in weights)
        self._rarity: Mapping[str, float] = {word: len(self._weights) / count for word, count in spread.items()}

    def find(self, asked: str) -> list[str]:
        """Slugs of the articles that answer, best first; empty when none does."""
        typed = list(dict.fromkeys(stems(asked[:LONGEST])))[:MOST_WORDS]
        read = [found for word in typed if (found := self._known(word))]
        if not read or len(read) * 2 < len(typed):
            return []
        matches = {slug: [self._best(weights, words) for words in read] for slug, weights in self._weights.items()}
        most = max(sum(score > 0 for score in scores) for scores in matches.values())
        enough = most if most == len(read) and most <= 3 else max(1, (most + 1) // 2)
        totals = {slug: (sum(score > 0 for score in scores), sum(scores)) for slug, scores in matches.items()}
        kept = [slug for slug, (count, _) in totals.items() if count >= enough]
        return sorted(kept, key=lambda slug: (-totals[slug][0] * totals[slug][1], self._ranks[slug]))[:MOST_ANSWERS]

    def _known(self, word: str) -> list[str]:
        """The words of the articles that a typed one stands for: itself and what begins with it, else what is alike."""
        known = [word] if word in self._rarity else []
        if len(word) >= SHORTEST_PREFIX:
            known += [longer for longer in self._rarity if longer != word and longer.startswith(word)]
        if known or len(word) < SHORTEST_PREFIX:
            return known
        return get_close_matches(word, self._rarity, n=1, cutoff=0.8)

    def _best(self, weights: Mapping[str, int], words: Iterable[str]) -> float:
        return max((weights.get(word, 0) * self._rarity[word] ** 0.5 for word in words), default=0)


def _weighed(article: Article) -> dict[str, int]:
    body = " ".join((*article.steps, *article.know, *article.easy))
    said = {"title": article.title, "words": article.words, "short": " ".join(article.short), "body": body}
    weights: dict[str, int] = {}
    for place, text in said.items():
        for word in stems(text):
            weights[word] = max(weights.get(word, 0), _WEIGHTS[place])
    return weights
