"""The peers' own virtual environment, made once from pinned, hashed requirements."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = ROOT / "requirements" / "peers.txt"
VENV = ROOT / "var" / "peers"


def python() -> Path:
    """The interpreter of the peers' environment."""
    interpreter = VENV / "bin" / "python"
    mark = VENV / ".installed"
    if not mark.exists() or mark.read_text(encoding="utf-8") != REQUIREMENTS.read_text(encoding="utf-8"):
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
        pip = [str(interpreter), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--require-hashes"]
        subprocess.run([*pip, "-r", str(REQUIREMENTS)], check=True)
        mark.write_text(REQUIREMENTS.read_text(encoding="utf-8"), encoding="utf-8")
    return interpreter
