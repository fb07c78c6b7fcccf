"""Which of a person's accounts the lines of a table belong to: by their keys, else by the claimant, the office, the account named."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from parvis.declarations.bulk import columns, judging
from parvis.declarations.bulk.judging import Line
from parvis.declarations.selectors.across import DeclaringAccount, Hindrance, why_not_declaring
from parvis.kit.db import all_rows
from parvis.kit.money import NBSP
from parvis.kit.text import fold

# Whose key it is, is told to whoever has that account: a tenancy of anybody else is one that does not exist.
_BY_KEY = """
SELECT k.n, a.id, COALESCE(NULLIF(l.company_name, ''), btrim(l.first_name || ' ' || l.last_name))
FROM unnest(%(ordinals)s::int[], %(keys)s::uuid[]) AS k(n, key)
JOIN tenancies_tenancy t ON t.reference = k.key
JOIN identity_account a ON a.partner_id = t.landlord_id AND a.credential_id = %(credential)s
JOIN landlords_landlord l ON l.partner_id = t.landlord_id
"""
_BY_NUMBER = """
SELECT k.n, w.account, bool_or(e.tenancy_id IS NOT NULL)
FROM unnest(%(ordinals)s::int[], %(numbers)s::text[], %(offices)s::text[], %(owns)s::text[]) AS k(n, number, office, own)
JOIN tenancies_tenancy t ON t.claimant_number = k.number AND t.landlord_id = ANY(%(landlords)s)
  AND (k.office = '' OR t.caf_code = k.office) AND (k.own = '' OR k.own IN (t.own_reference, t.tenancy_ref))
JOIN unnest(%(accounts)s::bigint[], %(landlords)s::uuid[], %(limits)s::text[]) AS w(account, landlord_id, offices)
  ON w.landlord_id = t.landlord_id AND (w.offices = '' OR t.caf_code = ANY(string_to_array(w.offices, ',')))
LEFT JOIN declarations_campaignentry e ON e.tenancy_id = t.id AND e.year = %(year)s AND e.landlord_id = t.landlord_id
  AND NOT (e.state = 'out')
