"""How much one file may ask of us. Pure."""

from __future__ import annotations

LARGEST_FILE = 40_000_000
"""Bytes, as sent: our own table of 300,000 tenancies, filled, weighs 37 MB."""
LARGEST_UNPACKED = 250_000_000
"""Bytes of all members of an archive together, counted while inflating: what its header says is not believed."""
HIGHEST_RATIO = 150
"""Unpacked against packed, for archives that unpack to more than :data:`SMALL`. Real workbooks stay under 30."""
SMALL = 20_000_000
MOST_MEMBERS = 2_000
MOST_ROWS = 301_000
"""Rows of a sheet: our own table of 300,000 tenancies, with the head and the title lines people write above it."""
MOST_COLUMNS = 200
PART_ROWS = 2_000
"""Rows handed on at once to who wants a few columns."""
FIRST_ROWS = 200
"""Rows looked at before it is said which columns are wanted."""
LONGEST_CELL = 5_000
CPU_SECONDS = 20
WALL_SECONDS = 40
HEARD_SECONDS = 600
"""A reader waits for who hears it: while a hundred thousand lines are judged its clock runs, its CPU does not."""
MEMORY_BYTES = 900_000_000
"""Address space of the reading process; a sheet of 100,000 rows needs about a third of it."""
