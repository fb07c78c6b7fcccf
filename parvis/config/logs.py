"""Logs: one JSON object a line, without personal data; a last sieve takes out what looks like a NIR, an IBAN or an e-mail."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import MutableMapping
from datetime import UTC, datetime
from typing import Any

import structlog

_PERSONAL = re.compile(
    r"(?P<iban>\b[A-Z]{2}\d{2}[A-Z0-9]{11,30}\b)"
    r"|(?P<nir>\b[1-478]\d{4}(?:\d{2}|2[AB])\d{6}(?:\d{2})?\b)"
    r"|(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
)


def sieve(text: str) -> str:
    """``text`` with every IBAN, NIR and e-mail address replaced by its kind."""
    return _PERSONAL.sub(lambda found: f"[{found.lastgroup}]", text)


def _sieve_event(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = sieve(value)
    return event


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    _sieve_event,
]


class RequestLine(logging.Formatter):
    """The line of a request, written at each page: routes and figures, nothing typed, hence nothing to sieve."""

    def format(self, record: logging.LogRecord) -> str:
        """The fields the request log gave, in the shape of all other lines."""
        told = record.args if isinstance(record.args, dict) else {}
        moment = datetime.fromtimestamp(record.created, UTC).isoformat().replace("+00:00", "Z")
        return json.dumps({**told, "event": record.msg, "level": record.levelname.lower(), "timestamp": moment})


def configure() -> dict[str, Any]:
    """Set structlog up; the value is Django's LOGGING, so that other libraries' lines pass the same sieve."""
    # Nobody reads which thread or process wrote a line: a worker has one of each.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(ensure_ascii=False),
                ],
                "foreign_pre_chain": [structlog.stdlib.ExtraAdder(), *_SHARED],
            },
            "request": {"()": RequestLine},
        },
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": "json"},
            "requests": {"class": "logging.StreamHandler", "formatter": "request"},
        },
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            "parvis.request": {"handlers": ["requests"], "propagate": False},
            "django.server": {"level": "WARNING"},
            "django.request": {"level": "CRITICAL"},
            "django.security": {"level": "WARNING"},
            "django.security.DisallowedHost": {"level": "CRITICAL"},
        },
    }
