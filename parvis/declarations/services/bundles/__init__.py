"""Declarations about one tenancy, one or several at once: chosen, answered, sent together under one receipt."""

from parvis.declarations.services.bundles.answering import answer, confirm
from parvis.declarations.services.bundles.choosing import abandon, ask_correction, choose, remove
from parvis.declarations.services.bundles.sending import send

__all__ = ["abandon", "answer", "ask_correction", "choose", "confirm", "remove", "send"]
