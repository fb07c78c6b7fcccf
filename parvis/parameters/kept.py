"""What the office has changed, as a process keeps it: values, texts and banners, by one statement every two seconds at most.

Pages ask again and again; nobody waits longer than that for a change, and a change made here counts at once (``forget``).
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from parvis.kit.db import one_row

SECONDS = 2.0
MOST_BANNERS = 200


@dataclass(frozen=True, slots=True)
class ShownBanner:
    """A banner that is not withdrawn; ``office_code`` is empty for everybody."""

    id: int
    kind: str
    title: str
    body: str
    office_code: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Kept:
    """The values that were changed, by name and office (none: of all), the fields of edited texts by family and key, the banners,
    newest end first."""

    values: Mapping[tuple[str, str], int]
    texts: Mapping[str, dict[str, Mapping[str, str]]]
    banners: tuple[ShownBanner, ...]


_ALL = """
SELECT
  (SELECT json_agg(json_build_array(name, office_code, value)) FROM (
    SELECT DISTINCT ON (name, office_code) name, office_code, value FROM parameters_parametervalue
    ORDER BY name, office_code, id DESC) v WHERE value IS NOT NULL)::text,
  (SELECT json_agg(json_build_array(family, key, fields)) FROM (
    SELECT DISTINCT ON (family, key) family, key, fields FROM parameters_editedtext ORDER BY family, key, id DESC) t
    WHERE fields <> '{}')::text,
  (SELECT json_agg(json_build_array(id, kind, title, body, office_code, starts_on, ends_on)) FROM (
    SELECT * FROM parameters_banner WHERE withdrawn_at IS NULL ORDER BY ends_on DESC LIMIT %(most)s) b)::text
"""
_kept: Kept | None = None
_read_at = 0.0


def kept() -> Kept:
    """All of it as it was two seconds ago at most."""
    global _kept, _read_at
    if _kept is None or time.monotonic() - _read_at > SECONDS:
        changed, edited, shown = one_row(_ALL, {"most": MOST_BANNERS}) or (None, None, None)
        texts: dict[str, dict[str, Mapping[str, str]]] = {}
        for family, key, fields in json.loads(edited or "[]"):
            texts.setdefault(family, {})[key] = fields
        values = {(name, office): value for name, office, value in json.loads(changed or "[]")}
        _kept = Kept(values, texts, tuple(_banner(row) for row in json.loads(shown or "[]")))
        _read_at = time.monotonic()
    return _kept


def _banner(row: list[Any]) -> ShownBanner:
    identifier, kind, title, body, office, starts, ends = row
    return ShownBanner(identifier, kind, title, body, office, date.fromisoformat(starts), date.fromisoformat(ends))


def forget() -> None:
    """Read anew at the next question."""
    global _kept
    _kept = None
