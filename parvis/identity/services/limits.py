"""Limits on tries: counted before anything is compared, by one atomic statement (security.md §2.4).

A bucket is a keyed fingerprint of what was submitted, so that values which exist and values which do not are treated
alike. The row that counts is also the claim: of fifty tries at once, as many are admitted as the limit leaves.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from django.db import connection

from parvis.identity import rules
from parvis.kit.db import all_rows, one_row
from parvis.kit.references import keyed_fingerprint
from parvis.parameters.catalogue import CODES_A_DAY, RECOVERIES_A_DAY, TRIES_A_DAY
from parvis.parameters.selectors import value


@dataclass(frozen=True, slots=True)
class Bucket:
    """What is counted together: at most ``limit`` tries a ``window``, with growing pauses if ``slows``.

    ``whose`` is a fingerprint of the value tried, where there is one: an agent who is sure of its owner unlocks them all.
    """

    key: bytes
    limit: int
    window: timedelta
    slows: bool = False
    whose: bytes | None = None
    browser: str = ""
    is_known: bool = False


def of_browser(value: str, browser_token: str) -> Bucket:
    """The tries on one submitted identifier from a browser that is remembered for it: nobody else weighs on them."""
    key = _key("a value in a browser", f"{len(value)}:{value}|{browser_token}")
    return Bucket(key, *_a_day(), slows=True, whose=of_whom(value))


def of_neighbourhood(value: str, address: str) -> Bucket:
    """The tries on one submitted identifier from one neighbourhood: whoever guesses slows their own street down."""
    whose = f"{len(value)}:{value}|{rules.network_of(address)}"
    return Bucket(_key("a value from a neighbourhood", whose), *_a_day(), slows=True, whose=of_whom(value))


def of_value(value: str) -> Bucket:
    """The tries on one submitted identifier by all strangers together, wherever they are."""
    return Bucket(_key("a value", value), *_a_day(), whose=of_whom(value))


def of_whom(value: str) -> bytes:
    """What the tries on one value have in common, wherever they come from."""
    return keyed_fingerprint("tries of whom", value)


def _a_day() -> tuple[int, timedelta]:
    return value(TRIES_A_DAY), rules.TRIES_WINDOW


def _key(what: str, whose: str) -> bytes:
    return keyed_fingerprint(f"tries of {what}", whose)


def of_address(address: str) -> Bucket:
    """The tries from one neighbourhood of addresses; generous, for two hundred colleagues may share one."""
    key = keyed_fingerprint("tries of an address", rules.network_of(address))
    return Bucket(key, rules.TRIES_OF_ADDRESS, rules.ADDRESS_WINDOW)


def of_codes(purpose: str, whose: str) -> Bucket:
    """The codes sent for one purpose: to a mailbox, or at somebody's request."""
    return Bucket(keyed_fingerprint("codes sent", f"{purpose}|{whose}"), value(CODES_A_DAY), rules.TRIES_WINDOW)


def of_mailbox(email: str) -> Bucket:
    """The codes sent to one mailbox to prove it, whoever asked: strangers cannot flood it, nor use its owner's up alone."""
    return Bucket(keyed_fingerprint("codes to a mailbox", email), rules.CODES_TO_A_MAILBOX, rules.TRIES_WINDOW)


def of_wrong_codes(purpose: str, holder: int | None, email: str) -> Bucket:
    """The codes typed wrong for one mailbox and purpose by one holder of a session."""
    key = keyed_fingerprint("wrong codes", f"{purpose}|{holder}|{email}")
    return Bucket(key, rules.WRONG_CODES_A_DAY, rules.TRIES_WINDOW, whose=of_whom(email))


def of_captchas(address: str) -> Bucket:
    """The pictures and sounds of captchas made for one neighbourhood."""
    key = keyed_fingerprint("captchas drawn", rules.network_of(address))
    return Bucket(key, rules.CAPTCHAS_OF_ADDRESS, rules.ADDRESS_WINDOW)


def of_stop_codes(address: str) -> Bucket:
    """The codes of letters typed from one neighbourhood to stop something."""
    key = keyed_fingerprint("stop codes", rules.network_of(address))
    return Bucket(key, rules.STOP_CODES_OF_ADDRESS, timedelta(hours=1))


def of_recoveries(what: str, whose: str) -> Bucket:
    """How often one value asks to get back in: six times a day (security.md §2.8)."""
    return Bucket(keyed_fingerprint("recoveries", f"{what}|{whose}"), value(RECOVERIES_A_DAY), rules.TRIES_WINDOW)


