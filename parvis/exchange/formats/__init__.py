"""The kinds of files, in the order they are loaded in: what a line names is loaded before the line."""

from __future__ import annotations

from parvis.exchange.formats.format import Format
from parvis.exchange.formats.july_rents import JULY_RENTS
from parvis.exchange.formats.landlords import LANDLORDS
from parvis.exchange.formats.offices import OFFICES
from parvis.exchange.formats.outcomes import OUTCOMES
from parvis.exchange.formats.payment_offers import PAYMENT_OFFERS
from parvis.exchange.formats.payments import PAYMENTS
from parvis.exchange.formats.processing_times import PROCESSING_TIMES
from parvis.exchange.formats.tenancies import TENANCIES

FORMATS: dict[str, Format] = {
    format_.kind: format_
    for format_ in (OFFICES, LANDLORDS, TENANCIES, JULY_RENTS, PAYMENTS, OUTCOMES, PAYMENT_OFFERS, PROCESSING_TIMES)
}
