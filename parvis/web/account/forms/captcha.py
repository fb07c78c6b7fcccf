"""A captcha in a form: asked, checked last, and asked anew without losing what was typed.

A form that wants one derives from :class:`WithCaptcha` first, then from the design room's ``Form``; its template calls
``captcha_field(form)`` of ``account/captcha/field.html`` inside the form, anywhere before the button. The view:

    form = LostForm(request.POST or None, at=request.now)
    if form.wants_another or not form.is_valid():
        return _show(request, form)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms

from parvis.design.forms import Form
from parvis.identity.captcha import answers as services
from parvis.identity.captcha import tokens
from parvis.identity.captcha.answers import Answer

WAYS = ("image", "question")
LONGEST_TOKEN = 100

EMPTY = {"image": "Saisissez les caractères affichés.", "question": "Écrivez le résultat en chiffres."}
WRONG = {
    "image": "Ce ne sont pas les bons caractères. En voici d’autres.",
    "question": "Ce n’est pas le bon résultat. Voici une autre question.",
}
EXPIRED = "Cette vérification n’est plus valable. En voici une autre."


@dataclass(frozen=True, slots=True)
class Asked:
    """The captcha as the page shows it: its token, which way, what was typed so far; ``focused`` when just asked for."""

    token: str
    way: str
    typed: str = ""
    focused: bool = False

    @property
    def question(self) -> str:
        """The question in words."""
        captcha = tokens.read(self.token)
        return tokens.question(captcha)[0] if captcha else ""


class WithCaptcha(Form):
    """The three fields of a captcha, and the check that uses it up once all the rest of the form is well filled in.

    ``captcha_due=False`` makes a form without one, for pages that ask it only after failures.
    """

    captcha_token = forms.CharField(max_length=LONGEST_TOKEN, required=False, widget=forms.HiddenInput)
    captcha_way = forms.ChoiceField(choices=[(way, way) for way in WAYS], required=False)
    captcha = forms.CharField(label="Vérification de sécurité", max_length=40, required=False)

    def __init__(self, *args: Any, at: datetime, captcha_due: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at, self.captcha_due = at, captcha_due
        self._fresh: Asked | None = None
        if not captcha_due:
            for name in ("captcha_token", "captcha_way", "captcha"):
                del self.fields[name]

    @property
    def wants_another(self) -> bool:
        """Whether another captcha was asked for, instead of sending the form; what was typed then shows no faults."""
        asked_for = self.is_bound and "captcha_again" in self.data
        if asked_for:
            self._errors = forms.utils.ErrorDict()
        return asked_for

    def clean(self) -> dict[str, Any]:
        """Use the captcha up, unless something else must be corrected first."""
        cleaned = super().clean() or self.cleaned_data
        if self.captcha_due and not self.errors:
            self._check(str(cleaned.get("captcha_token", "")), str(cleaned.get("captcha", "")))
        return cleaned

    def _check(self, token: str, typed: str) -> None:
        if not typed:
            self.add_error("captcha", EMPTY[self._way])
            return
        answer = services.answer(token, typed, at=self.at)
        self._fresh = Asked(tokens.new(at=self.at), self._way)
        if answer is not Answer.RIGHT:
            self.add_error("captcha", WRONG[self._way] if answer is Answer.WRONG else EXPIRED)

    @property
    def asked(self) -> Asked:
        """The captcha to show: the same while it was not used up, else a fresh one."""
        if self._fresh is None:
            token = str(self.data.get("captcha_token", ""))[:LONGEST_TOKEN] if self.is_bound else ""
            captcha, again = tokens.read(token), self.is_bound and "captcha_again" in self.data
            kept = captcha is not None and captcha.is_young(self.at) and not again
            typed = str(self.data.get("captcha", ""))[:40] if kept else ""
            self._fresh = Asked(token if kept else tokens.new(at=self.at), self._way, typed, again)
        return self._fresh

    @property
    def _way(self) -> str:
        way = str(self.data.get("captcha_again") or self.data.get("captcha_way", "")) if self.is_bound else ""
        return way if way in WAYS else WAYS[0]
