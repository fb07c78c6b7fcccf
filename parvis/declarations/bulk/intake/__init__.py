"""A file comes in: kept, read at once when it is small, else by the worker; whatever cuts the work short, it goes on.

``receiving`` takes the file of one account, ``several`` one with the rents of several, which ``parting`` hands out line by line;
``working`` is what the worker does of both.
"""

from parvis.declarations.bulk.intake.receiving import abandon, choose_columns, receive
from parvis.declarations.bulk.intake.working import KEPT_FOR, MOST_TRIES, forget_old, work_one

__all__ = ["KEPT_FOR", "MOST_TRIES", "abandon", "choose_columns", "forget_old", "receive", "work_one"]
