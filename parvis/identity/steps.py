"""Sign-in as a list of resumable steps; each says whether it is still needed (product.md §2.2 and §2.3). Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an account is, in one session.

    ``link_due``: a mailbox was proved that other organisations' accounts use, and linking waits for a password.
    ``person_known``: another account of the same individual (same NIR) has a proved mailbox.
    """

    email_proved: bool
    code_satisfied: bool
    has_names: bool
    provisional: bool
    rules_due: bool
    terms_due: bool
    opened: bool
    link_due: bool = False
    person_known: bool = False


class Step(StrEnum):
    """What may stand between a right password and the pages."""

    CODE = "code"
    INFORMATION = "information"
    LINK = "link"
    PERSON = "person"
    EMAIL = "email"
    PASSWORD = "password"  # noqa: S105
    RULES = "rules"
    TERMS = "terms"
    WELCOME = "welcome"


_NEEDED: tuple[tuple[Step, Callable[[Progress], bool]], ...] = (
    (Step.CODE, lambda p: p.email_proved and not p.code_satisfied),
    (Step.INFORMATION, lambda p: not p.has_names),
    (Step.LINK, lambda p: p.link_due),
    (Step.PERSON, lambda p: not p.email_proved and p.person_known),
    (Step.EMAIL, lambda p: not p.email_proved),
    (Step.PASSWORD, lambda p: p.provisional),
    (Step.RULES, lambda p: p.rules_due),
    (Step.TERMS, lambda p: p.terms_due),
    (Step.WELCOME, lambda p: not p.opened),
)

FIRST_SIGN_IN = (Step.INFORMATION, Step.PASSWORD, Step.RULES, Step.TERMS)
"""The steps as the wizard counts them: the e-mail and its code belong to the first one."""


def next_step(progress: Progress) -> Step | None:
    """The first step still needed, or None when the pages are open."""
    return next((step for step, needed in _NEEDED if needed(progress)), None)


def is_open(step: Step, progress: Progress) -> bool:
    """Whether ``step`` may be shown now: it is needed and every step before it is done."""
    return next_step(progress) == step
