"""Enough of JSON Schema to hold our lines against what we publish; a word it does not know fails."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "null": (type(None),),
}
SAID = {"$schema", "title", "type", "properties", "required", "additionalProperties", "const", "enum", "pattern", "format",
        "minLength", "maxLength", "items", "minItems", "uniqueItems"}  # fmt: skip


def faults(value: Any, schema: dict[str, Any], where: str = "") -> list[str]:
    """What is wrong with a value, each with its place; nothing if all is well."""
    assert set(schema) <= SAID, set(schema) - SAID
    wanted = schema.get("type", [])
    types = tuple(kind for name in ([wanted] if isinstance(wanted, str) else wanted) for kind in TYPES[name])
    if types and not isinstance(value, types):
        return [f"{where}: type"]
    found = [f"{where}: const"] if "const" in schema and value != schema["const"] else []
    found += [f"{where}: enum"] if "enum" in schema and value not in schema["enum"] else []
    if isinstance(value, str):
        found += _of_text(value, schema, where)
    if isinstance(value, list):
        found += [f"{where}: items"] if len(value) < schema.get("minItems", 0) or len(set(value)) != len(value) else []
        found += [each for item in value for each in faults(item, schema.get("items", {}), f"{where}[]")]
    if isinstance(value, dict):
        known = schema["properties"]
        found += [f"{where}.{name}: missing" for name in schema["required"] if name not in value]
        found += [f"{where}.{name}: unknown" for name in value if name not in known]
        found += [
            each for name in value if name in known for each in faults(value[name], known[name], f"{where}.{name}")
        ]
    return found


def _of_text(value: str, schema: dict[str, Any], where: str) -> list[str]:
    found = [] if re.search(schema.get("pattern", ""), value) else [f"{where}: pattern"]
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", 10_000):
        found.append(f"{where}: length")
    readers = {"date": date.fromisoformat, "date-time": datetime.fromisoformat}
    if "format" in schema:
        try:
            readers[schema["format"]](value)
        except ValueError:
            found.append(f"{where}: format")
    return found
