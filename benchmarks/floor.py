"""The floor of a list page: a bare WSGI application, two SQL statements, string building; the same rows, the same words."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from html import escape
from typing import Any

import psycopg

connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
SESSION = """SELECT a.partner_id FROM identity_session s JOIN identity_account a ON a.credential_id = s.credential_id
WHERE s.token_hash = %s AND a.reference = %s"""
ROWS = """SELECT reference, last_name, first_name, claimant_number, address_1, postcode, city, rent_cents FROM tenancies_tenancy
WHERE landlord_id = %s AND end_on IS NULL AND absent_since IS NULL ORDER BY sort_name, id LIMIT 26"""


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer the list, or that the server is up."""
    path = environ["PATH_INFO"]
    if path == "/healthz":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"ok"]
    token = environ["HTTP_COOKIE"].partition("session=")[2].partition(";")[0]
    owner = connection.execute(
        SESSION, (hashlib.sha256(token.encode()).digest(), path.split("/")[2]), prepare=True
    ).fetchone()
    assert owner is not None
    rows = connection.execute(ROWS, owner, prepare=True).fetchall()
    parts = ['<!doctype html><html lang="fr"><title>Mes locataires</title><table>']
    for reference, last, first, number, address, postcode, city, rent in rows[:25]:
        parts.append(
            f'<tr><th><a href="{path}{reference}/">{escape(first)} {escape(last)}</a> {number}<td>{escape(address)} {postcode} '
            f"{escape(city)}<td>{rent // 100},{rent % 100:02d} €"
        )
    parts.append("</table></html>")
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
    return ["".join(parts).encode()]
