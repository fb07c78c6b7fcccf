"""The formats of exchange, published."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse

from parvis.changes.models import ChangeKind
from parvis.declarations.kinds import KINDS
from parvis.exchange.formats import FORMATS
from parvis.exchange.published import schemas

pytestmark = pytest.mark.django_db


def test_every_kind_that_leaves_has_its_published_schema() -> None:
    found = {(one.feed, one.name) for one in schemas()}
    assert found >= {("declarations", kind.code) for kind in KINDS.values()}
    assert found >= {("declarations", name) for name in ("line", "july_rent", "previous_july_rent", "withdrawal")}
    assert found >= {("changes", kind.value) for kind in ChangeKind}
    assert ("papers", "line") in found


def test_the_list_leads_to_each_as_programs_read_it() -> None:
    page = Client().get(reverse("formats")).content.decode()
    for one in schemas():
        address = reverse("format-schema", args=[one.feed, one.name])
        assert f'href="{address}"' in page
        answer = Client().get(address)
        assert answer.headers["Content-Type"] == "application/schema+json; charset=utf-8"
        assert json.loads(answer.content)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize(
    ("feed", "name"), [("declarations", "nothing"), ("nothing", "line"), ("changes", "..%2fmodels")]
)
def test_what_is_not_published_is_not_found(feed: str, name: str) -> None:
    assert Client().get(f"/formats-d-echange/{feed}/{name}.json").status_code == 404


def test_what_the_office_delivers_is_told_file_by_file_with_every_column() -> None:
    page = Client().get(reverse("formats")).content.decode()
    for format_ in FORMATS.values():
        assert f"{format_.kind}.csv" in page
        for column in format_.columns:
            assert f"{column.name}{'*' if column.required else ''}" in page
    assert "integrated, manual, rejected, paper_awaited" in page
    assert "rent_receipt" in page
