"""Reading the answers of a declaration one by one: each gives its value, or notes its sentence. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TypeVar

from parvis.declarations.kinds.kind import Ask, Question
from parvis.kit.days import read_day, read_day_or_month
from parvis.kit.money import read_amount
from parvis.kit.refusals import Refusal

T = TypeVar("T")

YES_NO = (("yes", "Oui"), ("no", "Non"))
YES_NO_UNKNOWN = (*YES_NO, ("unknown", "Je ne sais pas"))


class Answers:
    """What was typed for these questions. Reading notes what is missing or cannot be read, in :attr:`errors`."""

    def __init__(self, questions: Sequence[Question], typed: Mapping[str, str]) -> None:
        self.typed = typed
        self.errors: dict[str, str] = {}
        self._questions = {question.name: question for question in questions}
        for question in questions:
            if question.ask is Ask.MONTHS or not question.is_asked(typed):
                continue
            text = self.text(question.name)
            if len(text) > question.longest:
                self.errors[question.name] = f"{question.longest} caractères au maximum."
            elif not text and not question.optional:
                self.errors[question.name] = _missing(question)

    def text(self, name: str) -> str:
        """The words typed, without what nobody types; nothing where the question is not asked."""
        question = self._questions.get(name)
        if question is None or not question.is_asked(self.typed):
            return ""
        return typed_words(self.typed.get(name, ""))

    def choice(self, name: str) -> str:
        """One of the values offered, or nothing."""
        value = self.text(name)
        if value and name in self._questions and value not in dict(self._questions[name].choices):
            self.errors[name] = "Choisissez une des réponses proposées."
            return ""
        return value

    def words(self, name: str) -> str:
        """The words of the choice made."""
        return dict(self._questions[name].choices).get(self.choice(name), "") if name in self._questions else ""

    def day(self, name: str) -> date | None:
        """A day."""
        return self._read(name, read_day)

    def day_or_month(self, name: str) -> date | None:
        """A day, or a month for its first day."""
        return self._read(name, read_day_or_month)

    def cents(self, name: str, *, zero: str = "") -> int | None:
        """An amount; ``zero`` is the sentence where there must be one."""
        amount = self._read(name, read_amount)
        if amount is None:
            return None
        if amount.cents == 0 and zero:
            self.errors[name] = zero
        return amount.cents

    def number(self, name: str, low: int, high: int) -> int | None:
        """A whole number between two others."""
        text = self.text(name)
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) <= 6 and low <= int(text) <= high):
            self.errors[name] = f"Écrivez un nombre de {low} à {high}."
            return None
        return int(text)

    def _read(self, name: str, reader: Callable[[str], T]) -> T | None:
        text = self.text(name)
        if not text:
            return None
        try:
            return reader(text)
        except Refusal as refusal:
            self.errors[name] = of_any_amount(refusal)
            return None


def typed_words(text: str) -> str:
    """One line, without the signs that print nothing."""
    return "".join(sign for sign in " ".join(text.split()) if sign.isprintable()).strip()


def of_any_amount(refusal: Refusal) -> str:
    """The sentence of an amount that is not a rent."""
    return refusal.sentence.replace("Un loyer ne peut", "Un montant ne peut")


def _missing(question: Question) -> str:
    """Its own sentence, or the question again with what to do."""
    reply = "Choisissez une réponse." if question.choices else "Répondez à cette question."
    return question.missing or f"{question.label} {reply}"
