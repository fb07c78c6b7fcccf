"""What a production instance looks at before it starts: that its database was never a demonstration's, and its agents' door."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import OperationalError, connection

from parvis.config import environment

WORK_DATE = "parvis.E001"
OPEN_DOOR = "parvis.E002"
ANYWHERE = "0.0.0.0/0,::/0"
"""Every address there is, as an operator writes it."""


def no_work_date_in_production(**_: Any) -> list[CheckMessage]:
    """A work date in the database of a production instance is an error: this database lived at another date.

    Production never reads it; its presence says that invented people and letters are in there too.
    """
    if environment.MODE is not environment.Mode.PRODUCTION or not _lives_elsewhen():
        return []
    return [
        Error(
            "This database has a work date: it belongs to a demonstration or training instance.",
            hint="Give the production instance a database of its own.",
            id=WORK_DATE,
        )
    ]


def agents_come_by_a_door_of_their_own(**_: Any) -> list[CheckMessage]:
    """In production the agents' sign-in is open neither on the landlords' host nor, unless that is written, to everybody.

    Security.md §2.11 (T64) asks for another host, and for an allowlist. Networks that hold every address are an allowlist somebody
    decided on, for an entrance that a VPN or the proxy guards; on the landlords' host nothing guards it.
    """
    if environment.MODE is not environment.Mode.PRODUCTION:
        return []
    try:
        networks = [ip_network(network) for network in environment.AGENT_NETWORKS]
    except ValueError as fault:
        hint = "Write networks such as 10.0.0.0/8 in PARVIS_AGENT_NETWORKS, comma separated."
        return [Error(f"The agents' networks cannot be read: {fault}.", hint=hint, id=OPEN_DOOR)]
    if not environment.AGENT_HOST and (not networks or any(network.prefixlen == 0 for network in networks)):
        return [
            Error(
                "The agents' sign-in is open to the Internet on the landlords' host.",
                hint="Set PARVIS_AGENT_HOST, and PARVIS_AGENT_NETWORKS to the networks agents come from.",
                id=OPEN_DOOR,
            )
        ]
    if networks:
        return []
    return [
        Error(
            "Nothing says from which networks agents come.",
            hint=f"Set PARVIS_AGENT_NETWORKS; {ANYWHERE} if a VPN or the proxy keeps everybody else out of PARVIS_AGENT_HOST.",
            id=OPEN_DOOR,
        )
    ]


def refuse_to_serve() -> None:
    """Stop the start of the web server for the same reasons."""
    faults = [*no_work_date_in_production(), *agents_come_by_a_door_of_their_own()]
    if faults:
        raise SystemExit("Parvis does not start:\n  " + "\n  ".join(f"{fault.msg} {fault.hint}" for fault in faults))


def _lives_elsewhen() -> bool:
    """Whether the row is there. A database that cannot be reached, or has no tables yet, says nothing."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass('kit_work_date') IS NOT NULL")
            if cursor.fetchone() != (True,):
                return False
            cursor.execute("SELECT EXISTS (SELECT 1 FROM kit_work_date)")
            return bool(cursor.fetchone() == (True,))
    except OperationalError:
        return False
