"""What is told at once of an ordinary line is what the whole rule says of it."""

from __future__ import annotations

from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.declarations.kinds.july_rent import assess, unusual, warnings_of
from parvis.declarations.kinds.july_rent.facts import Facts, is_share_asked, ready_cents
from parvis.kit.money import NotAnAmount, decimal, plain_cents, read_amount
from tests.factories.declarations import norms

rents = st.one_of(st.none(), st.integers(0, 300_000))
small = st.one_of(st.none(), st.integers(0, 20_000))


@st.composite
def lines(draw: st.DrawFn) -> tuple[Facts, int]:
    """A tenancy, and an amount that is often near one that means something."""
    facts = Facts(
        norms(draw(st.integers(2020, 2030))), draw(st.dates(date(2010, 1, 1), date(2030, 12, 31))), draw(rents), draw(rents),
        draw(small), draw(small), draw(st.integers(1, 4)), draw(st.sampled_from(["441", "202", "974"])),
        draw(st.booleans()),
    )  # fmt: skip
    last, known = facts.last_july_cents or 0, facts.known_rent_cents or 0
    near = draw(st.sampled_from([0, last, known, last + (facts.charges_cents or 0), known + (facts.charges_cents or 0),
                                 last - (facts.aid_cents or 0), known - (facts.aid_cents or 0), last * 10, last * 12,
                                 known * facts.lease_holders]))  # fmt: skip
    return facts, max(0, draw(st.one_of(st.integers(0, 400_000), st.integers(near - 60, near + last // 8 + 60))))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(lines())
def test_no_explanation_speaks_of_an_ordinary_amount(line: tuple[Facts, int]) -> None:
    facts, cents = line
    if warnings_of(cents, facts, has_previous=False) == ():
        assert all(check(cents, facts) is None for check in unusual._EXPLANATIONS)
        assert not is_share_asked(cents, facts)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(lines())
def test_a_line_told_at_once_is_ready_by_the_whole_rule(line: tuple[Facts, int]) -> None:
    facts, cents = line
    typed = decimal(cents).replace("\u00a0", "")
    told = ready_cents(facts, typed)
    if told is None:
        return
    found = assess(facts, typed=typed, previous_typed="511,00")
    assert (found.state, found.cents, found.warnings, found.previous_cents) == ("drafted", told, (), None)


@given(st.one_of(st.text("0123456789,. €-", max_size=12), st.from_regex(r"\A\d{1,9}([.,]\d{0,3})?\Z")))
def test_what_nobody_can_misread_is_read_as_the_whole_reading_does(written: str) -> None:
    told = plain_cents(written)
    if told is None:
        return
    try:
        assert read_amount(written).cents == told
    except NotAnAmount as refusal:
        raise AssertionError(f"{written} was read as {told}") from refusal


def test_most_lines_of_a_usual_file_are_told_at_once() -> None:
    facts = Facts(norms(2026), date(2020, 1, 1), 52_500, 52_500, 3_000, None)
    assert ready_cents(facts, "527,62") == 52_762
    for odd in ("", "à voir", "5255", "0", "400", "700", "555,20"):
        assert ready_cents(facts, odd) is None, odd
