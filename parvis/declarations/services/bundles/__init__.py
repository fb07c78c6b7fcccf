"""Declarations about one tenancy, one or several at once: chosen, answered, sent together under one receipt."""

from parvis.declarations.services.bundles.answering import answer, confirm
from parvis.declarations.services.bundles.choosing import abandon, ask_correction, choose, follow_up, remove
from parvis.declarations.services.bundles.handing_over import give_up_of_former_landlords
from parvis.declarations.services.bundles.reminding import confirm_departure, remind_due, remind_me
from parvis.declarations.services.bundles.sending import send

__all__ = [
    "abandon", "answer", "ask_correction", "choose", "confirm", "confirm_departure", "follow_up",
    "give_up_of_former_landlords", "remind_due", "remind_me",
    "remove", "send",
]  # fmt: skip
