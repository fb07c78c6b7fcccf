from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from parvis.declarations import parameters
from parvis.declarations.kinds.july_rent import PREVIOUS_UNKNOWN, Level, assess, details, percent, warnings_of
from parvis.declarations.kinds.july_rent.facts import Facts
from parvis.declarations.parameters import zone_of, zones_without_index
from parvis.declarations.refusals import RentOutOfBounds
from parvis.declarations.rules import check_rent, is_previous_july_due
from parvis.kit.money import decimal
from tests.factories.declarations import norms

KNOWN = Facts(
    norms(2026),
    date(2021, 10, 24),
    last_july_cents=52_500,
    known_rent_cents=52_500,
    charges_cents=4_000,
    aid_cents=11_100,
)


def sentence(cents: int, facts: Facts = KNOWN) -> str:
    (warning,) = warnings_of(cents, facts, has_previous=False)
    return f"{warning.title} {warning.sentence}".strip().replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("cents", "code", "words", "remedy"),
    [
        (0, "zero", "Loyer à 0 € : logement gratuit ce mois-ci ?", None),
        (
            5_250,
            "ten_times_less",
            "52,50 € est 10 fois plus bas que juillet 2025. La virgule est peut-être mal placée.",
            52_500,
        ),
        (
            525_000,
            "ten_times_more",
            "5 250,00 € est 10 fois plus haut que juillet 2025. La virgule est peut-être mal placée.",
            52_500,
        ),
        (630_000, "twelve_times", "C’est 12 fois le loyer habituel : est-ce un montant annuel ?", 52_500),
        (
            41_400,
            "aid_deducted",
            "Ce montant ressemble au loyer moins l’aide (414,00 €). Déclarez le loyer complet.",
            52_500,
        ),
        (
            56_500,
            "charges_included",
            "Ce montant semble comprendre les charges (40,00 €). Déclarez le loyer hors charges.",
            52_500,
        ),
        (
            60_428,
            "increase_above_index",
            "+15,1 % par rapport à juillet 2025. L’indice des loyers autorise en général jusqu’à +1,40 % sur un an. "
            "Travaux, nouveau bail ? Confirmez. Sinon, corrigez.",
            None,
        ),
        (36_000, "decrease", "−31,4 % par rapport à juillet 2025. Baisse accordée, colocation ?", None),
    ],
)
def test_what_is_unusual_is_said_in_words(cents: int, code: str, words: str, remedy: int | None) -> None:
    (warning,) = warnings_of(cents, KNOWN, has_previous=False)
    assert warning.code == code
    assert sentence(cents) == words
    assert (warning.remedy.cents if warning.remedy else None) == remedy


@pytest.mark.parametrize("cents", [52_500, 53_100, 52_400, 40_000, 36_750])
def test_ordinary_rents_are_asked_nothing(cents: int) -> None:
    assert warnings_of(cents, KNOWN, has_previous=False) == ()


@pytest.mark.parametrize(
    ("year", "caf_code", "most"),
    [
        (2026, "441", 53_235),  # +1,40 % in metropolitan France
        (2026, "202", 53_235),  # +1,40 % in Corsica
        (2024, "202", 53_550),  # +2 %
        (2026, "974", 53_235),  # +1,40 % overseas
        (2025, "974", 53_812),  # +2,50 %
        (2023, "441", 54_390),  # +3,60 %
        (2031, "441", 57_750),
    ],
)
def test_an_increase_is_confirmed_beyond_the_index_of_its_zone_or_ten_percent(
    year: int, caf_code: str, most: int
) -> None:
    facts = KNOWN._replace(norms=norms(year), caf_code=caf_code, charges_cents=None, aid_cents=None)
    assert warnings_of(most, facts, has_previous=False) == ()
    (warning,) = warnings_of(most + 1, facts, has_previous=False)
    assert warning.code == "increase_above_index"
    assert (warning.sentence.startswith("L’indice")) is (most != 57_750)


def test_each_zone_names_its_own_index() -> None:
    overseas = KNOWN._replace(norms=norms(2025), caf_code="974", charges_cents=None, aid_cents=None)
    assert "L’indice des loyers autorise en général jusqu’à +2,50 % sur un an." in sentence(56_000, overseas)
    assert {zone_of(code) for code in ("201", "202")} == {"corsica"}
    assert {zone_of(code) for code in ("971", "972", "973", "974", "976")} == {"overseas"}
    assert {zone_of(code) for code in ("441", "751", "")} == {"metropole"}


