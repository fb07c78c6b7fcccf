"""Taking offices and their processing times in, in sets: from a staging table of valid lines."""

from __future__ import annotations

from django.db import transaction

from parvis.kit.merging import Merged, execute, number, staging_name

_OFFICES = """
INSERT INTO landlords_office (caf_code, name, departments, address_1, address_2, postcode, city, email, landlord_email, phone,
  website)
SELECT caf_code, name, string_to_array(departments, ' '), COALESCE(address_1, ''), COALESCE(address_2, ''),
       COALESCE(postcode, ''), COALESCE(city, ''), COALESCE(email, ''), COALESCE(landlord_email, ''), COALESCE(phone, ''),
       COALESCE(website, '')
FROM {lines}
ON CONFLICT (caf_code) DO UPDATE SET ({told}) = ({delivered}) WHERE ({known}) IS DISTINCT FROM ({delivered})
"""
_TOLD = (
    "name",
    "departments",
    "address_1",
    "address_2",
    "postcode",
    "city",
    "email",
    "landlord_email",
    "phone",
    "website",
)
"""What a delivery says of an office; the names it had before are ours."""

_UNKNOWN_OFFICE = """
INSERT INTO {apart} (line, field, sentence, waits_for)
SELECT s.line, 'caf_code', 'La caisse « ' || s.caf_code || ' » n’est pas connue ici : livrez-la dans offices.csv.',
       'office ' || s.caf_code
FROM {lines} s WHERE NOT EXISTS (SELECT 1 FROM landlords_office o WHERE o.caf_code = s.caf_code)
"""

_TIMES = """
INSERT INTO landlords_processingtime (office_id, topic, min_weeks, max_weeks, measured_on)
SELECT caf_code, topic, min_weeks::smallint, max_weeks::smallint, measured_on::date
FROM {lines} s JOIN landlords_office USING (caf_code)
ON CONFLICT (office_id, topic, measured_on) WHERE changed_by = '' DO UPDATE SET (min_weeks, max_weeks)
  = (EXCLUDED.min_weeks, EXCLUDED.max_weeks)
WHERE (landlords_processingtime.min_weeks, landlords_processingtime.max_weeks)
  IS DISTINCT FROM (EXCLUDED.min_weeks, EXCLUDED.max_weeks)
"""
_TIMES_KNOWN = """
SELECT count(*) FROM {lines} s JOIN landlords_processingtime t
  ON t.office_id = s.caf_code AND t.topic = s.topic AND t.measured_on = s.measured_on::date AND t.changed_by = ''
"""


def put_aside_unknown_offices(lines: str, apart: str) -> int:
    """Let the lines of an office nobody told us about wait for it; how many."""
    return execute(_UNKNOWN_OFFICE.format(lines=staging_name(lines), apart=staging_name(apart)))


@transaction.atomic
def merge_offices(lines: str) -> Merged:
    """Add or change the offices of the staging table ``lines``. An office is never ended."""
    lines = staging_name(lines)
    total = number(f"SELECT count(*) FROM {lines}")
    known = number(f"SELECT count(*) FROM {lines} JOIN landlords_office USING (caf_code)")
    told, known_as = ", ".join(_TOLD), ", ".join(f"landlords_office.{column}" for column in _TOLD)
    delivered = ", ".join(f"EXCLUDED.{column}" for column in _TOLD)
    written = execute(_OFFICES.format(lines=lines, told=told, delivered=delivered, known=known_as))
    added = total - known
    return Merged(added, written - added, total - written)


@transaction.atomic
def merge_processing_times(lines: str, apart: str) -> Merged:
    """Add the measures of ``lines``, or correct those of the same day; those of an unknown office go to ``apart``."""
    lines = staging_name(lines)
    total = number(f"SELECT count(*) FROM {lines}") - put_aside_unknown_offices(lines, apart)
    known = number(_TIMES_KNOWN.format(lines=lines))
    written = execute(_TIMES.format(lines=lines))
    added = total - known
    return Merged(added, written - added, total - written)
