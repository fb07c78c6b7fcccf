"""Rights by file, for large organisations: a table comes down, is edited, goes up; nothing is written before « Appliquer »."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from parvis.identity.rules import read_login
from parvis.kit.actors import Actor, Right
from parvis.kit.periods import day
from parvis.kit.refusals import Refusal
from parvis.kit.text import fold
from parvis.landlords import rules
from parvis.landlords.rules import Wish
from parvis.landlords.selectors.users import UserLine, UserState, all_users, grantable_rights
from parvis.landlords.services.users import rights as services
from parvis.sheets import reading

MOST_ROWS = 5_000
IDENTIFIER, LAST, FIRST, OFFICES, END, STATE, FAULT = (
    "Identifiant",
    "Nom",
    "Prénom",
    "Caisses",
    "Fin des droits",
    "État",
    "Ce qui ne va pas",
)
_YES = frozenset({"oui", "o", "x", "1", "vrai", "true", "yes"})
_NO = frozenset({"", "non", "n", "0", "faux", "false", "no"})
_DAY = re.compile(r"^(\d{1,2})/(\d{1,2})/(\d{4})$|^(\d{4})-(\d{2})-(\d{2})")


class FileNotUnderstood(Refusal):
    """The table is not one of users."""


@dataclass(frozen=True, slots=True)
class Ready:
    """One row that may be applied: whom it is about, what it changes in words, and what the page showed of them."""

    line: int
    reference: str
    name: str
    login_id: str
    words: str
    rights: tuple[str, ...]
    offices: tuple[str, ...]
    end_on: str
    seen: str

    @property
    def wish(self) -> Wish:
        """The change itself."""
        end = date.fromisoformat(self.end_on) if self.end_on else None
        return Wish(frozenset(Right(right) for right in self.rights), frozenset(self.offices), end)


@dataclass(frozen=True, slots=True)
class Fault:
    """One row that cannot be applied, with its cells and the sentence that says why."""

    line: int
    cells: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a file would do: the rows that change something, those that cannot, and how many change nothing."""

    header: tuple[str, ...]
    ready: list[Ready]
    faults: list[Fault]
    unchanged: int


def header_of(actor: Actor) -> list[str]:
    """The columns of the table: one for each right that exists in this organisation."""
    return [IDENTIFIER, LAST, FIRST, *(right.label for right in grantable_rights(actor)), OFFICES, END, STATE]


def open_columns(actor: Actor) -> list[int]:
    """The columns one edits: rights, offices, end."""
    return list(range(3, 3 + len(grantable_rights(actor)) + 2))


def table_of(actor: Actor, *, at: datetime) -> Iterator[list[str]]:
    """The users as they are, one a row."""
    possible = grantable_rights(actor)
    for user in all_users(actor, at=at, limit=MOST_ROWS):
        held = ["Oui" if right in user.rights else "Non" for right in possible]
        end = day(user.end_on) if user.end_on else ""
        state = "Actif" if user.state is UserState.ACTIVE else "À ne pas modifier"
        yield [user.login_id, user.last_name, user.first_name, *held, " ".join(user.offices), end, state]


def read(content: bytes, *, by: Actor, at: datetime) -> Report:
    """What an edited table would do. Writes nothing. Refuses (Unreadable, FileNotUnderstood) what is no such table."""
    rows = [tuple(cell.strip() for cell in row) for row in reading.rows(content)]
    start = next((number for number, row in enumerate(rows) if any(fold(cell) == "identifiant" for cell in row)), None)
    if start is None:
        raise FileNotUnderstood(
            "La colonne «\u00a0Identifiant\u00a0» manque. Téléchargez le tableau, modifiez-le, puis envoyez-le.",
            field="file",
        )
    if len(rows) - start - 1 > MOST_ROWS:
        raise FileNotUnderstood(
            "Ce fichier a plus de 5\u00a0000 lignes. Découpez-le en plusieurs fichiers.", field="file"
        )
    columns = {fold(cell): number for number, cell in enumerate(rows[start]) if cell}
    return _judged(rows, start, columns, by=by, at=at)


def _judged(rows: Sequence[tuple[str, ...]], start: int, columns: dict[str, int], *, by: Actor, at: datetime) -> Report:
    known = {user.login_id: user for user in all_users(by, at=at, limit=MOST_ROWS)}
    report, seen = Report(rows[start], [], [], 0), set[str]()
    unchanged = 0
    for number, cells in enumerate(rows[start + 1 :], start=start + 2):
        if not any(cells):
            continue
        try:
            login = read_login(_cell(cells, columns, "identifiant")).value
            user = _user(login, known, seen, by)
            ready = _ready(number, user, _wish(cells, columns, user, by), by=by, at=at)
        except Refusal as refusal:
            report.faults.append(Fault(number, cells, refusal.sentence))
            continue
        if ready is None:
            unchanged += 1
        else:
            report.ready.append(ready)
    return Report(rows[start], report.ready, report.faults, unchanged)


