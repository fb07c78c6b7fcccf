"""A real PostgreSQL for every test: embedded, or the one DATABASE_URL names."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from parvis.config import local


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
        # Registered after the server's own clean-up, hence run before it would be too early: keep the folder until then.
        atexit.register(shutil.rmtree, folder, ignore_errors=True)


_environment()
