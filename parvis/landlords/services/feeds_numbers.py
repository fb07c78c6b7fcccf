"""Third-party numbers in sets: added, changed, gone from a full file."""

from __future__ import annotations

from datetime import date

from parvis.kit.merging import execute, number, rows, staging_name

_FIELDS = (
    "user_number, address_1, address_2, address_3, postcode, city, country, phone, phone_2, email, bic, account_holder,"
    " channel, iban_index"
)

# An IBAN is encrypted anew each time: its blind index says whether it is another one.
_WANTED = """
CREATE TEMP TABLE feed_wanted ON COMMIT DROP AS
SELECT k.line, k.number_id, k.landlord_id, s.caf_code, s.tiers_number, s.user_number,
       s.address_1, COALESCE(s.address_2, '') AS address_2, COALESCE(s.address_3, '') AS address_3, s.postcode, s.city,
       COALESCE(s.country, 'FR') AS country, COALESCE(s.phone, '') AS phone, COALESCE(s.phone_2, '') AS phone_2,
       COALESCE(s.email, '') AS email,
       COALESCE(s.bic, '') AS bic, COALESCE(s.account_holder, '') AS account_holder, COALESCE(s.channel, 'portal') AS channel,
       s.iban_index, s.iban_closed, COALESCE(s.iban_last4, '') AS iban_last4
FROM feed_owned k JOIN {lines} s ON s.line = k.line
"""
_CHANGE = f"""
WITH changed AS (
  UPDATE landlords_thirdpartynumber n SET (absent_since, iban, iban_last4, {_FIELDS})
    = (NULL, w.iban_closed, w.iban_last4, {", ".join(f"w.{name.strip()}" for name in _FIELDS.split(","))})
  FROM feed_wanted w WHERE w.number_id = n.id
    AND (n.absent_since IS NOT NULL OR ({", ".join(f"n.{name.strip()}" for name in _FIELDS.split(","))})
      IS DISTINCT FROM ({", ".join(f"w.{name.strip()}" for name in _FIELDS.split(","))}))
  RETURNING w.line)
INSERT INTO feed_touched SELECT line FROM changed
"""
_ADD = f"""
INSERT INTO landlords_thirdpartynumber (office_id, number, landlord_id, iban, iban_last4, {_FIELDS})
SELECT caf_code, tiers_number, landlord_id, iban_closed, iban_last4, {_FIELDS} FROM feed_wanted
WHERE number_id IS NULL ORDER BY line
"""

_ABSENT = """
CREATE TEMP TABLE feed_absent ON COMMIT DROP AS
SELECT n.id, n.office_id AS caf_code FROM landlords_thirdpartynumber n
WHERE n.absent_since IS NULL
  AND NOT EXISTS (SELECT 1 FROM {lines} s WHERE s.caf_code = n.office_id AND s.tiers_number = n.number)
"""
_COUNTED = """
SELECT n.office_id, count(*), (SELECT count(*) FROM feed_absent a WHERE a.caf_code = n.office_id)
FROM landlords_thirdpartynumber n WHERE n.absent_since IS NULL GROUP BY n.office_id ORDER BY n.office_id
"""


def merge_numbers(lines: str) -> tuple[int, int]:
    """Write the numbers of the lines that ``merge_landlords`` left in ``feed_owned``; how many lines added, how many changed."""
    execute("DROP TABLE IF EXISTS feed_wanted")
    execute(_WANTED.format(lines=staging_name(lines)))
    execute(_CHANGE)
    added = execute(_ADD)
    changed = number(
        "SELECT count(DISTINCT t.line) FROM feed_touched t JOIN feed_wanted w ON w.line = t.line WHERE w.number_id IS NOT NULL"
    )
    return added, changed


def note_absent_numbers(lines: str) -> list[tuple[str, int, int]]:
    """Note in ``feed_absent`` the numbers a full file does not name; per office: its code, how many active, how many absent."""
    execute("DROP TABLE IF EXISTS feed_absent")
    execute(_ABSENT.format(lines=staging_name(lines)))
    return [(str(code), int(active), int(missing)) for code, active, missing in rows(_COUNTED)]


def end_absent_numbers(on: date) -> int:
    """Mark what :func:`note_absent_numbers` noted as absent since ``on``; how many."""
    return execute(
        "UPDATE landlords_thirdpartynumber n SET absent_since = %s FROM feed_absent a WHERE a.id = n.id AND n.absent_since IS NULL",
        [on],
    )
