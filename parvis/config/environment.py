"""Every variable an instance reads from its environment, each once: name, type, default, meaning.

A secret can also be given as a file: ``PARVIS_SECRET_KEY_FILE=/run/secrets/key`` is read like
``PARVIS_SECRET_KEY``.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from environs import Env

ROOT = Path(__file__).resolve().parents[2]

env = Env(expand_vars=False)
_file_env = Env(expand_vars=False)


class Mode(StrEnum):
    """What an instance is for. Only a demonstration or a training instance may live at another date."""

    PRODUCTION = "production"
    DEMONSTRATION = "demonstration"
    TRAINING = "training"
    TEST = "test"


def _secret(name: str, default: str | None = None) -> str:
    path = _file_env.str(f"{name}_FILE", "")
    if path:
        return Path(path).read_text(encoding="utf-8").strip()
    if default is None:
        return str(env.str(name))
    return str(env.str(name, default))


MODE = Mode(env.str("PARVIS_MODE", "production"))
"""production (default), demonstration, training or test."""

DATABASE_URL: str = env.str("DATABASE_URL")
"""PostgreSQL 15 or later: postgresql://user:password@host:5432/name."""

DATABASE_POOL: int = env.int("PARVIS_DATABASE_POOL", 0)
"""Largest number of connections a web process keeps; 0 means one connection, no pool."""

DATABASE_PREPARES: bool = env.bool("PARVIS_DATABASE_PREPARES", True)
"""Whether hot statements are prepared by the database; switch off behind a pooler that cannot follow (pgbouncer before 1.21)."""

DATABASE_LIMITS: bool = env.bool("PARVIS_DATABASE_LIMITS", True)
"""Whether a web process asks for its own limits as it connects; switch off behind pgbouncer, which would refuse: its role has them."""

AT_ONCE: int = env.int("PARVIS_AT_ONCE", 2)
"""Requests a web process works on at once: each has a connection to the database."""

IN_LINE: int = env.int("PARVIS_IN_LINE", 12)
"""Requests that may wait for their turn in a web process; further ones are refused at once (503)."""

SECRET_KEYS = [key.strip() for key in _secret("PARVIS_SECRET_KEY").split(",") if key.strip()] or [""]
"""Keys that sign cookies and receipts' verification codes, newest first: 50 random characters or more each, no comma in them.

The first one signs; what the others signed is still recognised. A receipt verifies as long as the key of its day is named.
"""
SECRET_KEY, *SECRET_KEYS_BEFORE = SECRET_KEYS

FIELD_KEYS = _secret("PARVIS_FIELD_KEYS")
"""Keys of encrypted fields, newest first: ``name:base64,name:base64``, 32 bytes each."""

INDEX_KEY = _secret("PARVIS_INDEX_KEY")
"""Key of the blind indexes that find a NIR or an IBAN: 32 bytes in base64. Never changes."""

AUDIT_KEY = _secret("PARVIS_AUDIT_KEY", "")
"""Key of the journal's chain: 32 random bytes in base64, in no backup of the database. Required in production; never changes."""

AUDIT_HEADS: str = env.str("PARVIS_AUDIT_HEADS", "")
"""File the heads of the journal's chain are added to, which another machine collects; empty: audit/heads.jsonl in PARVIS_VAR."""

METRICS_NETWORKS: list[str] = env.list("PARVIS_METRICS_NETWORKS", ["127.0.0.0/8", "::1/128"])
"""Networks that may read /metrics (``10.0.0.0/8``, comma separated); from anywhere else it does not exist."""

HOSTS: list[str] = env.list("PARVIS_HOSTS", ["localhost", "127.0.0.1"])
"""Host names this instance answers to."""

PUBLIC_URL: str = env.str("PARVIS_PUBLIC_URL", "http://localhost:8000").rstrip("/")
"""The address people type, as printed in e-mails and letters, without a final slash."""

AGENT_HOST: str = env.str("PARVIS_AGENT_HOST", "").lower()
"""Host name of the agents' entrance. When it is set, agents come in by it alone, and nothing else is served there."""

AGENT_NETWORKS: list[str] = env.list("PARVIS_AGENT_NETWORKS", [])
"""Networks agents come from (``10.0.0.0/8``, comma separated). Production starts only if they are said: ``0.0.0.0/0,::/0`` where
something else keeps everybody out of their host. Elsewhere none means from anywhere."""

HTTPS: bool = env.bool("PARVIS_HTTPS", True)
"""Whether people reach this instance over TLS: cookies are then __Host- and Secure, HSTS is sent."""

PROXY_COUNT: int = env.int("PARVIS_PROXY_COUNT", 0)
"""Number of our own proxies in front: how many entries of X-Forwarded-For are to be believed."""

EMAIL_HOST: str = env.str("PARVIS_EMAIL_HOST", "localhost")
EMAIL_PORT: int = env.int("PARVIS_EMAIL_PORT", 25)
EMAIL_USER: str = env.str("PARVIS_EMAIL_USER", "")
EMAIL_PASSWORD = _secret("PARVIS_EMAIL_PASSWORD", "")
EMAIL_TLS: bool = env.bool("PARVIS_EMAIL_TLS", False)
EMAIL_SENDER: str = env.str("PARVIS_EMAIL_SENDER", "Mon Compte Partenaire <ne-pas-repondre@parvis.example>")
"""The SMTP relay messages leave by, and who they are from."""

VAR: Path = Path(env.str("PARVIS_VAR", str(ROOT / "var")))
"""Folder of everything the instance writes outside the database."""

LETTERS: Path = Path(env.str("PARVIS_LETTERS", str(VAR / "letters")))
"""Folder where letters (PDF) are put for the printing house."""

INBOX: Path = Path(env.str("PARVIS_INBOX", str(VAR / "inbox")))
"""Folder where the office's information system puts its deliveries."""

OUTBOX: Path = Path(env.str("PARVIS_OUTBOX", str(VAR / "outbox")))
"""Folder where outgoing deliveries are written."""

MAILBOX: Path = Path(env.str("PARVIS_MAILBOX", str(VAR / "mailbox")))
"""Demonstration only: where the local SMTP server keeps what it receives."""


def refuse_unsafe_production() -> None:
    """Stop the start of a production instance that could not keep its promises (security.md §6, requirement 40)."""
    if MODE != Mode.PRODUCTION:
        return
    faults = []
    if any(len(key) < 50 for key in SECRET_KEYS):
        faults.append("PARVIS_SECRET_KEY must have 50 random characters or more.")
    if len(AUDIT_KEY) < 32:
        faults.append(
            "PARVIS_AUDIT_KEY must have 32 random characters or more, and be kept apart from the database's backups."
        )
    if not HTTPS and set(HOSTS) - {"localhost", "127.0.0.1"}:
        faults.append("PARVIS_HTTPS=false is for localhost only.")
    if HTTPS and not PUBLIC_URL.startswith("https://"):
        faults.append("PARVIS_PUBLIC_URL must be the https:// address that people type: letters print it.")
    if "*" in HOSTS:
        faults.append("PARVIS_HOSTS must name the hosts.")
    if faults:
        raise SystemExit("Parvis does not start:\n  " + "\n  ".join(faults))
