"""``parvis COMMAND``: Django's command line with the environment of a local instance completed where it is missing."""

from __future__ import annotations

import os
import sys

from parvis.config import local


def main() -> None:
    """Run one command."""
    server = local.furnish()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["parvis", *sys.argv[1:]])
    del server


if __name__ == "__main__":
    main()
