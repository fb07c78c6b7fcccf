"""Of which office a text is: an agent of some offices reads what was written for these, and of the others nothing.

Rooms above say it of each of their texts, beside the code that queues them. What nobody said is of an office: whoever is limited to
some reads it only where its context tells one of theirs.
"""

from __future__ import annotations

_of_everybody: set[str] = set()
_tells: set[str] = set()
_names_no_tenant: set[str] = set()


def of_everybody(room: str) -> None:
    """All texts of a room are of no office in particular: they are about access."""
    _of_everybody.add(room)


def tells_office(*templates: str) -> None:
    """The context of these always tells its office, as ``office`` (a name, or the head of a letter) or ``offices`` (names)."""
    _tells.update(templates)


def names_no_tenant(*templates: str) -> None:
    """These may tell no office, for they count for all offices together, or did before they told theirs: no tenant is named in them."""
    _names_no_tenant.update(templates)


def about_nobody() -> frozenset[str]:
    """The texts that may tell no office."""
    return frozenset(_names_no_tenant)


def everybodys() -> str:
    """A regular expression of the names of texts that are of no office in particular."""
    return f"^({'|'.join(sorted(_of_everybody))})/" if _of_everybody else "^$"


def is_said(template: str) -> bool:
    """Whether its room said, once, of which office a text is."""
    return (template.partition("/")[0] in _of_everybody) + (template in _tells) + (template in _names_no_tenant) == 1


def all_said() -> frozenset[str]:
    """The texts that were named, whether they exist or not."""
    return frozenset(_tells | _names_no_tenant)
