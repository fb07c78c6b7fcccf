"""What every kind of declaration is made of: questions, the reading of the answers, the sentences. Pure.

One kind is one module beside this one, and one line in ``kinds.__init__``: pages, drafts, receipts and deliveries ask the
kind and never which one it is. The July rent has its own grid; here it is only named.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from hashlib import blake2b
from typing import Any

from parvis.kit.days import month_end


class Ask(StrEnum):
    """How a question is put on the page."""

    DAY = "day"
    MONTH = "month"
    AMOUNT = "amount"
    NUMBER = "number"
    CHOICE = "choice"
    TEXT = "text"
    LONG_TEXT = "long_text"
    MONTHS = "months"
    """A table of months, each with what was due and what was paid (arrears)."""
    FIXED = "fixed"
    """Carried along since the declaration was begun, never asked."""


class Group(StrEnum):
    """Under which heading a kind stands on the sheet."""

    RENT = "Loyer"
    DWELLING = "Logement"


@dataclass(frozen=True, slots=True)
class Question:
    """One question. ``choices`` are (value, words); ``only_if`` names another question and the values that make this one asked.

    ``autocomplete`` is the HTML token, where the browser may help; ``known`` what the office knows, put in the field at first.
    ``missing`` is the sentence of an answer left empty; a label that asks (« ? ») needs none.
    """

    name: str
    label: str
    ask: Ask
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    optional: bool = False
    only_if: tuple[str, tuple[str, ...]] | None = None
    autocomplete: str = "off"
    known: str = ""
    longest: int = 200
    missing: str = ""

    def is_asked(self, answers: Mapping[str, str]) -> bool:
        """Whether these answers make this question one."""
        return self.only_if is None or answers.get(self.only_if[0], "") in self.only_if[1]


@dataclass(frozen=True, slots=True)
class TenancyFacts:
    """What is known of a tenancy on the day of the report. Cents; None is « not known ».

    ``aid_cents`` is the last aid paid to this landlord, None where the tenant is paid: it never leaves the kinds in a sentence
    then. ``aids`` are what each month of right brought them, for those who may see payments. ``neighbours`` are the
    landlord's other current tenancies in the same building, ``siblings`` what was declared of them together with the declaration
    that is being corrected, and would be replaced with it. ``stage`` is what a report that follows an earlier one is about.
    Without ``shows_aid`` no sentence may tell the aid: the person may not see payments. Where ``claimant_died``, nobody is asked
    about anything again. ``bank_known``: the office has an IBAN. ``july`` is the year and the cents of the July rent typed or
    declared in the campaign of the day, where it may tell something of what is declared.
    """

    today: date
    name: str
    start_on: date
    end_on: date | None = None
    rent_cents: int | None = None
    charges_cents: int | None = None
    aid_cents: int | None = None
    direct_payment: bool = False
    furnished: bool = False
    lease_holders: int = 1
    neighbours: int = 0
    siblings: int = 0
    aids: tuple[tuple[date, int], ...] = ()
    stage: str = ""
    shows_aid: bool = True
    claimant_died: bool = False
    bank_known: bool = False
    july: tuple[int, int] | None = None

    def paid_after(self, on: date) -> int:
        """What the landlord received for the months after that of a day, in cents, as far as the payments are known."""
        return max(0, sum(cents for month, cents in self.aids if month > month_end(on)))


@dataclass(frozen=True, slots=True)
class Caution:
    """Something to confirm: ``title`` in bold, ``sentence`` says more, ``confirm`` are the words of the box that keeps it.

    ``reasons`` are those it may be confirmed with, where there is one to tell; giving none is as good.
    """

    code: str
    title: str
    sentence: str
    confirm: str
    reasons: tuple[str, ...] = ()

    @property
    def mark(self) -> str:
        """What it says, in short: a box ticked beside other words confirms nothing of these."""
        said = f"{self.code}\n{self.title}\n{self.sentence}\n{self.confirm}"
        return blake2b(said.encode(), digest_size=6).hexdigest()

    @property
    def reason_choices(self) -> list[tuple[str, str]]:
        """The same as (value, words) of a list, that none is given first."""
        return [("", "Sans motif"), *((reason, reason) for reason in self.reasons)]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the answers say. With ``errors`` (name of the question to sentence; ``""`` for the whole) there are no ``details``.

    ``lines`` are the (words, value) of the check page, of the receipt and of the history; ``effect`` is what will follow,
    ``send_by`` until when to send it, said before the sending only; ``rule`` the version of the law that was applied, where one
    was. ``wait_until`` is the day one may wait for instead. ``also`` are the kinds that these answers call for besides, offered
    for the same sending.
    """

    errors: Mapping[str, str] = field(default_factory=dict)
    cautions: tuple[Caution, ...] = ()
    details: dict[str, Any] | None = None
    lines: tuple[tuple[str, str], ...] = ()
    effect: str = ""
    send_by: str = ""
    rule: str = ""
    wait_until: date | None = None
    also: tuple[str, ...] = ()


def never(details: Mapping[str, Any], today: date) -> date | None:
    """Most declarations are not asked about again."""
    return None


@dataclass(frozen=True, slots=True)
class DeclarationKind:
    """A kind as a table of its words and of its functions.

    ``order`` is its place in a sending of several; ``sober`` kinds have no colour, no exclamation and no thanks beyond the words.
    ``papers`` says which files may be joined, nothing where none may. ``asked_again`` tells, of the details sent on a day, the
    day from which the landlord is asked about them again.
    """

    code: str
    title: str
    card: str
    lead: str
    group: Group
    order: int
    questions: Callable[[TenancyFacts], tuple[Question, ...]]
    read: Callable[[Mapping[str, str], TenancyFacts], Reading]
    sober: bool = False
    after: str = ""
    papers: str = ""
    asked_again: Callable[[Mapping[str, Any], date], date | None] = never
