"""Holding what leaves against the JSON Schemas we publish."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator


def schema_in(folder: Path, name: str) -> dict[str, Any]:
    """A published schema, itself held against the standard."""
    schema: dict[str, Any] = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return schema


def faults(value: Any, schema: dict[str, Any]) -> list[str]:
    """What is wrong with a value, each with its place; nothing if all is well."""
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]
