"""``parvis COMMAND``: Django's command line with the environment of a local instance completed where it is missing."""

from __future__ import annotations

import os
import sys

from parvis.config import local


def main() -> None:
    """Run one command."""
    if os.environ.get("PARVIS_MODE") == "production" and not os.environ.get("DATABASE_URL"):
        raise SystemExit(
            "DATABASE_URL manque\u00a0: une instance de production ne démarre pas de base de données à elle."
        )
    server = local.furnish()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["parvis", *sys.argv[1:]])
    del server


if __name__ == "__main__":
    main()
