"""What the offices of the demonstration measured in the year before it: so that their curves have twelve months."""

from __future__ import annotations

from datetime import date

from parvis.landlords.models import Office, ProcessingTime

FIRST_MONTH = (2025, 8)
WEEKS = {
    "housing_aid_claim": ((3, 4), (3, 5), (4, 6), (4, 6), (5, 7), (5, 8), (5, 7), (4, 6), (4, 6), (4, 5)),
    "mail": ((2, 3), (2, 3), (2, 4), (3, 4), (3, 5), (4, 6), (5, 6), (4, 6), (4, 5), (4, 5)),
    "direct_payment": ((2, 3), (2, 3), (2, 3), (3, 4), (3, 4), (3, 5), (3, 4), (2, 4), (2, 3), (2, 3), (2, 3)),
    "arrears": ((6, 8), (6, 8), (6, 9), (7, 9), (7, 10), (8, 10), (7, 9), (7, 9), (6, 8), (6, 8), (6, 8)),
    "bank_details": ((1, 2), (1, 2), (1, 2), (1, 3), (2, 3), (2, 3), (2, 3), (1, 3), (1, 2), (1, 2), (1, 2)),
}
"""From August 2025 on; of the first two, June 2026 came with the first delivery."""


def measure_the_year() -> None:
    """Add what is not there."""
    year, month = FIRST_MONTH
    measures = [
        ProcessingTime(
            office_id=code, topic=topic, min_weeks=low, max_weeks=high,
            measured_on=date(year + (month + rank - 1) // 12, (month + rank - 1) % 12 + 1, 23),
        )
        for code in Office.objects.values_list("caf_code", flat=True)
        for topic, months in WEEKS.items()
        for rank, (low, high) in enumerate(months)
    ]  # fmt: skip
    ProcessingTime.objects.bulk_create(measures, ignore_conflicts=True)
