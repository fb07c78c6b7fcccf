"""How much one paper may ask of us. Pure."""

from __future__ import annotations

CPU_SECONDS = 2
"""A scan of 5 MB asks a fifth of it; thousands of objects, drawn by hand to be slow, ask it all and are refused."""
WALL_SECONDS = 8
"""For those two seconds on a machine that is busy elsewhere."""
MEMORY_BYTES = 400_000_000
"""Address space of the looking process; the library alone takes a third of it."""
MOST_UNPACKED = 20_000_000
"""Bytes of all packed objects together, once unpacked."""