GROUP BY k.n, w.account
"""


class Asked(NamedTuple):
    """A line, and the account it names in words, if it has such a column."""

    line: Line
    account: str


class Belonging:
    """The accounts one person may declare for in a campaign, and which lines are whose."""

    def __init__(self, credential_id: int, year: int, accounts: Sequence[DeclaringAccount], *, at: datetime) -> None:
        self._credential, self._year, self._at = credential_id, year, at
        self._years = {year, *(account.year for account in accounts)}
        self.of_year = {account.id: account for account in accounts if account.year == year}
        self._of_other_years = {account.id: account for account in accounts if account.year != year}

    def found(self, asked: Sequence[Asked]) -> list[DeclaringAccount | str]:
        """For each line its account, or the sentence that says why it has none."""
        keys: list[tuple[int, str, int]] = []
        named: list[tuple[int, Line]] = []
        answers: list[DeclaringAccount | str] = [judging.unknown(one.line).fault for one in asked]
        for number, (line, _) in enumerate(asked):
            if told := columns.read_key(line.key):
                answers[number] = _UNKNOWN if told[0] == self._year else other_year(told[0], self._year)
                keys += [(number, str(told[1]), told[0])] if told[0] in self._years else []
            elif line.claimant and not judging.is_total(line):
                answers[number] = _unknown_claimant(line)
                named.append((number, line))
            elif line.key and not judging.is_total(line):
                answers[number] = _UNKNOWN
        self._by_key(keys, answers)
        self._by_number(named, asked, answers)
        return answers

    def _by_key(self, keys: list[tuple[int, str, int]], answers: list[DeclaringAccount | str]) -> None:
        """A key of this campaign, or of the one its account still declares for, is told its account."""
        if not keys:
            return
        numbers, references, years = zip(*keys, strict=True)
        values = {"ordinals": list(numbers), "keys": list(references), "credential": self._credential}
        year_of, closed = dict(zip(numbers, years, strict=True)), dict[int, list[tuple[int, str]]]()
        for number, account, name in all_rows(_BY_KEY, values):
            is_of_year, found, other = (
                year_of[number] == self._year, self.of_year.get(account), self._of_other_years.get(account),
            )  # fmt: skip
            if not isinstance(answers[number], str):
                continue
            if found and is_of_year:
                answers[number] = found
            elif other and (is_of_year or other.year == year_of[number]):
                answers[number] = _declares_other_year(other)
            elif is_of_year and not found:
                closed.setdefault(account, []).append((number, name))
        self._by_closed(closed, answers)

    def _by_closed(self, closed: dict[int, list[tuple[int, str]]], answers: list[DeclaringAccount | str]) -> None:
        """Lines of own accounts that may not declare are told why; unless another own account holds the same tenancy."""
        hindrances = why_not_declaring(closed, at=self._at) if closed else {}
        for account, lines in closed.items():
            for number, name in lines:
                if isinstance(answers[number], str):
                    answers[number] = _not_there(name, hindrances[account])

    def _by_number(
        self, named: list[tuple[int, Line]], asked: Sequence[Asked], answers: list[DeclaringAccount | str]
    ) -> None:
        if not named or not self.of_year:
            return
        accounts = list(self.of_year.values())
        values = {
            "ordinals": [number for number, _ in named],
            "numbers": [line.claimant for _, line in named],
            "offices": [line.office for _, line in named],
            "owns": [line.own for _, line in named],
            "accounts": [account.id for account in accounts],
            "landlords": [account.partner_id for account in accounts],
            "limits": [",".join(account.offices) for account in accounts],
            "year": self._year,
        }
        found: dict[int, list[tuple[DeclaringAccount, bool]]] = {}
        for number, account, is_to_declare in all_rows(_BY_NUMBER, values):
            found.setdefault(number, []).append((self.of_year[account], is_to_declare))
        for number, candidates in found.items():
            answers[number] = _one_of(candidates, asked[number])


def _one_of(candidates: list[tuple[DeclaringAccount, bool]], asked: Asked) -> DeclaringAccount | str:
    """Of several accounts with this claimant the one the line names, else the only one that has a rent of theirs to declare."""
    accounts = [account for account, _ in candidates]
    words = fold(asked.account).strip()
    named = [one for one in accounts if words and words in (fold(one.title), fold(one.name), fold(one.login_id))]
    declaring = [account for account, is_to_declare in candidates if is_to_declare]
    for few in (named, declaring, accounts):
        if len(few) == 1:
            return few[0]
    claimant = asked.line.claimant[:20]
    return f"Le n° allocataire {claimant} est dans plusieurs de vos comptes{NBSP}: ajoutez la clé ou la référence du logement."


_UNKNOWN = "Cette ligne ne correspond à aucun locataire de vos comptes. La colonne A a peut-être été modifiée."


def _unknown_claimant(line: Line) -> str:
    return f"N° allocataire {line.claimant[:20]} introuvable dans vos comptes. Parti{NBSP}? Autre compte{NBSP}?"


def other_year(theirs: int, year: int) -> str:
    """What is said of a line whose key is of another campaign than its account declares for."""
    return f"Cette ligne date de la campagne {theirs}. Téléchargez le fichier de {year}."


def _declares_other_year(account: DeclaringAccount) -> str:
    return f"Le compte {account.title} déclare les loyers de {account.year}{NBSP}: déposez cette ligne dans ce compte."


def _not_there(name: str, why: Hindrance) -> str:
    return f"Ce locataire est dans le compte {name}, {_WHY[why]}"


_WHY = {
    Hindrance.CLOSED: "qui est fermé.",
    Hindrance.NO_RIGHT: f"où vous n’avez pas le droit «{NBSP}Déclarer{NBSP}».",
    Hindrance.STEP: "où il vous reste une étape de connexion. Ouvrez ce compte, puis déposez le fichier de nouveau.",
    Hindrance.NO_CAMPAIGN: "où aucune campagne de loyers n’est ouverte.",
}
