"""How a search is read."""

from __future__ import annotations

import pytest

from parvis.tenancies.rules import NameMatch, read_search


@pytest.mark.parametrize("written", ["", "   ", "'", "-.-", "’"])
def test_nothing_to_look_for_is_no_search(written: str) -> None:
    assert read_search(written) is None


def test_a_name_is_looked_up_as_last_first_and_as_first_last() -> None:
    search = read_search("Lina MOREAU")
    assert search is not None
    assert search.names == (NameMatch("lina moreau"), NameMatch("moreau", "lina"), NameMatch("linamoreau"))


def test_case_accents_hyphens_and_titles_do_not_count() -> None:
    search = read_search("Mme  Noëlle L’Hermite")
    assert search is not None
    assert search.words == ("noelle", "l", "hermite")


@pytest.mark.parametrize(
    ("written", "bounds"),
    [
        ("1593739", ("1593739", "1593739")),
        ("1 593 739", ("1593739", "1593739")),
        ("1593\u00a0739", ("1593739", "1593739")),
        ("15937", ("1593700", "1593799")),
    ],
)
def test_digits_are_the_beginning_of_a_claimant_number(written: str, bounds: tuple[str, str]) -> None:
    search = read_search(written)
    assert search is not None
    assert search.number == bounds


@pytest.mark.parametrize("written", ["12", "12345678", "12 rue du Port", "²²²²"])
def test_other_writings_are_no_claimant_number(written: str) -> None:
    search = read_search(written)
    assert search is not None
    assert search.number is None
