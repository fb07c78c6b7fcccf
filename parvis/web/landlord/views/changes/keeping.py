"""What keeps the form of a change while it is being filled in: the page posts it by itself (``garder``), nothing is judged.

Without scripts nothing comes here, but a message that is about to be looked at once more (``keep_in_passing``). What is never kept,
the IBAN, is in no form's ``kept``.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.forms import MultipleChoiceField
from django.http import JsonResponse

from parvis.changes.models import DraftForm
from parvis.changes.selectors.drafts import Left, draft_of
from parvis.changes.services import drafts
from parvis.kit.periods import hour
from parvis.kit.refusals import Refusal
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.forms.changes.bank import BankForm
from parvis.web.landlord.forms.changes.information import KeyedForm

Fields = KeyedForm | BankForm


def asks_to_keep(request: PageRequest) -> bool:
    """Whether the page posts itself."""
    return request.method == "POST" and "garder" in request.POST


def kept_alone(request: PageRequest, form: DraftForm, fields: type[Fields], *, subject: str = "") -> JsonResponse:
    """Keep what its fields hold, and say when; what cannot be kept is said with the reason, and nothing is written."""
    try:
        seen = request.POST.get("version", "")
        saved = drafts.keep(
            form, _answers(request, fields), subject=subject, seen=seen, by=request.actor, at=request.now
        )
    except Refusal as refusal:
        return JsonResponse({"sentence": refusal.sentence}, status=409)
    return JsonResponse({"saved": f"Enregistré à {hour(request.now)}", "version": str(saved.version)})


def keep_meanwhile(request: PageRequest, form: DraftForm, fields: type[Fields]) -> None:
    """Keep what its fields hold while one looks for more to fill in; what cannot be kept is told on the page that follows."""
    try:
        drafts.keep(form, _answers(request, fields), by=request.actor, at=request.now)
    except Refusal as refusal:
        messages.error(request, f"Vos coches ne sont pas gardées\u00a0: {refusal.sentence}")


def keep_in_passing(request: PageRequest, form: DraftForm, fields: type[Fields]) -> None:
    """Keep what its fields hold as one goes on, for who has no script. What has left meanwhile comes back as no draft: nothing is
    said of it, for the page that follows has it all. An empty message is none."""
    if not request.POST.get("text", "").strip():
        return
    with suppress(Refusal):
        seen = request.POST.get("version", "")
        drafts.keep(form, _answers(request, fields), seen=seen, by=request.actor, at=request.now)


def _answers(request: PageRequest, fields: type[Fields]) -> dict[str, list[str]]:
    return {
        name: [value.replace("\x00", "") for value in request.POST.getlist(name)]
        for name in fields.kept
        if name in request.POST or isinstance(fields.base_fields[name], MultipleChoiceField)
    }


def left_in(request: PageRequest, form: DraftForm, *, subject: str = "") -> Left:
    """What this person had typed here and not sent."""
    return draft_of(request.actor, form, subject=subject)


def typed_before(left: Left, fields: type[Fields]) -> dict[str, Any]:
    """The same, as the first values of the form."""
    return {
        name: values if isinstance(fields.base_fields[name], MultipleChoiceField) else values[0]
        for name, values in left.answers.items()
        if name in fields.base_fields and (values or isinstance(fields.base_fields[name], MultipleChoiceField))
    }
