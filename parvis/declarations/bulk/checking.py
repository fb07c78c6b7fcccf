"""Reading a file and judging its lines, block after block; each block is kept as it is done, so that nothing is done twice."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from parvis.declarations.bulk import blocks, columns, facts, judging
from parvis.declarations.bulk.columns import Layout
from parvis.declarations.bulk.judging import Judged, Line
from parvis.declarations.bulk.models import FileState, LineState, RentFile
from parvis.declarations.bulk.refusals import ColumnNotFound, NoLines, OtherAccount, OtherYear, SeveralAccounts
from parvis.declarations.selectors.grid.norms import norms_of
from parvis.kit.actors import Actor
from parvis.kit.db import change_exactly_one, one_file
from parvis.sheets import reading

FIRST_BLOCK, SLOW_BLOCK, LARGEST_BLOCK = 1_000, 20_000, 100_000
"""Lines kept at once, in one transaction: few at first; then many, where nearly nothing is to be said of them, for the landlord's
tenants are read for each block; fewer where lines are judged one by one, so that the progress is seen to move."""
JUDGED = 5_000
"""Lines judged one by one in a row: what they cost in memory."""
LEASE = timedelta(seconds=30)
LONG_LEASE = timedelta(minutes=5)
"""Before a block so large that its lines, if all were to be judged one by one, would outlast the other."""

_STAGED = Layout({name: place for place, name in enumerate(blocks.STAGED)}, 0, ())
_COPY = f"COPY declarations_rentfilerow ({judging.COPIED}) FROM STDIN"
_CLASH = """
UPDATE declarations_rentfilerow r SET state = 'to_correct', fault = %(fault)s FROM declarations_rentfilerow old
WHERE r.file_id = %(file)s AND r.line = %(line)s AND old.file_id = r.file_id AND old.line = r.line AND r.state <> 'to_correct'
RETURNING old.state
"""


class Checking:
    """The work on one file: opened, made out, judged to its end; goes on after the last line that was kept."""

    def __init__(self, file: RentFile, actor: Actor, *, at: datetime) -> None:
        self.file, self.actor, self.at = file, actor, at
        self._norms = norms_of(file.year)
        self._began = time.monotonic()
        self._seen: dict[int, tuple[int, int | None]] = {}
        self._counts: Counter[str] = Counter(file.counts)
        self._clashes: list[tuple[int, int]] = []

    def run(self) -> None:
        """Judge all that remains. Refuses (Unreadable, WrongFile, ColumnNotFound) before the first line is kept."""
        parts = reading.Parts(_content(self.file))
        try:
            layout = self._made_out(parts.first)
            self._begin(max(0, parts.expected - layout.first))
            after, size = max(self.file.checked, layout.first), FIRST_BLOCK
            lines = parts.of([layout.places.get(name, -1) for name in blocks.STAGED], after=after)
            while size:
                size = self._keep(lines, size)
            self._end()
        finally:
            parts.close()

    def _made_out(self, rows: Sequence[Sequence[str]]) -> Layout:
        if self.file.head_lines is not None:
            return Layout(self.file.columns, self.file.head_lines, tuple(self.file.header))
        year, layout = self.file.year, columns.find(rows, self.file.year)
        if self.file.columns:
            layout = Layout({**layout.places, **self.file.columns}, layout.first, layout.header)
        self._refuse_others(rows, layout)
        if not layout.is_whole:
            if not any(any(row) for row in rows):
                raise NoLines
            raise ColumnNotFound(layout.header, year)
        lines = (judging.line_of(0, row, layout) for row in rows[layout.first :])
        if not any(line.shown for line in lines if line):
            raise NoLines
        self.file.columns, self.file.header = layout.places, list(layout.header)
        return layout

    def _refuse_others(self, rows: Sequence[Sequence[str]], layout: Layout) -> None:
        """A file of another campaign, of another account of the same person, or of several of them."""
        place = layout.places.get(columns.KEY)
        if place is None:
            return
        keys = [key for row in rows if place < len(row) and (key := columns.read_key(row[place]))]
        years = Counter(year for year, _ in keys)
        if years and self.file.year not in years:
            raise OtherYear(years.most_common(1)[0][0], self.file.year)
        own = {
            known.ordinal
            for known in facts.by_key(self.actor, self._norms, [(n, str(k)) for n, (_, k) in enumerate(keys)])
        }
        others = [key for number, (_, key) in enumerate(keys) if number not in own]
        if others and (theirs := facts.other_account(self.actor, others)):
            raise SeveralAccounts(theirs[0]) if own else OtherAccount(*theirs)

    def _begin(self, expected: int) -> None:
        if self.file.state == FileState.READING and self.file.expected:
            return
        self._change(state=FileState.READING, expected=expected, header=self.file.header, columns=self.file.columns)

    def _judge(self, block: Sequence[Line]) -> list[Judged]:
        """Each line of a block, judged; the same tenant twice with two amounts is put right by nobody but its owner."""
        found = self._found(block)
        self._seen = blocks.standing(self.file.pk, [one[0].tenancy_id for one in found.values() if len(one) == 1])
        judged, elsewhere = [], self._elsewhere(block, found)
        for ordinal, line in enumerate(block):
            candidates = found.get(ordinal, [])
            if len(candidates) != 1:
                judged.append(judging.unknown(line, len(candidates), elsewhere=elsewhere.get(ordinal, "")))
                continue
            one = judging.judge(line, candidates[0], self.file.year)
            self._compare(one)
            judged.append(one)
        return judged

    def _found(self, block: Sequence[Line]) -> dict[int, list[facts.Known]]:
        keys: list[tuple[int, str]] = []
        named: list[tuple[int, str, str, str]] = []
        for ordinal, line in enumerate(block):
            if tenancy := columns.tenancy_in(line.key, self.file.year):
                keys.append((ordinal, tenancy))
            elif line.claimant:
                named.append((ordinal, line.claimant, line.office, line.own))
        found: dict[int, list[facts.Known]] = {}
        for known in facts.by_key(self.actor, self._norms, keys):
            found[known.ordinal] = [known]
        for known in facts.by_number(self.actor, self._norms, named):
            found.setdefault(known.ordinal, []).append(known)
        return {ordinal: _in_campaign(candidates) for ordinal, candidates in found.items()}

    def _elsewhere(self, block: Sequence[Line], found: dict[int, list[facts.Known]]) -> dict[int, str]:
        """The other account of the same person that the key of a line not found here names, by the number of the line in the block."""
        keys = [(n, key) for n, line in enumerate(block) if n not in found if (key := columns.read_key(line.key))]
        return facts.other_accounts(self.actor, [(n, key) for n, (_, key) in keys])

    def _compare(self, judged: Judged) -> None:
        """Of two lines about one tenant, the second says nothing new, or both are to be corrected."""
        if judged.tenancy_id is None or judged.state in (LineState.NO_AMOUNT, LineState.SENT):
            return
        first = self._seen.setdefault(judged.tenancy_id, (judged.line.number, judged.cents))
        if first[0] == judged.line.number:
            return
        if first[1] == judged.cents:
            judged.state, judged.fault = LineState.NO_AMOUNT, judging.same_as(first[0])
        else:
            judging.twice(judged, first[0])
            self._clashes.append((first[0], judged.line.number))

    @transaction.atomic
    def _keep(self, parts: Iterator[reading.Part], most: int) -> int:
        """Judge some lines and keep them: what nothing is to be said of as a set, the rest line by line.

        Answers how many are to be taken next, 0 when the file is at its end.
        """
        done, staged = blocks.stage(parts, most)
        if not done:
            return 0
        left = blocks.keep_ready(self.actor, self.file.pk, self._norms, staged=staged)
        self._counts[judging.READY] += staged - len(left)
        for begin in range(0, len(left), JUDGED):
            rows = left[begin : begin + JUDGED]
            self._write(self._judge([line for row in rows if (line := judging.line_of(row[0], row[1:], _STAGED))]))
        following = LARGEST_BLOCK if len(left) * 10 <= staged else SLOW_BLOCK
        self._change(
            checked=done,
            counts={state: count for state, count in self._counts.items() if count},
            leased_until=self._now() + (LONG_LEASE if following == LARGEST_BLOCK else LEASE),
        )
        return following

    def _write(self, judged: Sequence[Judged]) -> None:
        if not judged:
            return
        with connection.cursor() as cursor:
            with cursor.copy(_COPY) as copy:
                copy.write(judging.copied(self.file.pk, judged))
            self._counts.update(str(one.state) for one in judged)
            blocks.take_out(self.file, [first for first, _ in self._clashes])
            for first, second in self._clashes:
                cursor.execute(_CLASH, {"file": self.file.pk, "line": first, "fault": judging.also_on(second)})
                for row in cursor.fetchall():
                    self._counts.subtract([row[0]])
                    self._counts[LineState.TO_CORRECT.value] += 1
        self._clashes.clear()

    def _end(self) -> None:
        self._change(state=FileState.READY, expected=self.file.checked, leased_until=None, checked_at=self._now())

    def _change(self, **changes: Any) -> None:
        """Write on the file, if it still is as this work knows it: else somebody else took it over, or abandoned it."""
        if changes.get("state") != FileState.READY:
            changes.setdefault("leased_until", self._now() + LEASE)
        as_known = RentFile.objects.filter(pk=self.file.pk, state=self.file.state, checked=self.file.checked)
        change_exactly_one(as_known, **changes)
        for name, value in changes.items():
            setattr(self.file, name, value)

    def _now(self) -> datetime:
        """The moment the work began, and the time it has taken since."""
        return self.at + timedelta(seconds=time.monotonic() - self._began)


def _content(file: RentFile) -> bytes:
    """What was sent: the worker has the file without it."""
    if "content" in file.get_deferred_fields():
        return one_file("SELECT content FROM declarations_rentfile WHERE id = %s", [file.pk])
    return bytes(file.content or b"")


def _in_campaign(candidates: list[facts.Known]) -> list[facts.Known]:
    """Of several tenancies of one claimant, those that are to be declared, if any is."""
    if len(candidates) < 2:
        return candidates
    return [known for known in candidates if known.state is not None] or candidates[:1]