@pytest.mark.parametrize(
    ("cents", "mended"),
    [(105_000, 52_500), (106_000, 53_000), (100_000, 50_000), (120_000, None), (70_000, None), (52_500, None)],
)
def test_the_rent_of_the_whole_lease_is_a_question_where_a_share_is_due(cents: int, mended: int | None) -> None:
    shared = KNOWN._replace(lease_holders=2, aid_cents=None, charges_cents=None, is_share_stated=True)
    found = [one for one in warnings_of(cents, shared, has_previous=False) if one.code == "whole_rent"]
    assert [one.remedy.cents for one in found if one.remedy] == ([mended] if mended else [])
    alone = KNOWN._replace(aid_cents=None, charges_cents=None)
    assert "whole_rent" not in {one.code for one in warnings_of(cents, alone, has_previous=False)}


def test_a_share_known_today_is_compared_with_even_if_the_whole_was_declared_last_july() -> None:
    shared = KNOWN._replace(lease_holders=2, last_july_cents=105_000, aid_cents=None, charges_cents=None)
    (warning,) = warnings_of(105_000, shared, has_previous=False)
    assert (warning.code, warning.remedy and warning.remedy.cents) == ("whole_rent", 52_500)
    assert "2 titulaires du bail" in sentence(105_000, shared)
    assert "Déclarez la part de ce locataire seulement." in sentence(105_000, shared)


@pytest.mark.parametrize(
    ("cents", "last", "known", "asked"),
    [
        (105_000, 105_000, None, True),  # the whole, declared last July as the help then asked
        (106_000, 105_000, 105_000, True),
        (52_500, 52_500, 52_500, True),
        (52_500, None, None, True),
        (52_500, 105_000, 52_500, False),  # half of what was declared: plainly the share
        (130_000, 105_000, 105_000, False),  # another question is
    ],
)
def test_whose_rent_it_is_is_asked_until_somebody_said(
    cents: int, last: int | None, known: int | None, asked: bool
) -> None:
    facts = Facts(norms(2026), date(2025, 10, 1), last, known, lease_holders=2)
    found = assess(facts, typed=decimal(cents))
    assert ("share_or_whole" in [one.code for one in found.pending]) is asked
    said = assess(facts._replace(is_share_stated=True), typed=decimal(cents)).pending
    assert "share_or_whole" not in [one.code for one in said]
    assert "share_or_whole" not in [
        one.code for one in warnings_of(cents, facts._replace(lease_holders=1), has_previous=False)
    ]
    if asked:
        (warning,) = [one for one in found.pending if one.code == "share_or_whole"]
        assert found.state == "to_confirm"
        assert warning.confirm.endswith("est bien la part de ce locataire")
        codes = tuple(one.code for one in found.pending)
        assert assess(facts, typed=decimal(cents), confirmed=codes).state == "drafted"


def test_what_leaves_says_whether_the_rent_is_a_share() -> None:
    assert details(KNOWN, 52_500, furnished=False, lease_holders=1)["amount_is"] == "whole"
    assert details(KNOWN, 52_500, furnished=False, lease_holders=3)["amount_is"] == "share"


@pytest.mark.parametrize(("cents", "asked"), [(36_750, False), (36_749, True)])
def test_a_decrease_is_confirmed_beyond_thirty_percent(cents: int, asked: bool) -> None:
    alone = KNOWN._replace(aid_cents=None)
    assert bool(warnings_of(cents, alone, has_previous=False)) is asked


def test_aid_paid_to_the_tenant_is_not_compared_with() -> None:
    assert warnings_of(41_400, KNOWN._replace(aid_cents=None), has_previous=False) == ()


def test_the_july_before_is_asked_when_the_tenancy_ran_then() -> None:
    unknown = KNOWN._replace(last_july_cents=None, aid_cents=None, charges_cents=None)
    assert assess(unknown, typed="410").state == "to_confirm"
    assert [warning.code for warning in assess(unknown, typed="410").pending] == [PREVIOUS_UNKNOWN]
    assert assess(unknown, typed="405", previous_typed="400").state == "drafted"
    assert assess(unknown, typed="405", previous_typed="400").previous_cents == 40_000
    assert assess(unknown, typed="410", confirmed=(PREVIOUS_UNKNOWN,)).state == "drafted"
    assert assess(unknown, typed="410", previous_typed="quatre cents").state == "to_correct"
    assert assess(unknown._replace(start_on=date(2025, 8, 1)), typed="410").state == "drafted"


def test_what_is_confirmed_is_ready() -> None:
    assert assess(KNOWN, typed="679").state == "to_confirm"
    assert assess(KNOWN, typed="679", confirmed=("increase_above_index",)).state == "drafted"
    assert assess(KNOWN, typed="45,50").state == "to_correct"
    assert assess(KNOWN, typed="45,50").pending[0].level is Level.LIKE_ERROR
    assert assess(KNOWN, typed="45,50", confirmed=("ten_times_less",)).state == "drafted"
    assert assess(KNOWN, typed="0").state == "to_confirm"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("abc", "« abc » n’est pas un montant. Écrivez par exemple 525,00."),
        ("525,125", "Deux chiffres après la virgule au maximum."),
        ("-525", "Un loyer ne peut pas être négatif."),
        ("100000", "Le loyer doit être compris entre 0,01 € et 99 999,99 €."),
        ("1234567", "Le loyer doit être compris entre 0,01 € et 99 999,99 €."),
        ("1.050", "« 1.050 » peut se lire 1 050,00 € ou 1,05 €. Écrivez-le avec une virgule, par exemple 1 050,00."),
    ],
)
def test_what_cannot_be_a_rent_is_refused_in_words(typed: str, words: str) -> None:
    found = assess(KNOWN, typed=typed)
    assert (found.state, found.cents) == ("to_correct", None)
    assert found.fault.replace("\u00a0", " ") == words


