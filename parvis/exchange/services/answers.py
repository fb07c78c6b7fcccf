"""What the office answered, delivery by delivery: counted by the worker, for no page reads a million lines to show four numbers."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from parvis.kit.merging import execute

_COUNT = """
UPDATE exchange_outgoingdelivery d SET taken = n.taken, refused = n.refused, by_hand = n.by_hand, unanswered = n.unanswered,
  counted_at = %(at)s
FROM (
  SELECT o.id, count(*) FILTER (WHERE s.state IN ('integrated', 'done')) AS taken,
    count(*) FILTER (WHERE s.state IN ('rejected', 'refused')) AS refused,
    count(*) FILTER (WHERE s.state = 'manual') AS by_hand, count(*) FILTER (WHERE s.state = 'sent') AS unanswered
  FROM exchange_outgoingdelivery o LEFT JOIN LATERAL (
    SELECT x.state FROM exchange_outgoingline l JOIN declarations_declaration x ON x.id = l.declaration_id WHERE l.delivery_id = o.id
    UNION ALL
    SELECT y.state FROM exchange_outgoingchange c JOIN changes_changerequest y ON y.id = c.change_id WHERE c.delivery_id = o.id
  ) s ON true
  WHERE o.counted_at IS NULL OR o.unanswered + o.by_hand > 0 AND (o.counted_at <= %(at)s - interval '1 day' OR EXISTS (
    SELECT 1 FROM exchange_deliveryfile f WHERE f.kind = 'outcomes' AND f.loaded_at >= o.counted_at))
  GROUP BY o.id) n
WHERE n.id = d.id
"""


@transaction.atomic
def count_open(*, at: datetime) -> int:
    """Count those never counted, and those not wholly decided: after answers came, else once a day; how many deliveries.

    Once a day finds what comes without a file: what an agent settled, a landlord corrected, a set-aside line taken again.
    """
    return execute(_COUNT, {"at": at})
