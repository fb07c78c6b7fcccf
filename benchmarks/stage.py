"""The stage of a run: a database of its own, a server, the process ids that count."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

from parvis.config import local

ROOT = Path(__file__).resolve().parents[1]
SHARED_BUFFERS = "2GB"
"""A quarter of the memory of a machine of 8 GB."""


class Stage:
    """An embedded PostgreSQL in a temporary folder, with Parvis' tables in it."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="parvis-bench-"))
        self.folder.chmod(0o755)
        os.environ.pop("DATABASE_URL", None)
        os.environ["PARVIS_VAR"] = str(self.folder)
        os.environ["PARVIS_MODE"] = "production"
        os.environ["PARVIS_HTTPS"] = "false"
        os.environ["PARVIS_AGENT_NETWORKS"] = "127.0.0.0/8"
        self.server: Any = local.furnish("production")
        self._advise()
        os.environ["DJANGO_SETTINGS_MODULE"] = "parvis.config.settings"
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)

    def _advise(self) -> None:
        """Give PostgreSQL the memory docs/operations.md asks for it, which peers and floors have too; beyond that, its defaults."""
        self.server.psql(f"ALTER SYSTEM SET shared_buffers = '{SHARED_BUFFERS}'")
        self.server.stop()
        self.server.start()

    @property
    def postgres_pid(self) -> int:
        """The postmaster, whose children are the backends."""
        return int(self.server.get_pid())

    def close(self) -> None:
        """Stop the database and forget it."""
        from django.db import connection

        connection.close()
        self.server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class WebServer:
    """granian as in production: two workers, one thread each."""

    def __init__(
        self,
        application: str,
        port: int,
        environment: dict[str, str] | None = None,
        *,
        granian: Path | None = None,
        threads: int = 1,
    ) -> None:
        self.port = port
        command = [
            str(granian or Path(sys.executable).with_name("granian")), "--interface", "wsgi", application, "--host", "127.0.0.1",
            "--port", str(port), "--workers", "2", "--blocking-threads", str(threads), "--no-ws", "--log-level", "error",
        ]  # fmt: skip
        env = {**os.environ, **(environment or {})}
        began = time.perf_counter()
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.start_seconds = self._wait(began)

    def _wait(self, began: float) -> float:
        while time.perf_counter() - began < 30:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2):
                    return time.perf_counter() - began
            except OSError:
                time.sleep(0.02)
        raise RuntimeError("The server does not answer.")

    def stop(self) -> None:
        """Stop it and wait."""
        self.process.terminate()
        self.process.wait(20)