def _cell(cells: Sequence[str], columns: dict[str, int], name: str) -> str:
    place = columns.get(name)
    return cells[place] if place is not None and place < len(cells) else ""


def _user(login: str, known: dict[str, UserLine], seen: set[str], by: Actor) -> UserLine:
    user = known.get(login)
    if user is None:
        raise FileNotUnderstood(f"L’identifiant «\u00a0{login[:20]}\u00a0» n’est pas celui d’un utilisateur d’ici.")
    if login in seen:
        raise FileNotUnderstood("Cette personne est deux fois dans le fichier. Gardez une seule ligne.")
    seen.add(login)
    return user


def _wish(cells: Sequence[str], columns: dict[str, int], user: UserLine, by: Actor) -> Wish:
    """What a row asks for; a column that is not there leaves things as they are."""
    wanted = set()
    for right in grantable_rights(by):
        place = columns.get(fold(right.label))
        if place is None:
            wanted |= {right} & user.rights
        elif _is_yes(_cell(cells, columns, fold(right.label)), right):
            wanted.add(right)
    offices = user.offices
    if fold(OFFICES) in columns:
        offices = tuple(sorted(set(re.split(r"[\s,;]+", _cell(cells, columns, fold(OFFICES)))) - {""}))
    end = user.end_on if fold(END) not in columns else _day(_cell(cells, columns, fold(END)))
    return Wish(rules.with_consulting(wanted), frozenset(offices), end)


def _is_yes(cell: str, right: Right) -> bool:
    word = fold(cell)
    if word not in _YES | _NO:
        raise FileNotUnderstood(
            f"«\u00a0{cell[:20]}\u00a0» pour «\u00a0{right.label}\u00a0»\u00a0: écrivez Oui ou Non."
        )
    return word in _YES


def _day(cell: str) -> date | None:
    if not cell:
        return None
    found = _DAY.match(cell)
    try:
        if found is None:
            raise ValueError
        first, month, year, *iso = found.groups()
        return date(int(year), int(month), int(first)) if year else date(*(int(part) for part in iso))
    except ValueError as error:
        raise FileNotUnderstood(
            f"La date «\u00a0{cell[:20]}\u00a0» n’est pas lisible\u00a0: écrivez 31/12/2026."
        ) from error


def _ready(number: int, user: UserLine, wish: Wish, *, by: Actor, at: datetime) -> Ready | None:
    if wish == Wish(user.rights, frozenset(user.offices), user.end_on):
        return None
    with transaction.atomic():
        services.foresee(user.reference, wish, seen=None, by=by, at=at)
    return Ready(
        number,
        user.reference,
        user.name,
        user.login_id,
        _in_words(user, wish),
        tuple(sorted(right.value for right in wish.rights)),
        tuple(sorted(wish.offices)),
        wish.end_on.isoformat() if wish.end_on else "",
        user.as_seen,
    )


def _in_words(user: UserLine, wish: Wish) -> str:
    given, taken = wish.rights - user.rights, user.rights - wish.rights
    parts = [f"reçoit {', '.join(rules.labels(given))}"] if given else []
    parts += [f"perd {', '.join(rules.labels(taken))}"] if taken else []
    if frozenset(user.offices) != wish.offices:
        parts.append(f"caisses\u00a0: {', '.join(sorted(wish.offices)) or 'toutes'}")
    if user.end_on != wish.end_on:
        parts.append(f"fin\u00a0: {day(wish.end_on)}" if wish.end_on else "sans date de fin")
    return "\u00a0; ".join(parts)


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of one row; ``sentence`` is empty when it was done."""

    row: Ready
    sentence: str


def apply(ready: Iterable[Ready], *, by: Actor, at: datetime) -> list[Applied]:
    """Apply rows one by one, each as on its own page: what has changed meanwhile is refused, the others go through."""
    done = []
    for row in ready:
        try:
            changed = services.change_rights(row.reference, row.wish, seen=row.seen, by=by, at=at)
        except Refusal as refusal:
            done.append(Applied(row, refusal.sentence))
        else:
            done.append(Applied(row, "" if changed else "C’était déjà fait."))
    return done
