"""Every address says who may see it, and keeps to it: anonymous, stranger, owner."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Model, Q
from django.test import Client

from parvis.identity.models import Account
from parvis.tenancies.models import Tenancy
from tests.house.conftest import Landlord
from tests.house.routes import Route, every_route

ROUTES = every_route()
ACCOUNT = [route for route in ROUTES if "account" in route.needs]
OPEN = [route for route in ROUTES if "account" not in route.needs]
WRITING = [route for route in ROUTES if route.writes]
READING_ONLY = [route for route in ROUTES if not route.writes]
WRITES = ("INSERT", "UPDATE", "DELETE", "TRUNCATE", "COPY", "MERGE")
KEPT_ALIVE = 'UPDATE "identity_session" SET'
"""The one write of a GET: the session is not silent."""
NOTED = "INSERT INTO audit_entry"
"""And where a file of personal data leaves: who took it."""
KEYS = {"landlord_id", "partner_id", "account_id", "credential_id", "tenancy_id", "third_party_number_id"}
"""Columns that say whose a row is."""
NOT_CROSSED = {
    **dict.fromkeys(
        ("agents_alert", "agents_opening", "agents_viewing", "correspondence_returnedletter"),
        "read by agents alone: tests/web/backoffice/test_square.py crosses their offices",
    ),
    **dict.fromkeys(
        (
            "declarations_campaignreminder", "identity_datacopy", "identity_formermailbox", "identity_mailboxletter",
            "identity_onetimecode", "identity_pendingchange", "landlords_administratorconfirmation",
            "landlords_administratorreplacement", "landlords_handover", "landlords_membership", "landlords_removedadministrator",
            "landlords_rightsreview", "landlords_suspendedright", "landlords_unusedwarning", "landlords_withdrawndelegation",
            "opinions_asked", "tenancies_portfolioofficecount", "tenancies_transferchange",
        ),
        "no address names one: it is reached through its account, user, tenancy or transfer, which are crossed",
    ),
}  # fmt: skip
"""Tables with such a key of which these two landlords need no row, and why."""


def test_there_are_addresses() -> None:
    assert len(ROUTES) > 20
    assert len({route.name for route in ROUTES}) == len(ROUTES), "an address has no name, or another one's"


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_it_declares_its_access(route: Route) -> None:
    assert route.access is not None, "decorate the view with @page(access)"
    assert route.access.account == ("account" in route.needs)
    assert (
        route.path.endswith("/")
        or route.name in ("home", "health", "ready", "metrics")
        or "." in route.path.rsplit("/", 1)[-1]
    )


@pytest.mark.parametrize("route", ACCOUNT, ids=str)
def test_an_anonymous_finds_nothing(route: Route, owning: Landlord) -> None:
    address = route.address(owning.real)
    assert Client().get(address).status_code == 404
    if route.writes:
        assert Client().post(address).status_code == 404


@pytest.mark.parametrize("route", ACCOUNT, ids=str)
def test_a_stranger_finds_nothing(route: Route, owning: Landlord, stranger: Landlord) -> None:
    browser, address = stranger.owner.browser(), route.address(owning.real)
    assert browser.get(address).status_code == 404
    if route.writes:
        assert browser.post(address).status_code == 404


@pytest.mark.parametrize("route", [route for route in ACCOUNT if len(route.needs) > 1], ids=str)
def test_things_of_another_landlord_do_not_exist_under_ones_own_account(
    route: Route, owning: Landlord, stranger: Landlord
) -> None:
    address = route.address({**owning.real, "account": stranger.owner.account.reference})
    assert stranger.owner.browser().get(address).status_code == 404
    if route.writes:
        assert stranger.owner.browser().post(address).status_code == 404


@pytest.mark.parametrize("route", ACCOUNT, ids=str)
def test_the_owner_is_answered_and_reading_writes_nothing(route: Route, owning: Landlord) -> None:
    browser, written = owning.owner.browser(), []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        words = str(sql).lstrip(" (\n")
        if words.upper().startswith(WRITES) or " INTO " in words.upper().split("SELECT")[0]:
            written.append(words)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        answer = browser.get(route.address(owning.real))
    assert answer.status_code in (200, 302)
    allowed = (KEPT_ALIVE, NOTED) if "Content-Disposition" in answer.headers else KEPT_ALIVE
    assert [sql for sql in written if not sql.startswith(allowed)] == []


@pytest.mark.parametrize("route", OPEN, ids=str)
def test_anybody_is_answered_where_no_account_is_named(route: Route, owning: Landlord) -> None:
    status = Client().get(route.address(owning.real)).status_code
    assert status == 404 if route.access.demonstration else status in (200, 302)


@pytest.mark.parametrize("route", WRITING, ids=str)
def test_a_form_from_elsewhere_is_refused(route: Route, owning: Landlord) -> None:
    browser = owning.owner.browser()
    browser.handler.enforce_csrf_checks = True
    assert browser.post(route.address(owning.real)).status_code == 403


@pytest.mark.parametrize("route", READING_ONLY, ids=str)
def test_a_page_that_only_reads_takes_no_form(route: Route, owning: Landlord) -> None:
    assert owning.owner.browser().post(route.address(owning.real)).status_code in (404, 405)


def keys_of(model: type[Model]) -> list[str]:
    """The columns of a table that say whose its rows are."""
    return [field.attname for field in model._meta.concrete_fields if field.attname in KEYS]


KEYED = sorted((model for model in apps.get_models() if keys_of(model)), key=lambda model: model._meta.db_table)


def of(whose: Landlord, model: type[Model]) -> Q:
    """The rows of a table that are a landlord's, by whatever key."""
    landlord = whose.owner.landlord
    accounts = Account.objects.filter(partner_id=landlord.pk)
    values = {
        "landlord_id": [landlord.pk],
        "partner_id": [landlord.pk],
        "account_id": list(accounts.values_list("pk", flat=True)),
        "credential_id": list(accounts.values_list("credential_id", flat=True)),
        "tenancy_id": list(Tenancy.objects.filter(landlord=landlord).values_list("pk", flat=True)),
        "third_party_number_id": list(landlord.third_party_numbers.values_list("pk", flat=True)),
    }
    query = Q()
    for name in keys_of(model):
        query |= Q(**{f"{name}__in": values[name]})
    return query


@pytest.mark.parametrize("model", KEYED, ids=lambda model: str(model._meta.db_table))
def test_every_table_that_says_whose_it_is_stands_in_the_crossing(
    model: type[Model], owning: Landlord, stranger: Landlord
) -> None:
    """Two landlords are crossed over every address: of each such table both have a row, or it is said why not (decision 0024)."""
    here = [model._default_manager.filter(of(whose, model)).exists() for whose in (owning, stranger)]
    assert here == ([False, False] if model._meta.db_table in NOT_CROSSED else [True, True])
