"""Decisions about declarations: pure, without clock or database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from parvis.declarations.parameters import Thresholds
from parvis.declarations.refusals import DatesNotPossible, RentOutOfBounds
from parvis.kit.money import NBSP, euros
from parvis.kit.periods import long_day
from parvis.parameters.law import legal

STATE_GROUPS = (("to_declare", "drafted", "to_confirm"), ("to_correct", "rejected"), ("submitted",), ("integrated",))
"""The states of an entry in the groups of its column ``state_group``, by which its one index holds it, in this order: to be sent,
typed or not; wrong; with the office; taken in. What is out of the campaign is in none. Typing leaves no group: it writes no index."""


def groups_of(*states: str) -> tuple[int, ...]:
    """The groups that hold these states."""
    return tuple(group for group, held in enumerate(STATE_GROUPS) if not set(held).isdisjoint(states))


def in_groups(groups: Sequence[int]) -> str:
    """That an entry ``e`` is of one of these groups."""
    return f"e.state_group IN ({', '.join(map(str, groups))})"


def apart(*states: str) -> str:
    """What parts these states of an entry ``e`` from the others of their groups; nothing where they are all of them."""
    every = {state for group in groups_of(*states) for state in STATE_GROUPS[group]}
    named = ", ".join(f"'{state}'" for state in states)
    return "" if every == set(states) else f" AND e.state IN ({named})"


def entry_in(*states: str) -> str:
    """That an entry ``e`` is in one of these states, as its one index finds it: by their groups, then among what they hold."""
    return in_groups(groups_of(*states)) + apart(*states)


OPEN_ENTRY = entry_in("to_declare", "drafted", "to_confirm", "to_correct", "rejected")
"""An entry ``e`` that is not with the office yet (``models.OPEN_STATES``): what is typed there is its draft, and no declaration."""

READY_ENTRY = entry_in("drafted")
"""An entry ``e`` ready to leave."""

DRAFTED_ENTRY = entry_in("drafted", "to_confirm", "to_correct")
"""An entry ``e`` that holds a draft."""

DRAFT = {
    "draft_typed": "text", "draft_cents": "int", "draft_furnished": "boolean", "draft_lease_holders": "smallint",
    "draft_warnings": "jsonb", "draft_confirmed": "jsonb", "draft_reason": "text",
    "draft_channel": "text", "draft_account_id": "bigint", "draft_saved_at": "timestamptz",
}  # fmt: skip
"""The columns in which an entry holds its draft, with their types."""
NO_DRAFT = ", ".join(f"{column} = NULL" for column in DRAFT)
"""What takes the draft away from an entry."""

OUT_OF_BOUNDS = "({0} > 0 AND NOT ({0} BETWEEN %(lowest)s AND %(highest)s))"
"""Cents that :func:`check_rent` refuses, for a set of them; unknown of those that are."""

SHARE_STATED = """LEFT JOIN LATERAL (
  SELECT true AS yes FROM declarations_declaration x WHERE t.lease_holders > 1 AND x.tenancy_id = t.id AND x.kind = 'july_rent'
    AND NOT (x.state IN ('rejected', 'corrected', 'abandoned')) AND NOT x.revises AND x.submitted_at IS NOT NULL
    AND x.details ? 'amount_is' LIMIT 1
) stated ON true"""
"""Whether a July rent of a tenancy ``t`` was sent that says whose it is: before, what the office holds may be that of all."""


def check_rent(cents: int, limits: Thresholds) -> None:
    """Refuse what cannot be a monthly rent, nor be held by the files exchanged. Zero is a rent: a dwelling lent, to be confirmed;
    so is one of less than a euro, or of more than four digits (product.md §3.3)."""
    if cents and not limits.lowest_rent_cents <= cents <= limits.highest_rent_cents:
        lowest, highest = euros(limits.lowest_rent_cents), euros(limits.highest_rent_cents)
        raise RentOutOfBounds(f"Le loyer doit être compris entre {lowest} et {highest}.")


def is_previous_july_due(year: int, *, start_on: date, last_july_cents: int | None) -> bool:
    """Whether the July rent of the year before is asked too: the tenancy ran then, and the office does not know it."""
    return last_july_cents is None and start_on <= date(year - 1, 7, 31)


def may_correct(state_is_open: bool, *, today: date, deadline_on: date, submitted_on: date | None = None) -> bool:
    """Whether a landlord may still correct what was sent: until it is decided, and until the deadline; what was sent after
    the deadline, until it is decided."""
    is_late = submitted_on is not None and submitted_on > deadline_on
    return state_is_open and (today <= deadline_on or is_late)


def effect_of(year: int, *, on: date, deadline_on: date, suspension_on: date) -> str:
    """What July rents received on a day change, and from when (CCH R.823-6; domain.md §4 of those that come late)."""
    first = f"le 1er{NBSP}janvier{NBSP}{year + 1}"
    if on <= deadline_on:
        return f"L’aide sera recalculée {first}."
    if on < suspension_on:
        late = f"Reçu après le {long_day(deadline_on)}{NBSP}:"
        return f"{late} l’aide sera recalculée à partir de la prise en compte, au plus tôt {first}."
    late = f"Reçu après le {long_day(suspension_on)}{NBSP}:"
    return f"{late} l’aide suspendue peut reprendre, avec rappel, à partir de la prise en compte."


def lateness_may_cost(today: date) -> str:
    """What a late report may cost, without threat: a possibility, never automatic (CSS L.114-17). Nothing where no rule says so."""
    ceilings = legal("penalty_max_pmss_multiple", on=today)
    if ceilings is None:
        return ""
    most = f"{ceilings:.0f}{NBSP}plafonds mensuels de la Sécurité sociale au plus (CSS L.114-17)"
    return f"Un retard peut conduire à rendre des aides et à une pénalité, de {most}. Ce n’est pas automatique."


def steps_of(on: date, *, deadline_on: date, weeks: tuple[int, int] | None) -> list[str]:
    """What follows the sending of July rents on a day: how long the office takes, until when they may be corrected (CRPA
    R.112-11-1; product.md §3.2)."""
    delay = ""
    if weeks is not None:
        low, high = weeks
        delay = (
            f" sous {low}{NBSP}semaine{'s' if low > 1 else ''}"
            if low == high
            else f" sous {low} à {high}{NBSP}semaines"
        )
    until = "jusqu’à la décision de la caisse"
    if on <= deadline_on:
        until = f"jusqu’au {long_day(deadline_on)}, tant que la caisse n’a pas décidé"
    return [f"La caisse intègre les loyers{delay}.", f"Vous pouvez les corriger {until}."]


class Dates(NamedTuple):
    """The three days of a campaign."""

    opens_on: date
    deadline_on: date
    suspension_on: date


LATEST_OPENING = (9, 30)
"""Month and day."""
SHORTEST = timedelta(days=30)
"""Between the opening and the last day, and between the last day and the suspension: what a landlord must have at least."""


def check_dates(year: int, dates: Dates, now: Dates | None, *, today: date) -> None:
    """Refuse dates that contradict each other or change what is past; ``now`` are those in force there, if any are."""
    opens, deadline, suspension = dates
    if not date(year, 6, 1) <= opens <= date(year, *LATEST_OPENING):
        raise DatesNotPossible(f"L’ouverture se place entre le 1er juin et le 30 septembre {year}.", field="opens_on")
    if now is not None and now.opens_on <= today and opens != now.opens_on:
        raise DatesNotPossible("La campagne est déjà ouverte\u00a0: son ouverture ne change plus.", field="opens_on")
    if (now is None or opens != now.opens_on) and opens <= today:
        raise DatesNotPossible("L’ouverture doit être après aujourd’hui.", field="opens_on")
    if not opens + SHORTEST <= deadline <= date(year, 12, 31):
        sentence = f"La date limite vient au moins 30\u00a0jours après l’ouverture, et avant la fin de {year}."
        raise DatesNotPossible(sentence, field="deadline_on")
    if (now is None or deadline != now.deadline_on) and deadline < today:
        raise DatesNotPossible("La date limite ne peut pas être un jour passé.", field="deadline_on")
    if not deadline + SHORTEST <= suspension <= date(year + 1, 6, 30):
        sentence = (
            f"La suspension vient au moins 30\u00a0jours après la date limite, et avant le 1er juillet {year + 1}."
        )
        raise DatesNotPossible(sentence, field="suspension_on")
    if (now is None or suspension != now.suspension_on) and suspension <= today:
        raise DatesNotPossible("La suspension doit être après aujourd’hui.", field="suspension_on")


def change_in_words(where: str, dates: Dates, now: Dates | None, *, today: date) -> list[str]:
    """What new dates change, as the page says it before they are confirmed; ``where`` names the offices."""
    told = []
    if now is None or dates.opens_on != now.opens_on:
        told.append(
            f"{where}\u00a0: les bailleurs pourront déclarer à partir du {long_day(dates.opens_on)}{_instead(now, 0)}."
        )
    if now is None or dates.deadline_on != now.deadline_on:
        told.append(
            f"{where}\u00a0: un loyer déclaré jusqu’au {long_day(dates.deadline_on)} est à l’heure{_instead(now, 1)}."
        )
        if now is not None and now.deadline_on < today <= dates.deadline_on:
            told.append("Les loyers en retard aujourd’hui ne le seront plus.")
    if now is None or dates.suspension_on != now.suspension_on:
        told.append(
            f"{where}\u00a0: sans loyer déclaré, l’aide peut être suspendue le {long_day(dates.suspension_on)}{_instead(now, 2)}."
        )
    return told


def _instead(now: Dates | None, which: int) -> str:
    return f" (au lieu du {long_day(now[which])})" if now is not None else ""


DELAY_CLASSES = (
    "Moins de 10\u00a0minutes",
    "De 10\u00a0minutes à 1\u00a0heure",
    "De 1 à 4\u00a0heures",
    "De 4\u00a0heures à 1\u00a0jour",
    "De 1 à 2\u00a0jours",
    "De 2 à 4\u00a0jours",
    "De 4 à 8\u00a0jours",
    "Plus de 8\u00a0jours",
)
DELAY_LIMITS = (600, 3_600, 14_400, 86_400, 172_800, 345_600, 691_200)
"""In seconds, the upper ends of all classes but the last."""


def median_class(delays: Sequence[int]) -> str:
    """The class in which the median of counted delays lies; empty when nothing was counted."""
    half, seen = sum(delays) / 2, 0
    for count, words in zip(delays, DELAY_CLASSES, strict=True):
        seen += count
        if half and seen >= half:
            return words
    return ""
