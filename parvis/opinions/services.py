"""Asking at most once a quarter, and counting what is answered."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from parvis.kit.clock import day_in_paris
from parvis.kit.merging import execute
from parvis.opinions.models import Remark
from parvis.opinions.rules import ASKED_EVERY, Journey, month_of, read_remark, read_score

# The row count is the answer: of two journeys that end at once, one asks.
_ASK = """
INSERT INTO opinions_asked AS a (credential_id, asked_on, is_answered) VALUES (%(credential)s, %(day)s, false)
ON CONFLICT (credential_id) DO UPDATE SET asked_on = EXCLUDED.asked_on, is_answered = false WHERE a.asked_on <= %(long_ago)s
"""
_ANSWER = """
UPDATE opinions_asked SET is_answered = true
WHERE credential_id = %(credential)s AND NOT is_answered AND asked_on > %(long_ago)s
"""
_COUNT = """
INSERT INTO opinions_opinionfigure AS f (journey, month, score, answers) VALUES (%(journey)s, %(month)s, %(score)s, 1)
ON CONFLICT (journey, month, score) DO UPDATE SET answers = f.answers + 1
"""
_HELPED = """
INSERT INTO opinions_helpfigure AS f (article, month, helped, did_not)
VALUES (%(article)s, %(month)s, %(helped)s, %(did_not)s)
ON CONFLICT (month, article) DO UPDATE SET helped = f.helped + EXCLUDED.helped, did_not = f.did_not + EXCLUDED.did_not
"""


def may_ask(credential_id: int, *, at: datetime) -> bool:
    """Whether this person is to be asked now: they were not in the last quarter. From now on they were."""
    today = day_in_paris(at)
    return bool(execute(_ASK, {"credential": credential_id, "day": today, "long_ago": today - ASKED_EVERY}))


@transaction.atomic
def answer(credential_id: int, journey: Journey, score: str, remark: str, *, at: datetime) -> bool:
    """Count an opinion, and keep what was typed with it, apart from who typed it. Refuses what is no score.

    Whether it counted: an opinion that nobody asked for, or that was given already, does not.
    """
    given, words, today = read_score(score), read_remark(remark), day_in_paris(at)
    if not execute(_ANSWER, {"credential": credential_id, "long_ago": today - ASKED_EVERY}):
        return False
    month = month_of(today)
    execute(_COUNT, {"journey": journey.value, "month": month, "score": given})
    if words:
        Remark.objects.create(journey=journey.value, month=month, score=given, words=words)
    return True


def help_answered(article: str, *, helped: bool, at: datetime) -> None:
    """Somebody said whether an article helped them."""
    month = month_of(day_in_paris(at))
    execute(_HELPED, {"article": article, "month": month, "helped": int(helped), "did_not": int(not helped)})
