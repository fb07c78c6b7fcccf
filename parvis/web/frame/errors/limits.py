"""What a page may ask of the database: how long it waits for others and for an answer, and what is said when it is refused.

The limits stand on the connections of web processes alone (``parvis.config.limits``); workers, commands and imports have none.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import psycopg
from django.db import Error, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from psycopg import errors as told

from parvis.web.frame.errors.busy import Busy, busy

Answer = Callable[[HttpRequest], HttpResponse]
FULL = "parvis.full"
"""What the admission writes in the environment of a request it has no room for (``parvis.config.admission``)."""

_FILES = 60
LONGER = {
    **dict.fromkeys(
        (
            "payments-tenant-csv", "payments-tenant-xlsx", "payments-tenant-pdf", "payments-year-csv", "payments-year-xlsx",
            "payments-year-pdf", "payments-recoveries-csv", "payments-recoveries-xlsx", "payments-recoveries-pdf",
            "payments-statement-csv", "payments-statement-xlsx", "payments-statement-pdf", "rent-files-xlsx", "rent-files-ods",
            "rent-files-csv", "rent-file-annotated-xlsx", "rent-file-annotated-ods", "rent-file-annotated-csv", "tenants-export",
            "july-rents-paper-pdf",
            "july-rents-recap", "rents-across-paper-pdf", "rents-across-xlsx", "rents-across-ods", "rents-across-csv",
            "rents-across-file-annotated-xlsx", "rents-across-file-annotated-ods", "rents-across-file-annotated-csv",
            "payments-match", "payments-changes-csv", "payments-changes-xlsx", "agent-campaign-suspended-file",
            "profile-data-file", "receipt-pdf", "receipt-table", "profile-journal-csv", "rights-table-csv", "rights-table-xlsx",
            "file-looks-csv", "agent-delivery-csv", "agent-campaign-owing-file", "agent-campaign-file", "agent-journal-export",
            "agent-export-ask", "agent-export-file",
        ),
        _FILES,
    ),
    # A landlord's every rent in one transaction: three hundred thousand are one sending.
    "july-rents-submit": 60,
    "july-rents-prefill": 60,
    # Those of several accounts too, in one transaction: given up, nothing of any of them is kept, as is told.
    "rents-across-check": 60,
    "rents-across-prefill": 60,
    "metrics": 20,
}  # fmt: skip
"""Pages that read or write as many rows as somebody has, by name: seconds one statement of theirs may take, instead of five."""

_LOCKED = (told.LockNotAvailable, told.DeadlockDetected, told.SerializationFailure)
_AGAIN = (told.DeadlockDetected, told.SerializationFailure)
_AWAY = (
    told.AdminShutdown, told.CrashShutdown, told.CannotConnectNow, told.TooManyConnections, told.DiskFull, told.OutOfMemory,
    told.IdleInTransactionSessionTimeout, told.ReadOnlySqlTransaction,
)  # fmt: skip


class Limits:
    """Asks each page within its limits; once more what only reads, when the database had to choose between two; says no in words."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse what there is no room for; nothing is asked of the database for it."""
        return busy(request, Busy.FULL) if request.META.get(FULL) else self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: dict[str, Any]
    ) -> HttpResponseBase:
        """The page itself."""

        def asked() -> HttpResponseBase:
            with _room(request):
                return view(request, *args, **kwargs)

        try:
            try:
                return asked()
            except Error as error:
                if request.method not in ("GET", "HEAD") or not isinstance(error.__cause__, _AGAIN):
                    raise
                return asked()
        except Error as error:
            why = reason_of(error)
            if why is None:
                raise
            return busy(request, why)


def _room(request: HttpRequest) -> Any:
    """One transaction with a longer limit for the pages that have one: set for it alone, so that a pooler may share connections."""
    name = request.resolver_match.view_name if request.resolver_match else ""
    return _longer(LONGER[name]) if name in LONGER else nullcontext()


class _longer:  # noqa: N801 - read as a word: with _longer(60)
    def __init__(self, seconds: int) -> None:
        self._seconds, self._block = seconds, transaction.atomic()

    def __enter__(self) -> None:
        self._block.__enter__()
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [f"{self._seconds}s"])

    def __exit__(self, *raised: Any) -> None:
        self._block.__exit__(*raised)


def reason_of(error: Error) -> Busy | None:
    """What the database meant by refusing, as people are told it; None for what is our own fault."""
    cause = error.__cause__
    if isinstance(cause, _LOCKED):
        return Busy.LOCKED
    if isinstance(cause, told.QueryCanceled):
        return Busy.SLOW
    lost = isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError) and cause.sqlstate is None
    return Busy.AWAY if lost or isinstance(cause, _AWAY) else None
