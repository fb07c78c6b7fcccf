"""The quarters of the rent reference index (IRL) that were typed since: INSEE publishes one each quarter, for the three zones at once.

A quarter is a text like others (``parameters.texts``): looked at before it counts, each version kept with who wrote it and why.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from parvis.declarations.parameters import NAMES, Published, Quarters, shipped
from parvis.parameters import texts
from parvis.parameters.texts import Fields, TextEntry, TextField, TextNotPossible

INDEX = "rent-index"
"""The family of the quarters."""
_KEY = re.compile(r"(20\d\d)-T([1-4])")
_NUMBER = re.compile(r"[+\-−]?\d{1,3}(?:[.,]\d{1,2})?")
_RANKS = {1: "1er", 2: "2e", 3: "3e", 4: "4e"}
LOWEST, HIGHEST, MOST_CHANGE = Decimal(100), Decimal(400), Decimal(20)
SLACK = Decimal("0.02")
"""How far a yearly change may be from the two values it is made of: INSEE rounds both."""


def quarters() -> Quarters:
    """The index the portal came with, and what was typed since in its place or after it."""
    typed: dict[tuple[int, int, str], Published] = {}
    replaced = set()
    for key, fields in texts.edited(INDEX).items():
        when = _when(key)
        replaced.add(when)
        typed |= {(*when, zone): published for zone, published in _published(fields).items()}
    kept = {place: published for place, published in shipped().items() if place[:2] not in replaced}
    return {**kept, **typed}


def _when(key: str) -> tuple[int, int]:
    """The year and the quarter of a key."""
    found = _KEY.fullmatch(key)
    if found is None:
        raise TextNotPossible("Écrivez l’année et le trimestre, par exemple 2026-T3.", field="key")
    return int(found[1]), int(found[2])


def _key(year: int, quarter: int) -> str:
    return f"{year}-T{quarter}"


def _entry(key: str) -> TextEntry:
    year, quarter = _when(key)
    return TextEntry(key, f"{_RANKS[quarter]} trimestre {year}", str(year))


def _shipped_entries() -> list[TextEntry]:
    known = sorted({(year, quarter) for year, quarter, _ in shipped()}, reverse=True)
    return [_entry(_key(*when)) for when in known]


def _default(key: str) -> Fields:
    when = _when(key)
    fields: dict[str, str] = {}
    for zone in NAMES:
        published = shipped().get((*when, zone))
        if published is not None:
            fields |= {zone: _written(published.value), f"{zone}_yoy": _written(published.yoy)}
        elif any(place[:2] == when for place in shipped()):
            fields |= {zone: "", f"{zone}_yoy": ""}
    return fields


def _written(value: Decimal) -> str:
    return str(value).replace(".", ",")


def _number(name: str, written: str) -> Decimal:
    if not _NUMBER.fullmatch(written):
        raise TextNotPossible("Écrivez un nombre à deux décimales, par exemple 148,37.", field=name)
    return Decimal(written.replace("−", "-").replace(",", "."))


def _published(fields: Mapping[str, str]) -> dict[str, Published]:
    """What a quarter says, by zone; refuses half of a pair."""
    found = {}
    for zone in NAMES:
        value, yoy = fields.get(zone, ""), fields.get(f"{zone}_yoy", "")
        if bool(value) != bool(yoy):
            missing = f"{zone}_yoy" if value else zone
            raise TextNotPossible("L’indice et sa variation vont ensemble.", field=missing)
        if value:
            found[zone] = Published(_number(zone, value), _number(f"{zone}_yoy", yoy))
    return found


def _check(key: str, fields: Fields) -> None:
    year, quarter = _when(key)
    found = _published(fields)
    if not found:
        raise TextNotPossible("Écrivez l’indice d’une zone au moins.", field=next(iter(NAMES)))
    known = quarters()
    for zone, published in found.items():
        if not LOWEST <= published.value <= HIGHEST:
            raise TextNotPossible(f"L’indice va de {LOWEST} à {HIGHEST}.", field=zone)
        if abs(published.yoy) > MOST_CHANGE:
            raise TextNotPossible(f"La variation va de −{MOST_CHANGE} à +{MOST_CHANGE}\u00a0%.", field=f"{zone}_yoy")
        before = known.get((year - 1, quarter, zone))
        if before is not None:
            _check_change(zone, published, before.value)


def _check_day(key: str, today: date) -> None:
    """Refuse a quarter that has not begun: its year was mistyped."""
    current = (today.year, (today.month + 2) // 3)
    if _when(key) > current:
        raise TextNotPossible(f"Ce trimestre n’a pas commencé. Le dernier possible est {_key(*current)}.", field="key")


def _check_change(zone: str, published: Published, before: Decimal) -> None:
    """Refuse a change that the two values do not give: one of the three was mistyped."""
    made = (100 * (published.value - before) / before).quantize(Decimal("0.01"), ROUND_HALF_UP)
    if abs(made - published.yoy) > SLACK:
        raise TextNotPossible(
            f"De {_written(before)} un an avant à {_written(published.value)}, la variation est de {_written(made)}\u00a0%."
            " Vérifiez les deux nombres.",
            field=f"{zone}_yoy",
        )


def _fields() -> tuple[TextField, ...]:
    fields = []
    for zone, name in NAMES.items():
        where = f"pour {name}"
        fields.append(TextField(zone, f"Indice {where}", "Exemple\u00a0: 148,37.", is_optional=True))
        fields.append(
            TextField(
                f"{zone}_yoy", f"Variation sur un an {where}, en\u00a0%", "Exemple\u00a0: 1,15.", is_optional=True
            )
        )
    return tuple(fields)


FAMILY = texts.Family(
    code=INDEX,
    title="Indice de référence des loyers (IRL)",
    sentence="Publié par l’Insee chaque trimestre. Au-delà, une hausse de loyer est à confirmer.",
    fields=_fields(),
    entries=_shipped_entries,
    default=_default,
    check=_check,
    check_day=_check_day,
    new_key="Trimestre",
    new_hint="L’année et le trimestre. Exemple\u00a0: 2026-T3.",
    new_title="Ajouter un trimestre",
    entry=_entry,
)
