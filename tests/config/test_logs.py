import io
import json
import logging

import pytest
import structlog

from parvis.config.logs import sieve


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("IBAN FR7630003567230329491695382 refusé", "IBAN [iban] refusé"),
        ("NIR 295109912611193", "NIR [nir]"),
        ("NIR 253072B07300470", "NIR [nir]"),
        ("à jean.petit+caf@bailleur.example.", "à [mail]."),
        ("AR-2026-07-000123, D-2026-000000123-K, 441/0004647", "AR-2026-07-000123, D-2026-000000123-K, 441/0004647"),
    ],
)
def test_what_looks_personal_is_taken_out(text: str, clean: str) -> None:
    assert sieve(text) == clean


def test_a_log_line_is_json_and_passes_the_sieve() -> None:
    written = io.StringIO()
    configured = next(
        h for h in logging.getLogger().handlers if isinstance(h.formatter, structlog.stdlib.ProcessorFormatter)
    )
    handler = logging.StreamHandler(written)
    handler.setFormatter(configured.formatter)
    logging.getLogger().addHandler(handler)
    try:
        structlog.get_logger("test").warning("refused", who="jean@bailleur.example")
        logging.getLogger("library").error("cannot reach %s", "295109912611193")
    finally:
        logging.getLogger().removeHandler(handler)
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    assert lines[0]["who"] == "[mail]"
    assert lines[1]["event"] == "cannot reach [nir]"
