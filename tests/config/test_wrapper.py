"""`parvis COMMAND` as it is installed: the environment it reads is the one systemd gives the services."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

WRAPPER = Path(__file__).parents[2] / "tools/systemd/parvis"
READ = {
    "T_PLAIN=p$HOME`id`$(id)": "p$HOME`id`$(id)",
    'T_DOUBLE="a b $X \\$Y \\"q\\" \\n"': 'a b $X $Y "q" \\n',
    "T_SINGLE='it $x \\ \"s\"'": 'it $x \\ "s"',
    "T_SPACED=postgresql:///a b  ": "postgresql:///a b",
    "T_ESCAPED=a\\ b'c\"d=e": "a b'c\"d=e",
    "  T_INDENTED = x": "x",
    "T_NOTHING=": "",
    'T_EMPTY=""': "",
}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    for name, script in (("id", "echo parvis"), ("python", "env")):
        (tmp_path / ".venv/bin").mkdir(parents=True, exist_ok=True)
        program = tmp_path / ".venv/bin" / name
        program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        program.chmod(0o755)
    (tmp_path / "worker.env").write_text("T_LAST=end", encoding="utf-8")
    return tmp_path


def asked(place: Path, written: str) -> subprocess.CompletedProcess[str]:
    (place / "env").write_text(written, encoding="utf-8")
    words = {
        "PATH": f"{place}/.venv/bin:{os.environ['PATH']}", "PARVIS_ETC": str(place), "PARVIS_HOME": str(place), "HOME": "/h",
    }  # fmt: skip
    return subprocess.run(["sh", str(WRAPPER), "verify"], env=words, capture_output=True, text=True, check=False)


def test_values_are_read_as_they_stand_and_never_run(place: Path) -> None:
    answer = asked(place, "# a comment\n\n; another\n" + "\n".join(READ) + "\n")
    assert answer.returncode == 0, answer.stderr
    told = dict(line.partition("=")[::2] for line in answer.stdout.splitlines() if line.startswith("T_"))
    assert told == {line.partition("=")[0].strip(): value for line, value in READ.items()} | {"T_LAST": "end"}


@pytest.mark.parametrize("line", ['T_A="kept', "T_A='kept", 'T_A="a"kept', "T_A='a'kept", "T_A=kept\\"])
def test_what_systemd_would_join_is_refused_by_name_without_its_value(place: Path, line: str) -> None:
    answer = asked(place, f"{line}\nT_B=b\n")
    assert answer.returncode == 78
    assert "T_A" in answer.stderr
    assert "kept" not in answer.stderr + answer.stdout
