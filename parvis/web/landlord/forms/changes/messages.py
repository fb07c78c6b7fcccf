"""A message to one's office, and what is written after it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict

from parvis.changes.services.attachments import MOST
from parvis.contact.rules import LONGEST, LONGEST_ABOUT
from parvis.contact.selectors.own import Office
from parvis.contact.topics import TOPICS
from parvis.kit.refusals import Refusal
from parvis.web.landlord.forms.changes.information import KeyedForm
from parvis.web.landlord.forms.july import reference

_TEXT = {"required": "Écrivez votre message."}


class _WithFiles(KeyedForm):
    """Words, and files beside them."""

    text = forms.CharField(label="Message", widget=forms.Textarea, max_length=LONGEST, error_messages=_TEXT)
    papers = forms.FileField(label="Pièces", required=False)

    def refuse_papers(self, refusal: Refusal) -> None:
        """Say beside the field why a file is not taken."""
        refusal.field = "papers"
        self.refuse(refusal)


class ReplyForm(_WithFiles):
    """What one adds to a thread."""

    kept = ("text",)


class MessageForm(_WithFiles):
    """To which office, on what, about what."""

    kept = ("office", "topic", "about", "text")

    office = forms.ChoiceField(label="Caisse", error_messages={"required": "Choisissez une de vos caisses."})
    topic = forms.ChoiceField(
        label="Objet",
        choices=[("", "Choisir"), *((topic.code, topic.label) for topic in TOPICS.values())],
        error_messages={"required": "Choisissez un objet dans la liste."},
    )
    about = forms.CharField(label="Dossier concerné", max_length=LONGEST_ABOUT, required=False)

    field_order = ("office", "topic", "about", "text", "papers")

    def __init__(self, *args: Any, offices: Sequence[Office], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["office"]
        assert isinstance(field, forms.ChoiceField)
        choices = [(office.code, office.name) for office in offices]
        field.choices = choices if len(choices) == 1 else [("", "Choisir"), *choices]


def kept_in(posted: QueryDict) -> list[UUID]:
    """The files kept a page before."""
    return [found for text in posted.getlist("kept")[: MOST + 1] if (found := reference(text[:40]))]