def of_recoveries_from(address: str) -> Bucket:
    """How often one neighbourhood asks to get back in."""
    key = keyed_fingerprint("recoveries of an address", rules.network_of(address))
    return Bucket(key, rules.RECOVERIES_OF_ADDRESS, timedelta(hours=1))


def of_asking_back(what: str, value: str, address: str) -> list[Bucket]:
    """The codes asked to come back in: six a day for a value from one neighbourhood, which leaves its owner's alone;
    thirty for the value from everywhere, so that no mailbox is flooded."""
    everywhere = keyed_fingerprint("asked back everywhere", f"{what}|{value}")
    return [
        of_recoveries(what, f"{value}|{rules.network_of(address)}"),
        of_recoveries_from(address),
        Bucket(everywhere, rules.RECOVERIES_EVERYWHERE, rules.TRIES_WINDOW),
    ]


def of_letters(budget: int) -> Bucket:
    """The letters of credentials asked again, all together, in a day."""
    return Bucket(keyed_fingerprint("letters", "all"), budget, rules.TRIES_WINDOW)


def of_once_a_day(what: str, whose: str) -> Bucket:
    """What is told at most once a day."""
    return Bucket(keyed_fingerprint("once a day", f"{what}|{whose}"), 1, rules.TRIES_WINDOW)


def of_own_passwords(credential_id: int) -> Bucket:
    """The present password typed in the profile."""
    return Bucket(
        keyed_fingerprint("own passwords", str(credential_id)), rules.GROUP_PASSWORDS_A_DAY, timedelta(hours=1)
    )


def of_group_passwords(credential_id: int) -> Bucket:
    """The passwords of a group of accounts typed to join it."""
    return Bucket(
        keyed_fingerprint("group passwords", str(credential_id)), rules.GROUP_PASSWORDS_A_DAY, rules.TRIES_WINDOW
    )


@dataclass(frozen=True, slots=True)
class Admission:
    """Whether a try may go on: ``paused_until`` says when the next one may, ``tries`` how many were counted.

    ``of_all`` is the count of each bucket, in the order asked.
    """

    paused_until: datetime | None
    tries: int
    of_all: tuple[int, ...] = ()


# Pauses are in the same row as the count, so that both are one claim.
_COUNT = """
b{n} AS (
INSERT INTO identity_throttle AS t (key, whose, window_ends_at, count, paused_until, browser, is_known, tried_at)
SELECT %(key{n})s::bytea, %(whose{n})s::bytea, %(ends{n})s::timestamptz, 1,
  CASE WHEN %(limit{n})s <= 1 THEN %(ends{n})s::timestamptz END, %(browser{n})s::text, %(known{n})s::boolean, %(at)s::timestamptz
WHERE {after}
ON CONFLICT (key) DO UPDATE SET
  browser = EXCLUDED.browser, is_known = EXCLUDED.is_known, tried_at = EXCLUDED.tried_at,
  count = CASE WHEN t.window_ends_at <= %(at)s THEN 1 ELSE t.count + 1 END,
  window_ends_at = CASE WHEN t.window_ends_at <= %(at)s THEN EXCLUDED.window_ends_at ELSE t.window_ends_at END,
  paused_until = CASE
    WHEN t.window_ends_at <= %(at)s THEN EXCLUDED.paused_until
    WHEN t.count + 1 >= %(limit{n})s THEN t.window_ends_at
    WHEN %(slows{n})s AND t.count + 1 >= %(free)s
      THEN %(at)s::timestamptz + (%(pauses)s::interval[])[LEAST(t.count + 2 - %(free)s, cardinality(%(pauses)s::interval[]))]
  END
WHERE t.paused_until IS NULL OR t.paused_until <= %(at)s OR t.window_ends_at <= %(at)s
RETURNING count)"""
_GIVE_BACK = """
b{n} AS (
UPDATE identity_throttle SET count = GREATEST(count - 1, 0), paused_until = NULL
WHERE key = %(key{n})s AND (SELECT count(*) FROM b{before}) >= 0 RETURNING key)"""
_FORGET = "b0 AS (DELETE FROM identity_throttle WHERE key = %(key0)s RETURNING key)"
_PAUSE = "SELECT paused_until, count FROM identity_throttle WHERE key = %s"


