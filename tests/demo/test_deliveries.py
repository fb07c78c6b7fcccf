"""The deliveries of the demonstration are typed as the portal itself, and bear the names its cast bears."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

import parvis.demo
from parvis.demo import cast

DELIVERIES = Path(parvis.demo.__file__).parent / "deliveries"
FILES = sorted(DELIVERIES.glob("*/*.csv"))


@pytest.mark.parametrize("path", FILES, ids=[f"{path.parent.name}/{path.name}" for path in FILES])
def test_no_apostrophe_is_a_straight_one(path: Path) -> None:
    assert re.findall(r"\w'\w", path.read_text(encoding="utf-8")) == []


def test_an_organisation_of_the_cast_bears_its_name_in_the_deliveries() -> None:
    named = {}
    for path in sorted(DELIVERIES.glob("*/landlords.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter=";"):
                named[row["caf_code"], row["tiers_number"]] = row["company_name"]
    for role in (cast.TROIS_TILLEULS, cast.CONSEIL_GESTION):
        assert named[role.caf_code, role.number].startswith(role.title.removesuffix(", organisme"))
    assert named[cast.TROIS_TILLEULS.caf_code, cast.TROIS_TILLEULS.number] == "Agence des Trois Tilleuls"