@pytest.mark.parametrize(
    ("usual", "typed", "words", "mended"),
    [
        (1_050_000, "105000", "105 000,00 € est 10 fois plus haut que juillet 2025. La virgule est peut-être mal placée.", 1_050_000),
        (105_000, "105000", "105 000,00 € est 100 fois plus haut que juillet 2025. La virgule est peut-être mal placée.", 105_000),
        (1_050_000, "126000", "C’est 12 fois le loyer habituel : est-ce un montant annuel ?", 1_050_000),
        (52_500, "999999", "Le loyer doit être compris entre 0,01 € et 99 999,99 €.", None),
    ],
)  # fmt: skip
def test_a_slip_beyond_what_can_be_sent_is_explained_and_mended(
    usual: int, typed: str, words: str, mended: int | None
) -> None:
    found = assess(KNOWN._replace(last_july_cents=usual, known_rent_cents=usual), typed=typed)
    assert (found.state, found.cents) == ("to_correct", None)
    assert found.fault.replace("\u00a0", " ") == words
    assert [remedy.cents for remedy in found.remedies] == ([mended] if mended else [])


def test_a_hundred_times_more_or_less_may_be_confirmed_where_it_can_be_sent() -> None:
    small = KNOWN._replace(last_july_cents=6_000, known_rent_cents=6_000, aid_cents=None, charges_cents=None)
    more = assess(small, typed="6000")
    assert (more.state, [one.code for one in more.pending]) == ("to_correct", ["hundred_times_more"])
    assert assess(small, typed="6000", confirmed=("hundred_times_more",)).state == "drafted"
    (less,) = assess(KNOWN, typed="5,25").pending
    assert less.code == "hundred_times_less"
    assert less.remedy is not None
    assert less.remedy.cents == 52_500


def test_two_readings_are_offered() -> None:
    assert [remedy.cents for remedy in assess(KNOWN, typed="1.050").remedies] == [105_000, 105]


def test_unusual_writings_are_shown_back() -> None:
    found = assess(KNOWN, typed="525.00 euros")
    assert found.cents == 52_500
    assert found.understood.replace("\u00a0", " ") == "« 525.00 euros » compris comme 525,00 €."
    assert assess(KNOWN, typed="525,00").understood == ""


@pytest.mark.parametrize("cents", [10_000_000, 99_999_999])
def test_rents_out_of_bounds_are_refused(cents: int) -> None:
    with pytest.raises(RentOutOfBounds, match="compris entre"):
        check_rent(cents, norms(2026).thresholds)


@pytest.mark.parametrize("cents", [0, 1, 99, 1_200_000, 9_999_999])
def test_rents_within_bounds_are_not(cents: int) -> None:
    check_rent(cents, norms(2026).thresholds)


def test_the_index_is_the_highest_that_a_lease_revised_between_the_two_julys_may_name() -> None:
    assert norms(2026).index_of("441") == Decimal("1.40"), "first quarter of 2025: a lease revised in August 2025"
    assert norms(2025).index_of("441") == Decimal("3.50")
    assert norms(2027).index_of("441") == Decimal("1.15"), "what is published so far"
    assert norms(2031).index_of("441") is None
    assert norms(2010).index_of("441") is None


def test_a_zone_whose_index_is_not_known_is_named() -> None:
    assert zones_without_index(norms(2031)) == ["la métropole", "la Corse", "l’outre-mer"]
    assert zones_without_index(norms(2026)) == []


def test_no_zone_is_left_behind_when_an_index_is_added() -> None:
    told = (Path(parameters.__file__).parent / "irl.csv").read_text(encoding="utf-8").splitlines()[1:]
    latest = max(int(line.split(",")[0]) for line in told)
    assert zones_without_index(norms(latest)) == []


def test_gaps_are_written_the_french_way() -> None:
    assert percent(52_500, 51_200) == "+2,5\u00a0%"
    assert percent(4_550, 45_500) == "−90,0\u00a0%"
    assert percent(51_200, 51_200) == "+0,0\u00a0%"


def test_the_july_before_is_due_where_the_tenancy_ran_then() -> None:
    assert is_previous_july_due(2026, start_on=date(2025, 7, 31), last_july_cents=None)
    assert not is_previous_july_due(2026, start_on=date(2025, 7, 31), last_july_cents=50_000)