@cache
def _counting(buckets: int) -> str:
    """One statement for all: each bucket is counted only once the one before was, which also fixes the order of locks."""
    parts = (
        _COUNT.format(n=n, after=f"EXISTS (SELECT 1 FROM b{n - 1})" if n else "true").strip() for n in range(buckets)
    )
    return f"WITH {', '.join(parts)} SELECT {', '.join(f'(SELECT count FROM b{n})' for n in range(buckets))}"


@cache
def _giving_back(shared: int) -> str:
    parts = [_FORGET, *(_GIVE_BACK.format(n=n, before=n - 1).strip() for n in range(1, shared + 1))]
    return f"WITH {', '.join(parts)} SELECT count(*) FROM b{shared}"


def admit(buckets: Sequence[Bucket], *, at: datetime) -> Admission:
    """Count one try in each bucket, stopping at the first that is paused; the count told is the first one's.

    The narrowest comes first, so that hammering one's own pause never uses up what others share; and always in the same
    order, so that two tries never wait for each other.
    """
    values: dict[str, Any] = {"at": at, "free": rules.FREE_TRIES, "pauses": list(rules.PAUSES)}
    for n, bucket in enumerate(buckets):
        values |= {
            f"key{n}": bucket.key,
            f"whose{n}": bucket.whose,
            f"ends{n}": at + bucket.window,
            f"limit{n}": bucket.limit,
            f"slows{n}": bucket.slows,
            f"browser{n}": bucket.browser,
            f"known{n}": bucket.is_known,
        }
    counts = one_row(_counting(len(buckets)), values)
    assert counts is not None
    if None not in counts:
        return Admission(None, counts[0], counts)
    with connection.cursor() as cursor:
        cursor.execute(_PAUSE, [buckets[counts.index(None)].key])
        paused = cursor.fetchone()
    return Admission(paused[0] if paused else at, paused[1] if paused else 0)


def paused_until(bucket: Bucket, *, at: datetime) -> datetime | None:
    """Until when a bucket admits nothing, without counting anything."""
    with connection.cursor() as cursor:
        cursor.execute(_PAUSE, [bucket.key])
        row = cursor.fetchone()
    return row[0] if row and row[0] and row[0] > at else None


def counted(buckets: Sequence[Bucket], *, at: datetime) -> int:
    """How many tries these buckets hold together, without counting anything."""
    row = one_row(_HELD, {"keys": [bucket.key for bucket in buckets], "at": at})
    return int(row[0]) if row else 0


def held_until(bucket: Bucket, *, at: datetime) -> datetime | None:
    """Until when a bucket takes no more tries, without counting anything; None if it takes one now."""
    row = one_row(_HELD_UNTIL, [bucket.key, at])
    return row[0] if row else None


_HELD_UNTIL = "SELECT paused_until FROM identity_throttle WHERE key = %s AND paused_until > %s"
_HELD = """
SELECT coalesce(sum(count), 0) FROM identity_throttle WHERE key = ANY((SELECT %(keys)s::bytea[])::bytea[]) AND window_ends_at > %(at)s
"""


def succeed(own: Bucket, shared: Sequence[Bucket]) -> None:
    """The person proved who they are: their wrong tries are forgotten, and this one does not weigh on those of others."""
    # One after the other, in the order of :func:`admit`: two people who succeed never wait for each other.
    one_row(_giving_back(len(shared)), {f"key{n}": bucket.key for n, bucket in enumerate([own, *shared])})


class Pause(NamedTuple):
    """Why somebody is held: how many tries, the last from which browser, and when; of an unknown browser or a code, no name."""

    until: datetime
    tries: int
    browser: str
    is_known: bool
    tried_at: datetime | None


def paused_for(people: Sequence[Sequence[str]], *, at: datetime) -> list[Pause | None]:
    """The longest pause that holds each of these people, by any of the values they may type; nothing is counted."""
    whose = {of_whom(value): place for place, values in enumerate(people) for value in values}
    longest: list[Pause | None] = [None] * len(people)
    for key, *row in all_rows(_HELD_BACK, {"whose": list(whose), "at": at}):
        place, pause = whose[bytes(key)], Pause._make(row)
        longest[place] = max(pause, longest[place] or pause, key=lambda one: one.until)
    return longest


def forgive(values: Iterable[str]) -> int:
    """Forget every try on these values: whoever is paused may go on at once. How many places that concerned."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM identity_throttle WHERE whose = ANY(%s)", [[of_whom(value) for value in values]])
        return int(cursor.rowcount)


_HELD_BACK = """
SELECT whose, paused_until, count, browser, is_known, tried_at FROM identity_throttle
WHERE whose = ANY(%(whose)s) AND paused_until > %(at)s
"""
