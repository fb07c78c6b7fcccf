"""A real PostgreSQL for every test: embedded, or the one DATABASE_URL names."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import psycopg

from parvis.config import local


def _in_a_hurry(uri: str) -> None:
    """Nobody pulls the plug of a machine that tests, and its rows are of no use afterwards: nothing waits for the disk.

    Processes that tests kill lose nothing by it: only the machine's own end would.
    """
    with psycopg.connect(uri, autocommit=True) as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")


def _environment() -> None:
    folder = Path(tempfile.mkdtemp(prefix="parvis-"))
    folder.chmod(0o755)
    (folder / "static").mkdir()
    os.environ["PARVIS_VAR"] = str(folder)
    os.environ["PARVIS_MODE"] = "test"
    os.environ["PARVIS_HTTPS"] = "false"
    for name, value in local.own_keys(folder / "keys.env").items():
        os.environ[name] = value
    if not os.environ.get("DATABASE_URL"):
        server = local.start_postgres(folder / "postgres")
        os.environ["DATABASE_URL"] = server.get_uri()
        _in_a_hurry(server.get_uri())
        # Registered after the server's own clean-up, hence run before it would be too early: keep the folder until then.
        atexit.register(shutil.rmtree, folder, ignore_errors=True)


_environment()
