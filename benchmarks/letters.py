"""P9: the letter that brings an identifier, as PDF/UA, by our worker's typesetter and by WeasyPrint; one by one.

Each job is a process of its own (typst must not have run in one that forks) and says the CPU milliseconds of a letter.
"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

from benchmarks.measure import Line, interleaved
from benchmarks.peers import environment
from benchmarks.stage import ROOT, Stage

OURS, THEIRS = 120, 12
AT = datetime(2026, 9, 1, 8, tzinfo=UTC)


def run(stage: Stage) -> list[Line]:
    """CPU of one letter, ours and theirs, from the same words."""
    letters = json.dumps([_letter(number) for number in range(THEIRS)])
    peer = [str(environment.python()), str(ROOT / "benchmarks" / "peers" / "weasyprint_letters.py")]

    def here() -> float:
        return _milliseconds([sys.executable, "-m", "benchmarks.letters"], "")

    def there() -> float:
        return _milliseconds(peer, letters)

    ours, theirs = interleaved(("typst", here), ("WeasyPrint", there), unit="ms CPU", rounds=3)
    ratio = theirs.median / ours.median
    return [
        Line("P9", "letter of the identifier, PDF/UA, one by one, CPU", str(ours), f"WeasyPrint, same words, PDF/UA {theirs}",
             f"{ratio:.1f} × less", "≥ 7 × less", ratio >= 7),
    ]  # fmt: skip


def _milliseconds(command: list[str], given: str) -> float:
    told = subprocess.run(command, cwd=ROOT, input=given, capture_output=True, text=True, check=True).stdout
    return float(told.splitlines()[-1])


def _parts(number: int) -> tuple[Any, Any]:
    """A message as the queue holds it, and its words."""
    from parvis.correspondence.models import Message
    from parvis.correspondence.rendering import blocks
    from parvis.correspondence.rendering.texts import words_of

    context = {
        "account_name": f"Agence du Banc d’Essai {number}",
        "login_id": f"LOG{number:06d}A",
        "user_number": f"441{number:07d}0000",
        "office": {"name": "Caf de la Loire-Atlantique", "address": ["22 rue de Malville", "44937 NANTES CEDEX 9"], "phone": "3230"},
        "qr_path": "/connexion/",
    }  # fmt: skip
    window = [f"AGENCE DU BANC D ESSAI {number}", "1 RUE HAUTE", "44000 NANTES"]
    message = Message(number=f"L-2026-{number:06d}", to_address=window, context=context)
    return message, blocks.read(words_of("identity/letters/identifier", context))


def _letter(number: int) -> dict[str, Any]:
    """What both typesetters are told."""
    from parvis.correspondence.rendering import letters

    message, words = _parts(number)
    return letters._letter(message, words, AT)


def main() -> None:
    """Our job: typeset, and print the CPU milliseconds of one letter."""
    import time

    import django

    django.setup()
    from parvis.correspondence.rendering import letters

    made = [_parts(number) for number in range(OURS + 1)]
    letters.pdf_of(*made[0], at=AT)
    began = time.process_time()
    for message, words in made[1:]:
        assert letters.pdf_of(message, words, at=AT).startswith(b"%PDF")
    print((time.process_time() - began) / OURS * 1000)


if __name__ == "__main__":
    main()
