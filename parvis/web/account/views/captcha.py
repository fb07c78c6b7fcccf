"""The picture and the sound of a captcha, and another one without leaving the page."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.identity.captcha import answers as services
from parvis.identity.captcha import picture, tokens
from parvis.identity.captcha import sound as voice
from parvis.kit.refusals import NotFound
from parvis.web.account.forms.captcha import WAYS, Asked
from parvis.web.frame.page import page, public
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest, address_of


@page(public)
def another(request: PageRequest) -> HttpResponse:
    """A fresh captcha as a piece of page, for those whose browser can put it in place of the former one."""
    if "HX-Request" not in request.headers:
        # A piece is no page: whoever comes here by the address bar is shown the way in.
        return HttpResponseRedirect(reverse("sign-in"))
    way = request.GET.get("captcha_again", "")
    asked = Asked(tokens.new(at=request.now), way if way in WAYS else WAYS[0], focused=True)
    return render(request, "account/captcha/another.html", {"asked": asked})


@page(public)
def image(request: PageRequest, token: str) -> HttpResponse:
    """The characters as a picture."""
    characters = _characters(request, token)
    if characters is None:
        return HttpResponse(status=429)
    return HttpResponse(picture.png(characters), content_type="image/png")


@page(public)
def sound(request: PageRequest, token: str) -> HttpResponse:
    """The same characters, spoken."""
    characters = _characters(request, token)
    if characters is None:
        return HttpResponse(status=429)
    return HttpResponse(voice.wav(characters), content_type="audio/wav")


def _characters(request: PageRequest, token: str) -> str | None:
    """What a captcha that may still be answered shows; None when this neighbourhood has had its share."""
    captcha = tokens.read(token)
    if captcha is None or not captcha.is_young(request.now):
        raise NotFound
    return tokens.characters(captcha) if services.may_draw(address_of(request), at=request.now) else None
