"""Texts the office may edit without a deployment: what the portal came with, until somebody writes another version.

A room or a page that owns such texts registers a :class:`Family`; it reads what was edited by :func:`edited`, and keeps its own
words for all the rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from parvis.audit.journal import Event, record
from parvis.kit.actors import Actor, Duty, check_holds
from parvis.kit.clock import day_in_paris
from parvis.kit.db import one_row
from parvis.kit.periods import moment
from parvis.kit.refusals import ChangedMeanwhile, NotFound, Refusal
from parvis.parameters import kept
from parvis.parameters.models import EditedText
from parvis.parameters.services import said_why

TEXT_EDITED = Event("parameters.text_edited", "Texte modifié")
TEXT_RESTORED = Event("parameters.text_restored", "Texte d’origine rétabli")
LONGEST_FIELD, LONGEST_SENTENCE = 5_000, 300
_CODE = re.compile(r"[a-z][a-z0-9_]{1,39}")

Fields = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TextField:
    """One part of a text: its name, what the form says of it, how many lines it takes (one sentence a line)."""

    name: str
    label: str
    hint: str = ""
    rows: int = 1
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class TextEntry:
    """One text of a family: its key, and the title of the list."""

    key: str
    title: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    """Texts of one kind.

    ``entries`` lists those the portal came with, ``default`` gives one of them as fields, empty for a new key. ``check`` raises a
    :class:`~parvis.kit.refusals.Refusal` that names a field, ``check_day`` one of a key that is
    not of the day yet. ``new_key`` says what a new key is, where one may be added; ``entry`` how an
    added one is listed.
    """

    code: str
    title: str
    sentence: str
    fields: tuple[TextField, ...]
    entries: Callable[[], Sequence[TextEntry]]
    default: Callable[[str], Fields]
    check: Callable[[str, Fields], None]
    check_day: Callable[[str, date], None] = lambda key, today: None
    new_key: str = ""
    new_hint: str = "Tel que la caisse l’envoie."
    new_title: str = "Ajouter un code"
    entry: Callable[[str], TextEntry] = lambda key: TextEntry(key, key, "Ajoutés")


_FAMILIES: dict[str, Family] = {}


class TextNotPossible(Refusal):
    """What was typed cannot be shown as it is."""


def of_sentences(code: str, title: str, sentence: str, known: Mapping[str, str]) -> Family:
    """A family whose texts are one sentence each, by a code of the office; codes the portal does not know may be added."""

    def check(key: str, fields: Fields) -> None:
        if not _CODE.fullmatch(key):
            raise TextNotPossible("Un code s’écrit en minuscules, par exemple paper_missing.", field="key")
        if len(fields["sentence"]) > LONGEST_SENTENCE:
            raise TextNotPossible(f"{LONGEST_SENTENCE} caractères au plus.", field="sentence")

    return Family(
        code=code,
        title=title,
        sentence=sentence,
        fields=(TextField("sentence", "Ce que lit le bailleur", "La raison, puis ce qu’il peut faire.", rows=3),),
        entries=lambda: [TextEntry(key, key) for key in sorted(known)],
        default=lambda key: {"sentence": known[key]} if key in known else {},
        check=check,
        new_key="Code de la caisse",
    )


def register(family: Family) -> None:
    """Let the texts of a family be edited."""
    _FAMILIES[family.code] = family


def families() -> list[Family]:
    """Every family, by title."""
    return sorted(_FAMILIES.values(), key=lambda family: family.title)


def family_of(code: str) -> Family:
    """One family; refuses a code nobody registered."""
    if code not in _FAMILIES:
        raise NotFound
    return _FAMILIES[code]


def edited(family: str) -> dict[str, Fields]:
    """What was edited in a family, by key."""
    return dict(kept.kept().texts.get(family, {}))


def entries_of(family: Family) -> list[TextEntry]:
    """The texts of a family, those added by the office at the end."""
    known = list(family.entries())
    there = {entry.key for entry in known}
    return known + [family.entry(key) for key in sorted(edited(family.code)) if key not in there]


def fields_of(family: Family, key: str) -> Fields:
    """A text as it is shown now; refuses a key that is neither the portal's nor added."""
    if key not in {entry.key for entry in entries_of(family)}:
        raise NotFound
    return edited(family.code).get(key) or family.default(key)


def history_of(family: str, key: str) -> list[EditedText]:
    """Every version written, the newest first."""
    return list(EditedText.objects.filter(family=family, key=key).order_by("-id")[:50])


def read_fields(family: Family, typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed, line by line, without blanks around; refuses what is missing or too long."""
    read: dict[str, str] = {}
    for field in family.fields:
        lines = (" ".join(line.split()) for line in typed.get(field.name, "").splitlines())
        value = ("\n" if field.rows > 1 else " ").join(line for line in lines if line)
        if not value and not field.is_optional:
            raise TextNotPossible(f"Écrivez «\u00a0{field.label}\u00a0».", field=field.name)
        if len(value) > LONGEST_FIELD:
            raise TextNotPossible(f"{LONGEST_FIELD} caractères au maximum.", field=field.name)
        read[field.name] = value
    return read


def check_text(family: Family, key: str, fields: Fields, *, at: datetime) -> None:
    """Refuse what cannot be shown as it is, or not yet."""
    family.check_day(key, day_in_paris(at))
    family.check(key, fields)


@transaction.atomic
def edit(
    family: Family,
    key: str,
    typed: Mapping[str, str],
    *,
    reason: str,
    by: Actor,
    at: datetime,
    seen: int | None = None,
) -> None:
    """Write another version, in force within two seconds. The same words again change nothing.

    ``seen`` is the version the page was made with (0: the portal's own); if another came between, :class:`ChangedMeanwhile` says
    whose. None asks nothing.
    """
    check_holds(by, Duty.EDIT_TEXTS)
    fields = read_fields(family, typed)
    check_text(family, key, fields, at=at)
    newest = _newest(family.code, key)
    if ((newest.fields if newest else {}) or family.default(key)) == fields:
        return
    if newest is None or newest.fields or family.default(key):
        # What was added and withdrawn since is added anew: nobody's words are written over.
        _refuse_unseen(newest, seen)
    _write(family.code, key, fields, said_why(reason, by), by, at)
    record(TEXT_EDITED, subject=f"{family.code}/{key}"[:80], by=by, at=at)


@transaction.atomic
def restore(family: Family, key: str, *, reason: str, by: Actor, at: datetime, seen: int | None = None) -> None:
    """Go back to what the portal came with, or without it if it was added; the versions are kept. ``seen`` as for :func:`edit`."""
    check_holds(by, Duty.EDIT_TEXTS)
    newest = _newest(family.code, key)
    if newest is None or not newest.fields:
        return
    _refuse_unseen(newest, seen)
    _write(family.code, key, {}, said_why(reason, by), by, at)
    record(TEXT_RESTORED, subject=f"{family.code}/{key}"[:80], by=by, at=at)


@transaction.atomic
def take_again(family: Family, key: str, version: int, *, by: Actor, at: datetime, seen: int | None = None) -> None:
    """Put a former version in force again, as a new one; refuses one that is not of this text. ``seen`` as for :func:`edit`."""
    former = EditedText.objects.filter(pk=version, family=family.code, key=key).first()
    if former is None:
        raise NotFound
    reason = f"Version du {moment(former.changed_at)} reprise"
    if former.fields:
        edit(family, key, former.fields, reason=reason, by=by, at=at, seen=seen)
    else:
        restore(family, key, reason=reason, by=by, at=at, seen=seen)


def _newest(family: str, key: str) -> EditedText | None:
    """The version in force, alone with it until the end of the transaction."""
    one_row("SELECT pg_advisory_xact_lock(hashtext('parameters.texts'))", [])
    return EditedText.objects.filter(family=family, key=key).order_by("-id").first()


def check_new(family: Family, key: str) -> None:
    """Refuse to add what is there already: it would be written over, unseen."""
    if key in {entry.key for entry in entries_of(family)}:
        raise TextNotPossible("Il existe déjà\u00a0: ouvrez-le dans la liste pour le changer.", field="key")


def _refuse_unseen(newest: EditedText | None, seen: int | None) -> None:
    if seen is not None and newest is not None and newest.pk != seen:
        raise ChangedMeanwhile(
            f"{newest.changed_by} a changé ce texte entre-temps. Les deux versions sont ci-dessous\u00a0: recommencez si la vôtre"
            " doit rester."
        )


def _write(family: str, key: str, fields: Fields, reason: str, by: Actor, at: datetime) -> None:
    EditedText.objects.create(
        family=family, key=key, fields=dict(fields), changed_at=at, changed_by=by.label, reason=reason
    )
    kept.forget()
    transaction.on_commit(kept.forget)
